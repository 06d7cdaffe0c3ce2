"""Where things are: the ten positions, routes and trajectories. Metres and radians, z up.

Road, lane and route coordinates need a map, so that nothing here is resolved to x and y.
"""

from __future__ import annotations

from concours.driving.scenarios.enums import ReferenceContext, RouteStrategy
from concours.driving.scenarios.nodes import Node, attribute, child, inside, node, reference
from concours.driving.scenarios.parameters import ParameterDeclarations


@node
class Orientation(Node):
    """Heading, pitch, roll; absolute ones in the world, relative ones to lane, road or entity."""

    h: float = 0.0
    p: float = 0.0
    r: float = 0.0
    context: ReferenceContext = attribute("type", default=ReferenceContext.ABSOLUTE)


@node
class WorldPosition(Node):
    """x and y of the world; without z or an angle, those of the road below."""

    x: float
    y: float
    z: float | None = None
    h: float | None = None
    p: float | None = None
    r: float | None = None


@node
class RelativeWorldPosition(Node):
    """An offset from an entity along the axes of the world."""

    entity_ref: str = reference("entity", "entityRef")
    dx: float
    dy: float
    dz: float = 0.0
    orientation: Orientation | None = None


@node
class RelativeObjectPosition(Node):
    """An offset from an entity along its own axes."""

    entity_ref: str = reference("entity", "entityRef")
    dx: float
    dy: float
    dz: float = 0.0
    orientation: Orientation | None = None


@node
class RoadPosition(Node):
    """A place on a road by s and t."""

    road_id: str
    s: float
    t: float = 0.0
    orientation: Orientation | None = None


@node
class RelativeRoadPosition(Node):
    """A place by differences of s and t from an entity's."""

    entity_ref: str = reference("entity", "entityRef")
    ds: float
    dt: float = 0.0
    orientation: Orientation | None = None


@node
class LanePosition(Node):
    """A place on a lane: s along the road, offset from the lane's centre line."""

    road_id: str
    lane_id: str
    s: float
    offset: float = 0.0
    orientation: Orientation | None = None


@node
class RelativeLanePosition(Node):
    """A place some lanes and some way from an entity: ds along the road, ds_lane along the lane."""

    entity_ref: str = reference("entity", "entityRef")
    d_lane: int
    ds: float | None = None
    ds_lane: float | None = None
    offset: float = 0.0
    orientation: Orientation | None = None


@node
class PositionOfCurrentEntity(Node):
    """Where an entity is on the route."""

    entity_ref: str = reference("entity", "entityRef")


@node
class PositionInRoadCoordinates(Node):
    """A place on the route by the way along it and t."""

    path_s: float
    t: float = 0.0


@node
class PositionInLaneCoordinates(Node):
    """A place on the route by the way along it and a lane."""

    path_s: float
    lane_id: str
    lane_offset: float = 0.0


@node
class InRoutePosition(Node):
    """The place on a route."""

    current: PositionOfCurrentEntity | None = child("FromCurrentEntity", default=None)
    road: PositionInRoadCoordinates | None = child("FromRoadCoordinates", default=None)
    lane: PositionInLaneCoordinates | None = child("FromLaneCoordinates", default=None)


@node
class RoutePosition(Node):
    """A place on a route."""

    route: Route = inside("RouteRef")
    orientation: Orientation | None = None
    in_route: InRoutePosition = child("InRoutePosition")


@node
class GeoPosition(Node):
    """A place on the earth. latitude, longitude in radians (until 1.1), the others in degrees."""

    latitude: float | None = None
    longitude: float | None = None
    latitude_deg: float | None = None
    longitude_deg: float | None = None
    altitude: float | None = attribute("altitude", "height", default=None)
    vertical_road_selection: int = 0
    orientation: Orientation | None = None


@node
class TrajectoryPosition(Node):
    """A place on a trajectory by the way along it and a lateral offset."""

    trajectory: Trajectory = inside("TrajectoryRef")
    s: float
    t: float = 0.0
    orientation: Orientation | None = None


Position = (
    WorldPosition
    | RelativeWorldPosition
    | RelativeObjectPosition
    | RoadPosition
    | RelativeRoadPosition
    | LanePosition
    | RelativeLanePosition
    | RoutePosition
    | GeoPosition
    | TrajectoryPosition
)


@node
class Waypoint(Node):
    """A point that a route passes, and how it is reached."""

    position: Position = child("Position")
    strategy: RouteStrategy = attribute("routeStrategy", default=RouteStrategy.SHORTEST)


@node
class Route(Node):
    """Waypoints in order."""

    name: str = ""
    closed: bool = False
    parameter_declarations: ParameterDeclarations | None = None
    waypoints: tuple[Waypoint, ...] = child("Waypoint", default=())


@node
class Vertex(Node):
    """A corner of a polyline, with the time at which it is passed (s)."""

    position: Position = child("Position")
    time: float | None = None


@node
class Polyline(Node):
    """Straight lines between vertices."""

    vertices: tuple[Vertex, ...] = child("Vertex", default=())


@node
class Clothoid(Node):
    """A curve whose curvature (1/m) changes evenly along its length (m) by curvature_prime."""

    position: Position = child("Position")
    curvature: float
    curvature_prime: float = attribute("curvaturePrime", "curvatureDot", default=0.0)
    length: float
    start_time: float | None = None
    stop_time: float | None = None


@node
class ClothoidSplineSegment(Node):
    """One clothoid of a spline; without a start it begins where the last one ends."""

    position_start: Position | None = child("PositionStart", default=None)
    curvature_start: float
    curvature_end: float
    length: float
    h_offset: float = 0.0
    time_start: float | None = None


@node
class ClothoidSpline(Node):
    """Clothoids in a row (1.3)."""

    segments: tuple[ClothoidSplineSegment, ...] = child("ClothoidSplineSegment", default=())
    time_end: float | None = None


@node
class ControlPoint(Node):
    """A control point of a NURBS, with weight and perhaps a time."""

    position: Position = child("Position")
    time: float | None = None
    weight: float = 1.0


@node
class Knot(Node):
    """A knot of a NURBS."""

    value: float


@node
class Nurbs(Node):
    """A non-uniform rational B-spline; its degree is order - 1."""

    order: int
    control_points: tuple[ControlPoint, ...] = child("ControlPoint", default=())
    knots: tuple[Knot, ...] = child("Knot", default=())


Shape = Polyline | Clothoid | ClothoidSpline | Nurbs


@node
class Trajectory(Node):
    """A named curve, perhaps with times."""

    name: str = ""
    closed: bool = False
    parameter_declarations: ParameterDeclarations | None = None
    shape: Shape = child("Shape")
