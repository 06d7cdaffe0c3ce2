"""Entities that nothing puts anywhere, as far as that can be proven from the file alone."""

from __future__ import annotations

from collections.abc import Iterator

from concours.driving.scenarios import actions as a
from concours.driving.scenarios.nodes import Node
from concours.driving.scenarios.routing import FollowTrajectoryAction
from concours.driving.scenarios.scenario import Scenario
from concours.driving.scenarios.storyboard import ManeuverGroup, Private
from concours.driving.scenarios.walking import walk


def unplaced(scenario: Scenario) -> list[str]:
    """Names of the entities that are never in the scene, in the order of the file. Linear.

    Placed is whom an action may teleport, lead along a trajectory or add, and whom somebody placed
    draws.
    """
    placed: set[str] = set()
    for name in _put(scenario):
        placed.update(scenario.members(name))
    drawn = {name: _trailer(scenario, name) for name in scenario.entities}
    while more := {drawn[name] for name in placed if drawn.get(name)} - placed:
        placed |= more
    return [name for name in scenario.entities if name not in placed]


def _put(scenario: Scenario) -> Iterator[str]:
    """Entities and selections that an action may put somewhere."""
    for node in walk(scenario.storyboard):
        match node:
            case a.EntityAction(entity_ref=name, action=a.AddEntityAction()):
                yield name
            case a.ConnectTrailerAction(trailer_ref=name):
                yield name
            case Private(entity_ref=name) if _teleports(node):
                yield name
            case ManeuverGroup(actors=actors) if actors is not None and _teleports(node):
                if actors.select_triggering_entities:
                    yield from scenario.entities  # whoever that will be
                yield from (ref.entity_ref for ref in actors.refs)


def _teleports(node: Node) -> bool:
    """Whether it puts somebody somewhere: a trajectory begins at its own start."""
    puts = (a.TeleportAction, FollowTrajectoryAction)
    return any(isinstance(each, puts) for each in walk(node))


def _trailer(scenario: Scenario, name: str) -> str:
    """Whom an entity draws by its own description, "" for nobody who has a name."""
    trailer = getattr(scenario.entities[name].entity, "trailer", None)
    return trailer.ref.entity_ref if trailer is not None and trailer.ref is not None else ""
