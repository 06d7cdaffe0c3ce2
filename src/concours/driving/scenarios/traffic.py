"""Traffic that is not written down one by one: sources, sinks, swarms, areas."""

from __future__ import annotations

from concours.driving.scenarios.entities import (
    Controller,
    EntityObject,
    ObjectController,
    Properties,
)
from concours.driving.scenarios.enums import Role, VehicleCategory
from concours.driving.scenarios.nodes import Node, attribute, child, inline, node, reference
from concours.driving.scenarios.positions import Position


@node
class Range(Node):
    """From, to."""

    lower_limit: float
    upper_limit: float


@node
class VehicleCategoryDistributionEntry(Node):
    """A category and its weight."""

    category: VehicleCategory
    weight: float


@node
class VehicleCategoryDistribution(Node):
    """Which vehicles."""

    entries: tuple[VehicleCategoryDistributionEntry, ...] = child(
        "VehicleCategoryDistributionEntry", default=()
    )


@node
class VehicleRoleDistributionEntry(Node):
    """A role and its weight."""

    role: Role
    weight: float


@node
class VehicleRoleDistribution(Node):
    """Which roles."""

    entries: tuple[VehicleRoleDistributionEntry, ...] = child(
        "VehicleRoleDistributionEntry", default=()
    )


@node
class ControllerDistributionEntry(Node):
    """A controller and its weight."""

    weight: float
    controller: Controller = inline()


@node
class ControllerDistribution(Node):
    """Which drivers."""

    entries: tuple[ControllerDistributionEntry, ...] = child(
        "ControllerDistributionEntry", default=()
    )


@node
class TrafficDefinition(Node):
    """What the traffic is made of."""

    name: str = ""
    categories: VehicleCategoryDistribution | None = child(
        "VehicleCategoryDistribution", default=None
    )
    roles: VehicleRoleDistribution | None = child("VehicleRoleDistribution", default=None)
    controllers: ControllerDistribution | None = child("ControllerDistribution", default=None)


@node
class ScenarioObjectTemplate(Node):
    """An entity to make copies of (1.3)."""

    entity: EntityObject | None = inline(default=None)
    controllers: tuple[ObjectController, ...] = child("ObjectController", default=())


@node
class EntityDistributionEntry(Node):
    """A template and its weight."""

    weight: float
    template: ScenarioObjectTemplate = child("ScenarioObjectTemplate")


@node
class EntityDistribution(Node):
    """Which entities."""

    entries: tuple[EntityDistributionEntry, ...] = child("EntityDistributionEntry", default=())


@node
class TrafficDistributionEntry(Node):
    """A kind of traffic and its weight."""

    weight: float
    entities: EntityDistribution = child("EntityDistribution")
    properties: Properties | None = None


@node
class TrafficDistribution(Node):
    """What the traffic is made of (1.3)."""

    entries: tuple[TrafficDistributionEntry, ...] = child("TrafficDistributionEntry", default=())


@node
class TrafficSourceAction(Node):
    """Entities appear in a circle: rate a second, speed in m/s."""

    position: Position = child("Position")
    radius: float
    rate: float
    speed: float | None = attribute("speed", "velocity", default=None)
    definition: TrafficDefinition | None = child("TrafficDefinition", default=None)
    distribution: TrafficDistribution | None = child("TrafficDistribution", default=None)


@node
class TrafficSinkAction(Node):
    """Entities vanish in a circle, `rate` a second at most."""

    position: Position = child("Position")
    radius: float
    rate: float | None = None
    definition: TrafficDefinition | None = child("TrafficDefinition", default=None)


@node
class CentralSwarmObject(Node):
    """The entity that the swarm goes with."""

    entity_ref: str = reference("entity", "entityRef", "name")


@node
class DirectionOfTravelDistribution(Node):
    """Weights of the same and the opposite direction."""

    same: float
    opposite: float


@node
class TrafficSwarmAction(Node):
    """Entities around one entity, inside an ellipse and outside a circle."""

    central: CentralSwarmObject = child("CentralObject")
    semi_major_axis: float
    semi_minor_axis: float
    inner_radius: float
    offset: float = 0.0
    number_of_vehicles: int
    velocity: float | None = None
    initial_speed: Range | None = child("InitialSpeedRange", default=None)
    directions: DirectionOfTravelDistribution | None = child(
        "DirectionOfTravelDistribution", default=None
    )
    definition: TrafficDefinition | None = child("TrafficDefinition", default=None)
    distribution: TrafficDistribution | None = child("TrafficDistribution", default=None)


@node
class Polygon(Node):
    """An area by its corners."""

    positions: tuple[Position, ...] = child("Position", default=())


@node
class Lane(Node):
    """A lane."""

    id: int


@node
class RoadCursor(Node):
    """A point on a road, and the lanes meant."""

    road_id: str
    s: float | None = None
    lanes: tuple[Lane, ...] = child("Lane", default=())


@node
class RoadRange(Node):
    """A stretch along roads."""

    length: float | None = None
    cursors: tuple[RoadCursor, ...] = child("RoadCursor", default=())


@node
class TrafficArea(Node):
    """Where the traffic is."""

    polygon: Polygon | None = None
    ranges: tuple[RoadRange, ...] = child("RoadRange", default=())


@node
class TrafficAreaAction(Node):
    """Entities inside an area (1.3)."""

    continuous: bool
    number_of_entities: int
    distribution: TrafficDistribution = child("TrafficDistribution")
    area: TrafficArea = child("TrafficArea")


@node
class TrafficStopAction(Node):
    """Ends the traffic action of that name."""


@node
class TrafficAction(Node):
    """Traffic, by a name under which it can be stopped."""

    traffic_name: str = ""
    action: (
        TrafficSourceAction
        | TrafficSinkAction
        | TrafficSwarmAction
        | TrafficAreaAction
        | TrafficStopAction
    ) = inline()
