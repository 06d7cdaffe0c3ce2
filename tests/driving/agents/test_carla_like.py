"""The stand-ins of CARLA's names: known answers, left-handed."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from concours.driving import roads
from concours.driving.agents.carla_like import values
from concours.driving.agents.carla_like.absent import NoSimulator
from concours.driving.agents.carla_like.agent import RoadOption, downsample_route
from concours.driving.agents.carla_like.geometry import (
    Location,
    Rotation,
    Transform,
    Vector2D,
    Vector3D,
)
from concours.driving.agents.carla_like.maps import Map
from concours.driving.agents.carla_like.measuring import (
    compute_distance,
    compute_magnitude_angle,
    is_within_distance,
    positive,
    vector,
)
from concours.driving.agents.carla_like.values import LaneChange, LaneMarkingType, LaneType
from concours.driving.agents.carla_like.waypoints import Waypoint
from concours.driving.agents.carla_like.ways import (
    GlobalRoutePlanner,
    _get_latlon_ref,
    interpolate_trajectory,
)
from concours.driving.sensors import GeoReference
from tests.factories.driving import geometry, lane, road, section, xodr

ANGLES = st.floats(-180, 180)
METRES = st.floats(-1000, 1000)
MARK = '<roadMark sOffset="0" type="{}" color="{}" width="0.12"/>'


def two_roads() -> Map:
    """Two roads in a row along x, 100 m each, two lanes to the east, one back, and a sidewalk.

    The first has its lanes in two sections, which meet at 40 m.
    """
    marked = MARK.format("broken", "white")
    lanes = [
        lane(1, before=1, after=1),
        lane(-1, inside=marked, before=-1, after=-1),
        lane(-2, before=-2, after=-2),
        lane(-3, kind="sidewalk", width=2.0, before=-3, after=-3),
    ]
    centre = MARK.format("solid", "yellow")
    sections = [section(*lanes, s=s, centre=centre) for s in (0.0, 40.0)]
    after = '<successor elementType="road" elementId="2" contactPoint="start"/>'
    before = '<predecessor elementType="road" elementId="1" contactPoint="end"/>'
    plan = geometry("<line/>", x=100)
    header = (
        '<header revMajor="1" revMinor="7"><geoReference>'
        "<![CDATA[+proj=tmerc +lat_0=49.0 +lon_0=8.4]]></geoReference></header>"
    )
    first = road("1", sections=sections, link=after)
    second = road("2", plan=plan, sections=[section(*lanes, centre=centre)], link=before)
    return Map("two", xodr(first, second, header=header).decode())


@pytest.fixture(scope="module")
def town() -> Map:
    return two_roads()


def at(town: Map, road: int, lane: int, s: float) -> Waypoint:
    """A waypoint that is there."""
    found = town.get_waypoint_xodr(road, lane, s)
    assert found is not None
    return found


def place(waypoint: Waypoint) -> tuple[float, float, float]:
    """x, y, yaw, rounded to a tenth of a millimetre."""
    where = waypoint.transform
    return (
        round(where.location.x, 4),
        round(where.location.y, 4),
        round(where.rotation.yaw, 4) % 360.0,
    )


def test_the_right_lane_has_the_larger_y(town: Map) -> None:
    # On OpenDRIVE's map the lane lies at y = -5.25; here y points to the right.
    assert place(at(town, 1, -2, 10.0)) == (10.0, 5.25, 0.0)
    assert place(at(town, 1, 1, 10.0)) == (10.0, -1.75, 180.0)


def test_the_nearest_lane_that_is_driven_on(town: Map) -> None:
    beside = town.get_waypoint(Location(10.0, 8.0, 0.0))
    walk = town.get_waypoint(Location(10.0, 8.0, 0.0), lane_type=LaneType.Sidewalk)

    assert beside is not None
    assert walk is not None
    assert (beside.lane_id, beside.lane_type) == (-2, LaneType.Driving)
    assert (walk.lane_id, walk.lane_type) == (-3, LaneType.Sidewalk)
    assert town.get_waypoint(Location(10.0, 8.0, 0.0), project_to_road=False) is None
    both = LaneType.Driving | LaneType.Sidewalk
    assert town.get_waypoint(Location(10.0, 8.0, 0.0), project_to_road=False, lane_type=both)


@pytest.mark.parametrize(
    ("lane", "s", "distance", "there"),
    [
        (-1, 10.0, 5.0, (15.0, 1.75, 0.0)),
        (-1, 10.0, 60.0, (70.0, 1.75, 0.0)),
        (-2, 90.0, 35.0, (125.0, 5.25, 0.0)),
    ],
)
def test_next_runs_over_sections_and_roads(
    town: Map, lane: int, s: float, distance: float, there: tuple[float, float, float]
) -> None:
    [found] = at(town, 1, lane, s).next(distance)

    assert place(found) == there


def test_next_runs_against_s_in_oncoming_lanes(town: Map) -> None:
    [found] = at(town, 2, 1, 20.0).next(90.0)

    assert (found.road_id, found.section_id) == (1, 0)
    assert place(found) == (30.0, -1.75, 180.0)


def test_previous_is_where_next_came_from(town: Map) -> None:
    [found] = at(town, 2, -1, 20.0).previous(90.0)
    [back] = found.next(90.0)

    assert place(found) == (30.0, 1.75, 0.0)
    assert place(back) == (120.0, 1.75, 0.0)


def test_the_road_ends_where_it_ends(town: Map) -> None:
    assert at(town, 2, -1, 90.0).next(20.0) == []
    with pytest.raises(RuntimeError):
        at(town, 2, -1, 90.0).next(0.0)


def test_left_and_right_as_traffic_drives(town: Map) -> None:
    inner, outer, back = (at(town, 1, number, 10.0) for number in (-1, -2, 1))

    assert inner.get_left_lane() == back
    assert inner.get_right_lane() == outer
    assert outer.get_left_lane() == inner
    assert back.get_left_lane() == inner
    assert back.get_right_lane() is None


def test_lines_and_what_they_let_pass(town: Map) -> None:
    inner, outer = at(town, 1, -1, 10.0), at(town, 1, -2, 10.0)

    assert inner.left_lane_marking.type is LaneMarkingType.Solid
    assert inner.right_lane_marking.type is LaneMarkingType.Broken
    assert inner.right_lane_marking.width == pytest.approx(0.12)
    assert inner.lane_change is LaneChange.Right
    assert outer.lane_change is LaneChange.Left
    assert (inner.lane_width, inner.is_junction, inner.junction_id) == (3.5, False, -1)


def test_the_topology_joins_lanes_to_lanes(town: Map) -> None:
    pairs = {
        (a.road_id, a.section_id, a.lane_id, b.road_id, b.section_id, b.lane_id)
        for a, b in town.get_topology()
    }

    assert (1, 0, -1, 1, 1, -1) in pairs
    assert (1, 1, -2, 2, 0, -2) in pairs
    assert (2, 0, 1, 1, 1, 1) in pairs
    assert (2, 0, -1, 2, 0, -1) in pairs
    assert len(pairs) == 9


def test_waypoints_all_over(town: Map) -> None:
    made = town.generate_waypoints(10.0)

    # Lanes of 40, 60 and 100 m: 5, 7 and 11 points in each of three.
    assert len(made) == 3 * (5 + 7 + 11)
    assert {one.lane_type for one in made} == {LaneType.Driving}


def test_to_the_end_of_the_lane(town: Map) -> None:
    stations = [one.s for one in at(town, 1, -1, 15.0).next_until_lane_end(10.0)]

    assert stations == pytest.approx([25.0, 35.0, 40.0], abs=1e-5)


def test_places_on_the_earth(town: Map) -> None:
    origin = town.transform_to_geolocation(Location(0.0, 0.0, 3.0))
    # One degree of longitude at 49 degrees north, and of latitude, on a sphere of 6378137 m.
    degree = math.radians(1.0) * 6378137.0
    east = town.transform_to_geolocation(Location(0.001 * degree * math.cos(math.radians(49.0))))
    north = town.transform_to_geolocation(Location(0.0, -0.001 * degree, 0.0))

    assert (origin.latitude, origin.longitude) == pytest.approx((49.0, 8.4))
    assert origin.altitude == 3.0
    assert east.longitude == pytest.approx(8.401, abs=1e-9)
    assert north.latitude == pytest.approx(49.001, abs=1e-7)


@given(ANGLES, ANGLES, ANGLES, METRES, METRES)
def test_a_transform_and_its_inverse(
    pitch: float, yaw: float, roll: float, x: float, y: float
) -> None:
    frame = Transform(Location(x, y, 2.0), Rotation(pitch, yaw, roll))
    point = Location(y, 3.0, x)

    back = frame.inverse_transform(frame.transform(point))

    assert back.distance(point) < 1e-9
    product = np.array(frame.get_matrix()) @ np.array(frame.get_inverse_matrix())
    assert np.abs(product - np.eye(4)).max() < 1e-9
    # Left-handed: forward x right is down in right-handed terms, that is, minus up.
    right = frame.get_forward_vector().cross(frame.get_up_vector())
    assert right.distance(-frame.get_right_vector()) < 1e-9


def test_yaw_turns_to_the_right() -> None:
    assert tuple(Rotation(yaw=90.0).get_forward_vector()) == pytest.approx((0.0, 1.0, 0.0))
    assert tuple(Rotation(yaw=90.0).get_right_vector()) == pytest.approx((-1.0, 0.0, 0.0))
    assert Rotation(pitch=90.0).get_forward_vector().z == pytest.approx(1.0)
    assert Rotation(roll=90.0).get_right_vector().z == pytest.approx(-1.0)


def test_vectors() -> None:
    assert Location(1, 2, 3) + Vector3D(1, 0, 0) == Location(2, 2, 3)
    assert Vector3D(3, 4, 0).length() == 5.0
    assert Vector3D(0, 0, 2).make_unit_vector() == Vector3D(0, 0, 1)
    assert 2 * Vector3D(1, 2, 3) == Vector3D(2, 4, 6)


def test_a_control_as_it_comes() -> None:
    control = values.VehicleControl()

    assert (control.throttle, control.steer, control.brake) == (0.0, 0.0, 0.0)
    assert (control.hand_brake, control.reverse, control.manual_gear_shift) == (False,) * 3
    assert values.VehicleControl(0.5, -0.1, 0.2, True).hand_brake  # noqa: FBT003


def test_every_type_of_lane_has_a_bit() -> None:
    assert set(values.LANE_TYPE_OF) == set(roads.LANE_TYPES)
    assert values.lane_types(LaneType.Any) >= roads.DRIVABLE
    assert values.lane_types(LaneType.Sidewalk) == {"sidewalk", "walking"}


def test_a_way_is_thinned_out_but_for_its_turns() -> None:
    follow, left = RoadOption.LANEFOLLOW, RoadOption.LEFT
    commands = [follow] * 10 + [left] * 3 + [follow] * 10
    route = [(Transform(Location(30.0 * i)), command) for i, command in enumerate(commands)]

    assert downsample_route(route, 200.0) == [0, 7, 10, 13, 20, 22]


def test_a_way_is_found_with_its_changes_of_lane(town: Map) -> None:
    start, goal = (at(town, 1, -2, 5.0), at(town, 2, -1, 50.0))

    trace = GlobalRoutePlanner(town, 2.0).trace_route(
        start.transform.location, goal.transform.location
    )

    options = [option for _, option in trace]
    assert options.count(RoadOption.CHANGELANELEFT) == 1
    assert set(options) == {RoadOption.CHANGELANELEFT, RoadOption.LANEFOLLOW}
    assert trace[-1][0].transform.location.distance(goal.transform.location) < 0.01
    places = [waypoint.transform.location for waypoint, _ in trace]
    assert max(a.distance(b) for a, b in pairwise(places)) < 5.0


def test_there_is_no_way_against_the_traffic(town: Map) -> None:
    start, goal = (at(town, 2, -1, 50.0), at(town, 1, -1, 5.0))

    trace = GlobalRoutePlanner(town, 2.0).trace_route(
        start.transform.location, goal.transform.location
    )

    assert trace == []


def test_a_way_in_degrees_is_where_the_map_says(town: Map) -> None:
    start, goal = (at(town, 1, -1, 5.0), at(town, 1, -1, 85.0))

    gps, route = interpolate_trajectory(town, [start.transform.location, goal.transform.location])

    last = town.transform_to_geolocation(route[-1][0].location)
    assert gps[-1][0]["lat"] == pytest.approx(last.latitude, abs=1e-9)
    assert gps[-1][0]["lon"] == pytest.approx(last.longitude, abs=1e-9)
    assert _get_latlon_ref(town) == (49.0, 8.4)
    with pytest.raises(NoSimulator, match="lat_ref"):
        _get_latlon_ref(None)


def test_a_map_without_a_reference_lies_where_its_gnss_has_it() -> None:
    bare = Map("bare", two_roads().to_opendrive().replace("+lat_0=49.0 +lon_0=8.4", ""))

    assert bare.origin == tuple(GeoReference.of_map(""))


def test_near_and_ahead() -> None:
    own = Transform(Location(0.0, 0.0, 0.0), Rotation(yaw=90.0))
    right, ahead = Transform(Location(-3.0, 0.0, 0.0)), Transform(Location(0.0, 4.0, 0.0))

    assert compute_magnitude_angle(ahead.location, own.location, 90.0) == pytest.approx((4.0, 0.0))
    assert is_within_distance(ahead, own, 5.0, [-10.0, 10.0])
    assert not is_within_distance(right, own, 5.0, [-10.0, 10.0])
    assert not is_within_distance(ahead, own, 3.0)
    assert vector(own.location, right.location) == pytest.approx([-1.0, 0.0, 0.0])
    assert (positive(-1.0), positive(2.0)) == (0.0, 2.0)
    assert compute_distance(own.location, ahead.location) == pytest.approx(4.0)


def test_plane_vectors_are_reckoned_with() -> None:
    made = 2.0 * (Vector2D(3.0, 4.0) + Vector2D(1.0, 1.0) - Vector2D(1.0, 1.0)) / 2.0

    assert made == Vector2D(3.0, 4.0)
    assert made.squared_length() == 25.0
    assert made.make_unit_vector() == Vector2D(0.6, 0.8)
    with pytest.raises(RuntimeError):
        Vector2D().make_unit_vector()
    assert abs(Vector3D(-1.0, 2.0, -3.0)) == Vector3D(1.0, 2.0, 3.0)
    assert Location().distance_squared_2d(Location(3.0, 4.0, 9.0)) == 25.0
