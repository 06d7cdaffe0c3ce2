"""The elements of a storyboard as they run, in one flat order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from concours.driving.scenarios.actions import Action
from concours.driving.scenarios.conditions import Trigger
from concours.driving.scenarios.enums import Priority
from concours.driving.scenarios.errors import Place
from concours.driving.scenarios.machine.host import HostAction, Running
from concours.driving.scenarios.machine.states import Kind, Move, State
from concours.driving.scenarios.machine.triggers import Watch
from concours.driving.scenarios.storyboard import Act, Event, Maneuver, ManeuverGroup, Storyboard


@dataclass(slots=True, eq=False)
class Element:
    """One element.

    order: its number in the storyboard, parents before children. marks: number of the last move of
    each kind, in the count of all moves. start, stop: triggers being watched, None where there is
    none. For actions: what is done, and the handles of those who do it.
    """

    kind: Kind
    name: str
    path: str
    place: Place
    parent: Element | None = None
    order: int = 0
    state: State = State.INIT
    executions: int = 0
    maximum: int = 1
    priority: Priority = Priority.PARALLEL
    start: Watch | None = None
    stop: Watch | None = None
    children: list[Element] = field(default_factory=list)
    marks: dict[Move, int] = field(default_factory=dict)
    action: HostAction | None = None
    actors: tuple[str, ...] = ()
    selects: bool = False
    running: dict[str | None, Running] = field(default_factory=dict)
    stopped: int = 0
    skipping: bool = False

    def inside(self) -> Iterator[Element]:
        """This element and all below, in order."""
        stack = [self]
        while stack:
            element = stack.pop()
            yield element
            stack.extend(reversed(element.children))

    def ancestors(self) -> Iterator[Element]:
        """This element, its parent, and so on."""
        element: Element | None = self
        while element is not None:
            yield element
            element = element.parent


def grow(
    storyboard: Storyboard,
) -> tuple[Element, list[tuple[Element, Trigger | None, Trigger | None]]]:
    """The root element, and for each element that has them its start and stop triggers."""
    root = Element(Kind.STORYBOARD, "storyBoard", "", storyboard.place)
    triggers: list[tuple[Element, Trigger | None, Trigger | None]] = [
        (root, None, storyboard.stop_trigger)
    ]
    for story in storyboard.stories:
        top = _child(root, Kind.STORY, story.name, story.place)
        for act in story.acts:
            _grow_act(top, act, triggers)
    for order, element in enumerate(root.inside()):
        element.order = order
    return root, triggers


def _grow_act(
    parent: Element, act: Act, triggers: list[tuple[Element, Trigger | None, Trigger | None]]
) -> None:
    element = _child(parent, Kind.ACT, act.name, act.place)
    triggers.append((element, act.start_trigger, act.stop_trigger))
    for group in act.groups:
        inner = _child(element, Kind.GROUP, group.name, group.place)
        inner.maximum = max(1, group.maximum_execution_count)
        _set_actors(inner, group)
        for maneuver in group.maneuvers:
            _grow_maneuver(inner, maneuver, triggers)


def _set_actors(element: Element, group: ManeuverGroup) -> None:
    if group.actors is not None:
        element.selects = group.actors.select_triggering_entities
        element.actors = tuple(ref.entity_ref for ref in group.actors.refs)


def _grow_maneuver(
    parent: Element,
    maneuver: Maneuver,
    triggers: list[tuple[Element, Trigger | None, Trigger | None]],
) -> None:
    element = _child(parent, Kind.MANEUVER, maneuver.name, maneuver.place)
    for event in maneuver.events:
        inner = _grow_event(element, event)
        triggers.append((inner, event.start_trigger, None))


def _grow_event(parent: Element, event: Event) -> Element:
    element = _child(parent, Kind.EVENT, event.name, event.place)
    element.maximum = max(1, event.maximum_execution_count)
    element.priority = event.priority
    for action in event.actions:
        _grow_action(element, action)
    return element


def _grow_action(parent: Element, action: Action) -> None:
    element = _child(parent, Kind.ACTION, action.name, action.place)
    element.action = action.action


def _child(parent: Element, kind: Kind, name: str, place: Place) -> Element:
    path = f"{parent.path}::{name}" if parent.path else name
    element = Element(kind, name, path, place, parent)
    parent.children.append(element)
    return element
