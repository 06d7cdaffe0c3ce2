"""In which order the actions of Init begin: that of the file, but after what they go by.

The standard lets them begin together; so a file may put an entity beside one that stands further
down in it, or have it take that one's speed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from concours.driving.scenarios import actions as a
from concours.driving.scenarios import appearance, controllers, routing
from concours.driving.scenarios.machine.domains import needs_actor
from concours.driving.scenarios.machine.element import Element
from concours.driving.scenarios.nodes import Node
from concours.driving.scenarios.walking import reference_fields, walk

Fact = tuple[str, str]
"""An entity, and what an action settles of it: "place" or "speed"."""
Members = Callable[[str], Sequence[str]]

PASSES = 64
"""How many entities may stand one beside the other in reverse."""
_PUTS = (a.TeleportAction, routing.FollowTrajectoryAction)
_SPEEDS = (a.SpeedAction, a.SpeedProfileAction)
_ANYWHERE = (
    *_PUTS,
    *_SPEEDS,
    controllers.ControllerAction,
    controllers.ActivateControllerAction,
    appearance.LightStateAction,
    appearance.AnimationAction,
    appearance.VisibilityAction,
)


def in_order(elements: Sequence[Element], members: Members) -> list[Element]:
    """The elements of Init, each after those that settle what it goes by.

    Of those that go by each other in a circle the first begins first. Linear for a file in order.
    """
    left = [(each, set(_given(each, members)), set(_needed(each, members))) for each in elements]
    awaited = Counter(fact for _, given, _ in left for fact in given)
    ordered: list[Element] = []
    for _ in range(PASSES):
        later = []
        for each, given, needed in left:
            if any(awaited[fact] > (fact in given) for fact in needed):
                later.append((each, given, needed))
                continue
            ordered.append(each)
            awaited.subtract(given)
        if len(later) == len(left) and left:
            first, given, _ = later.pop(0)
            ordered.append(first)
            awaited.subtract(given)
        left = later
        if not left:
            break
    return ordered + [each for each, _, _ in left]


def _given(element: Element, members: Members) -> Iterator[Fact]:
    """What an action settles."""
    action = element.action
    if isinstance(action, a.EntityAction):
        if isinstance(action.action, a.AddEntityAction):
            yield from ((name, "place") for name in members(action.entity_ref))
        return
    what = "place" if isinstance(action, _PUTS) else "speed" if isinstance(action, _SPEEDS) else ""
    if what:
        yield from ((name, what) for actor in element.actors for name in members(actor))


def _needed(element: Element, members: Members) -> Iterator[Fact]:
    """What an action goes by as it begins."""
    action = element.action
    if action is None:
        return
    if needs_actor(action) and not isinstance(action, _ANYWHERE):
        yield from ((name, "place") for actor in element.actors for name in members(actor))
    for node in walk(action):
        if isinstance(node, a.EntityAction):
            continue
        what = (
            "speed" if isinstance(node, a.RelativeTargetSpeed | a.SpeedProfileAction) else "place"
        )
        yield from ((name, what) for ref in _referred(node) for name in members(ref))


def _referred(node: Node) -> Iterator[str]:
    """The entities that a node names."""
    for kind, field in reference_fields(type(node)):
        name = getattr(node, field)
        if kind == "entity" and name:
            yield name
