"""Who takes part: vehicles, pedestrians, things, their controllers, and selections of them."""

from __future__ import annotations

import math

from concours.driving.scenarios.enums import (
    ControllerType,
    ObjectType,
    PedestrianCategory,
    Role,
    VehicleCategory,
)
from concours.driving.scenarios.nodes import (
    Node,
    attribute,
    child,
    expected,
    inline,
    node,
    reference,
    text,
)
from concours.driving.scenarios.parameters import ParameterDeclarations


@node
class Property(Node):
    """A name and a value that tools agree on among themselves."""

    name: str
    value: str = ""


@node
class File(Node):
    """A file by its path."""

    filepath: str


@node
class CustomContent(Node):
    """Text for tools."""

    content: str = text()


@node
class Properties(Node):
    """What the standard leaves to tools."""

    properties: tuple[Property, ...] = child("Property", default=())
    files: tuple[File, ...] = child("File", default=())
    custom: tuple[CustomContent, ...] = child("CustomContent", default=())

    def get(self, name: str) -> str | None:
        """The value of the first property of that name."""
        return next((each.value for each in self.properties if each.name == name), None)


@node
class Center(Node):
    """The middle of the box from the entity's reference point (m)."""

    x: float = expected(0.0)
    y: float = expected(0.0)
    z: float = expected(0.0)


@node
class Dimensions(Node):
    """The box's size (m)."""

    width: float
    length: float
    height: float


@node
class BoundingBox(Node):
    """A box that holds the entity."""

    center: Center
    dimensions: Dimensions


@node
class Performance(Node):
    """What a vehicle can do (m/s, m/s2, m/s3)."""

    max_speed: float = expected(math.inf)
    max_acceleration: float = expected(math.inf)
    max_deceleration: float = expected(math.inf)
    max_acceleration_rate: float | None = None
    max_deceleration_rate: float | None = None


@node
class Axle(Node):
    """One axle: steering (rad), diameter, track, place (m)."""

    max_steering: float = expected(0.0)
    wheel_diameter: float = expected(0.0)
    track_width: float = expected(0.0)
    position_x: float = expected(0.0)
    position_z: float = expected(0.0)


@node
class Axles(Node):
    """A vehicle's axles."""

    front: Axle | None = child("FrontAxle", default=None)
    rear: Axle | None = child("RearAxle", default=None)
    additional: tuple[Axle, ...] = child("AdditionalAxle", default=())


@node
class TrailerHitch(Node):
    """Where a trailer is hung on (m)."""

    dx: float
    dz: float | None = None


@node
class TrailerCoupler(Node):
    """Where a trailer hangs (m)."""

    dx: float
    dz: float | None = None


@node
class EntityRef(Node):
    """An entity by its name."""

    entity_ref: str = reference("entity", "entityRef")


@node
class TrailerRef(Node):
    """A trailer by its name; "" is none."""

    entity_ref: str = reference("trailer", "entityRef")


@node
class Trailer(Node):
    """A trailer: an entity of its own, or one that is named."""

    trailer: ScenarioObject | None = child("Trailer", default=None)
    ref: TrailerRef | None = child("TrailerRef", default=None)


@node
class Vehicle(Node):
    """A vehicle."""

    name: str = ""
    vehicle_category: VehicleCategory = VehicleCategory.CAR
    role: Role = Role.NONE
    mass: float | None = None
    model3d: str | None = None
    parameter_declarations: ParameterDeclarations | None = None
    bounding_box: BoundingBox | None = None
    performance: Performance | None = None
    axles: Axles | None = None
    properties: Properties | None = None
    hitch: TrailerHitch | None = child("TrailerHitch", default=None)
    coupler: TrailerCoupler | None = child("TrailerCoupler", default=None)
    trailer: Trailer | None = None


@node
class Pedestrian(Node):
    """A person, a wheelchair, an animal."""

    name: str = ""
    pedestrian_category: PedestrianCategory = PedestrianCategory.PEDESTRIAN
    role: Role = Role.NONE
    mass: float | None = None
    model: str | None = None
    model3d: str | None = None
    parameter_declarations: ParameterDeclarations | None = None
    bounding_box: BoundingBox | None = None
    properties: Properties | None = None


@node
class MiscObject(Node):
    """Anything else; the category is kept as text, for tools have their own."""

    name: str = ""
    misc_object_category: str = "none"
    mass: float | None = None
    model3d: str | None = None
    parameter_declarations: ParameterDeclarations | None = None
    bounding_box: BoundingBox | None = None
    properties: Properties | None = None


@node
class ExternalObjectReference(Node):
    """An entity that the simulator brings along."""

    name: str


EntityObject = Vehicle | Pedestrian | MiscObject | ExternalObjectReference


@node
class Controller(Node):
    """Whoever drives an entity, as the file names them."""

    name: str = ""
    controller_type: ControllerType | None = None
    parameter_declarations: ParameterDeclarations | None = None
    properties: Properties | None = None


@node
class ObjectController(Node):
    """A controller that an entity starts with."""

    name: str = ""
    controller: Controller | None = inline(default=None)


@node
class ScenarioObject(Node):
    """An entity of the scenario. Without an object (some files) it is the driver under test."""

    name: str
    entity: EntityObject | None = inline(default=None)
    controllers: tuple[ObjectController, ...] = child("ObjectController", default=())


@node
class ByType(Node):
    """All entities of a kind."""

    object_type: ObjectType = attribute("objectType", "type")


@node
class SelectedEntities(Node):
    """The members of a selection."""

    refs: tuple[EntityRef, ...] = child("EntityRef", default=())
    types: tuple[ByType, ...] = child("ByType", default=())


@node
class EntitySelection(Node):
    """A name for several entities."""

    name: str
    members: SelectedEntities = child("Members")


@node
class Entities(Node):
    """All entities and selections."""

    objects: tuple[ScenarioObject, ...] = child("ScenarioObject", default=())
    selections: tuple[EntitySelection, ...] = child("EntitySelection", default=())
