"""The storyboard as it stands in the file; `machine` plays it."""

from __future__ import annotations

from concours.driving.scenarios.actions import (
    Action,
    GlobalAction,
    PrivateAction,
    UserDefinedAction,
)
from concours.driving.scenarios.conditions import Trigger
from concours.driving.scenarios.entities import EntityRef
from concours.driving.scenarios.enums import Priority
from concours.driving.scenarios.nodes import Node, Unsupported, child, inline, node, reference
from concours.driving.scenarios.parameters import ParameterDeclarations


@node
class Event(Node):
    """Actions that start together; without a start trigger, with the maneuver."""

    name: str = ""
    priority: Priority = Priority.PARALLEL
    maximum_execution_count: int = 1
    actions: tuple[Action, ...] = child("Action", default=())
    start_trigger: Trigger | None = child("StartTrigger", default=None)


@node
class Maneuver(Node):
    """Events."""

    name: str = ""
    parameter_declarations: ParameterDeclarations | None = None
    events: tuple[Event, ...] = child("Event", default=())


@node
class Actors(Node):
    """Who acts: the entities named, and where it is said, those that triggered the act."""

    select_triggering_entities: bool = False
    refs: tuple[EntityRef, ...] = child("EntityRef", default=())


@node
class ManeuverGroup(Node):
    """Maneuvers of the same actors."""

    name: str = ""
    maximum_execution_count: int = 1
    actors: Actors | None = None
    maneuvers: tuple[Maneuver, ...] = inline(default=())


@node
class Act(Node):
    """Maneuver groups between a start and a stop."""

    name: str = ""
    groups: tuple[ManeuverGroup, ...] = child("ManeuverGroup", default=())
    start_trigger: Trigger | None = child("StartTrigger", default=None)
    stop_trigger: Trigger | None = child("StopTrigger", default=None)


@node
class Story(Node):
    """Acts."""

    name: str = ""
    parameter_declarations: ParameterDeclarations | None = None
    acts: tuple[Act, ...] = child("Act", default=())


@node
class Private(Node):
    """The first actions of one entity."""

    entity_ref: str = reference("entity", "entityRef")
    actions: tuple[PrivateAction | Unsupported, ...] = child("PrivateAction", default=())


@node
class InitActions(Node):
    """What happens before the start."""

    global_actions: tuple[GlobalAction | Unsupported, ...] = child("GlobalAction", default=())
    user_defined: tuple[UserDefinedAction, ...] = child("UserDefinedAction", default=())
    privates: tuple[Private, ...] = child("Private", default=())


@node
class Init(Node):
    """The beginning."""

    actions: InitActions | None = child("Actions", default=None)


@node
class Storyboard(Node):
    """Everything that happens."""

    init: Init | None = None
    stories: tuple[Story, ...] = child("Story", default=())
    stop_trigger: Trigger | None = child("StopTrigger", default=None)
