"""The challenge's maps: without findings, every lane leads on, places and heights go through."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concours.driving import roads
from concours.driving.challenge.maps.lines import Spot, end_of, join
from concours.driving.roads.kinds import DRIVABLE
from tests.factories.challenge import FOLDER, opened

MAPS = ("overpass", "town")


@pytest.mark.parametrize("name", MAPS)
def test_nothing_is_wrong_or_unused(name: str) -> None:
    assert roads.check(FOLDER / "maps" / f"{name}.xodr") == []


@pytest.mark.parametrize("name", MAPS)
def test_lanes_go_on_where_they_lead(name: str) -> None:
    network = opened()[name]
    dead_ends, joints = [], 0
    for road in network.road_ids:
        for low, high in network.sections(road):
            for lane in network.lanes(road, low, DRIVABLE):
                along = network.direction(road, lane, low) > 0
                here = network.lane_pose(road, lane, high - 1e-9 if along else low)
                onward = network.successors(road, lane, low)
                if not onward:
                    dead_ends.append((road, lane, network.lane_width(road, lane, high - 1e-6)))
                for there in onward:
                    joints += 1
                    pose = network.lane_pose(*there)
                    assert math.dist(here[:3], pose[:3]) < 0.01
                    same = network.direction(there.road, there.lane, there.s) > 0
                    turn = pose.heading - here.heading + (0.0 if same == along else math.pi)
                    assert abs(math.remainder(turn, 2 * math.pi)) < 1e-3
                    if network.junction(there.road) or network.junction(road):
                        assert (
                            abs(pose.pitch - (here.pitch if same == along else -here.pitch)) < 1e-3
                        )
    assert joints > 40
    ends = {"town": {("9", -1)}, "overpass": {("1", 1), ("1", 2), ("3", -1), ("3", -2),
                                             ("4", -1), ("5", -1)}}  # fmt: skip
    assert {end[:2] for end in dead_ends if end[2] > 0.1} == ends[name]


@pytest.mark.parametrize("name", MAPS)
def test_each_light_has_a_stop_line_and_a_controller(name: str) -> None:
    network = opened()[name]
    lights = {one.id for road in network.road_ids for one in network.signals(road) if one.dynamic}
    lines = [line for road in network.road_ids for line in network.stop_lines(road)]

    assert {signal for line in lines for signal in line.signals} == lights
    assert all(line.marked and line.lanes for line in lines)
    assert {one for controller in network.controllers() for one in controller.signals} == lights
    assert len(lights) >= 3


def test_the_town_has_what_the_rules_name() -> None:
    network = opened()["town"]
    widths = {len(network.lanes(road, 1.0, DRIVABLE)) for road in network.road_ids
              if not network.junction(road)}  # fmt: skip
    assert widths == {1, 2, 4}  # the ring of the roundabout, streets, the main street
    assert network.find_route(("4", -1, 50.0), ("4", 1, 60.0)) is not None  # around the ring
    assert network.speed_limit("1", -1, 10.0) == pytest.approx(60 / 3.6)
    assert network.geo_reference.startswith("+proj=tmerc")


def test_the_bridge_is_six_metres_above_the_street() -> None:
    network = opened()["overpass"]
    street, bridge = network.locate(1.75, 0.0, 0.0), network.locate(1.75, -1.75, 6.0)
    assert street is not None
    assert bridge is not None
    assert (street.road, bridge.road) == ("4", "2")
    assert bridge.z - street.z == pytest.approx(6.0, abs=0.01)


@given(
    x=st.floats(-50, 50), y=st.floats(-50, 50), heading=st.floats(-3, 3), turned=st.floats(-2, 2)
)
def test_joining_lines_arrive(x: float, y: float, heading: float, turned: float) -> None:
    start = Spot(1.0, 2.0, heading)
    goal = start.ahead(60.0 + x).beside(y)._replace(heading=heading + turned)
    end = end_of(start, join(start, goal))
    assert math.dist(end[:2], goal[:2]) < 1e-6
    assert abs(math.remainder(end.heading - goal.heading, 2 * math.pi)) < 1e-6
