"""Teleports to each kind of position; who comes into the scene and who leaves it."""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path

import numpy as np
import pytest

from tests.factories.driving import road, xodr
from tests.factories.moves import (
    add,
    change_lane,
    delete,
    element,
    move_aside,
    on_lane,
    on_road,
    polyline,
    put,
    relative_speed,
    route,
    speed,
    trajectory,
    turned,
    vertex,
    world,
)
from tests.factories.worlds import ahead, begin, bend, build, car, over, play, straight, value, when

CORNER = trajectory(polyline(vertex(0, 0), vertex(50, 0), vertex(50, -50)))


def relative(tag: str, **how: object) -> str:
    return element(tag, entityRef="Other", **how)


def in_route(where: str) -> str:
    way = element("RouteRef", route(on_lane("1", -1, 10), on_lane("1", -1, 90)))
    return element("RoutePosition", way, element("InRoutePosition", where))


@pytest.mark.parametrize(
    ("position", "x", "y", "heading"),
    [
        (on_lane("1", -1, 50, 0.5), 50, -1.25, 0.0),
        (on_lane("1", 2, 50, 0.5), 50, 5.75, math.pi),
        (on_lane("1", 1, 50, 0, turned(0.2)), 50, 1.75, math.pi + 0.2),
        (on_lane("1", 1, 50, 0, turned(0.2, relative=False)), 50, 1.75, 0.2),
        (on_road("1", 50, -3), 50, -3, 0.0),
        (on_road("1", 50, 3), 50, 3, 0.0),
        (world(50, -3), 50, -3, 0.0),
        (world(50, -3, h=1.0), 50, -3, 1.0),
        (relative("RelativeLanePosition", dLane=-1, ds=20), 120, -5.25, 0.0),
        (relative("RelativeLanePosition", dLane=1, ds=-20, offset=0.3), 80, 2.05, math.pi),
        (relative("RelativeLanePosition", dLane=0, dsLane=7), 107, -1.75, 0.0),
        (relative("RelativeRoadPosition", ds=-20, dt=2), 80, 0.25, 0.0),
        (relative("RelativeWorldPosition", dx=-10, dy=-3), 90, -4.75, 0.0),
        (relative("RelativeObjectPosition", dx=-10, dy=-3), 90, -4.75, 0.0),
        (
            in_route(element("FromLaneCoordinates", pathS=40, laneId=-2, laneOffset=0.5)),
            50, -4.75, 0.0,
        ),
        (in_route(element("FromRoadCoordinates", pathS=40, t=-3)), 50, -3, 0.0),
        (in_route(element("FromCurrentEntity", entityRef="Other")), 100, -1.75, 0.0),
        (
            element("TrajectoryPosition", element("TrajectoryRef", CORNER), s=70, t=1),
            51, -20, -math.pi / 2,
        ),
    ],
)  # fmt: skip
def test_each_position_is_where_its_formula_says(
    tmp_path: Path, position: str, x: float, y: float, heading: float
) -> None:
    trace = play(tmp_path, ahead("Other", 100, 0), begin("Ego", position, 0),
                 where=straight(), end=0.1)  # fmt: skip

    assert value(trace, "Ego", "x", 0.0) == pytest.approx(x, abs=1e-9)
    assert value(trace, "Ego", "y", 0.0) == pytest.approx(y, abs=1e-9)
    turn = math.remainder(value(trace, "Ego", "heading", 0.0) - heading, 2 * math.pi)
    assert turn == pytest.approx(0, abs=1e-9)


def test_an_object_turns_what_is_relative_to_it(tmp_path: Path) -> None:
    beside = relative("RelativeObjectPosition", dx=10, dy=2)
    trace = play(tmp_path, ahead("Other", 50, 0), begin("Ego", beside, 0), where=bend(), end=0.1)

    x, y, heading = (value(trace, "Other", name, 0.0) for name in ("x", "y", "heading"))
    assert heading == pytest.approx(0.5, abs=1e-9)
    assert value(trace, "Ego", "x", 0.0) == pytest.approx(
        x + 10 * math.cos(heading) - 2 * math.sin(heading), abs=1e-9
    )
    assert value(trace, "Ego", "y", 0.0) == pytest.approx(
        y + 10 * math.sin(heading) + 2 * math.cos(heading), abs=1e-9
    )


def test_init_may_put_one_beside_another_that_stands_further_down(tmp_path: Path) -> None:
    """And have it take that one's speed, and change the lane that it is put in."""
    third = element("RelativeObjectPosition", entityRef="Ego", dx=-10, dy=0)
    follower = element("Private", relative_speed(2, "Ego"), put(third), entityRef="Third")
    ego = element(
        "Private", change_lane(-1, "Other", shape="step"),
        put(relative("RelativeLanePosition", dLane=0, ds=20)), relative_speed(1, "Other"),
        entityRef="Ego",
    )  # fmt: skip
    cars = (car("Ego"), car("Other"), car("Third"))
    trace = play(tmp_path, follower, ego, ahead("Other", 50, 7), where=straight(), end=0.1,
                 cars=cars)  # fmt: skip

    assert value(trace, "Ego", "x", 0.0) == pytest.approx(70)
    assert value(trace, "Ego", "y", 0.0) == pytest.approx(-5.25)
    assert value(trace, "Ego", "speed", 0.0) == pytest.approx(8)
    assert value(trace, "Third", "x", 0.0) == pytest.approx(60)
    assert value(trace, "Third", "speed", 0.0) == pytest.approx(10)


def test_beside_one_who_is_nowhere_is_no_place(tmp_path: Path) -> None:
    """Who goes by the other in a circle: one of them cannot be put anywhere."""
    mine = relative("RelativeObjectPosition", dx=-10, dy=0)
    theirs = element("RelativeObjectPosition", entityRef="Ego", dx=-10, dy=0)
    trace = play(tmp_path, begin("Ego", mine, 0), begin("Other", theirs, 0), noted=True, end=0.1)

    assert "Other has not been put anywhere yet" in trace.notes[0]


def test_who_is_in_the_scene_is_not_added_again(tmp_path: Path) -> None:
    again = when(1, add("Ego", on_lane("1", -1, 500)))
    trace = play(tmp_path, ahead("Ego", 0, 10), where=straight(), events=(again,), end=2,
                 noted=True)  # fmt: skip

    assert "Ego is in the scene already" in trace.notes[0]
    assert value(trace, "Ego", "x", 2.0) == pytest.approx(20)


def test_left_of_oncoming_traffic_is_its_own_left(tmp_path: Path) -> None:
    other = begin("Other", on_lane("1", 1, 100), 0)
    ego = begin("Ego", relative("RelativeLanePosition", dLane=1, ds=20), 0)
    trace = play(tmp_path, other, ego, where=straight(), end=0.1)

    assert value(trace, "Ego", "x", 0.0) == pytest.approx(80)
    assert value(trace, "Ego", "y", 0.0) == pytest.approx(-1.75)


def test_a_place_on_the_earth_needs_a_projection(tmp_path: Path) -> None:
    geo = element("GeoPosition", latitudeDeg=49.001, longitudeDeg=8.0)
    text = "+proj=tmerc +lat_0=49 +lon_0=8 +k=1 +x_0=0 +y_0=0 +ellps=WGS84 +units=m"
    header = (
        '<header revMajor="1" revMinor="7"><geoReference>'
        f"<![CDATA[{text}]]></geoReference></header>"
    )
    trace = play(
        tmp_path, begin("Ego", geo, 0), where=xodr(road(), header=header), end=0.1, noted=True
    )

    if importlib.util.find_spec("pyproj") is None:
        assert any("pip install 'concours[driving]'" in note for note in trace.notes)
    else:
        assert value(trace, "Ego", "x", 0.0) == pytest.approx(0, abs=1e-3)
        assert value(trace, "Ego", "y", 0.0) == pytest.approx(111.2, abs=0.1)


def test_the_offset_of_the_map_counts_for_places_on_the_earth(tmp_path: Path) -> None:
    """The header's offset was read, and left out."""
    pytest.importorskip("pyproj")
    geo = element("GeoPosition", latitudeDeg=49.0, longitudeDeg=8.0)
    text = "+proj=tmerc +lat_0=49 +lon_0=8 +k=1 +x_0=0 +y_0=0 +ellps=WGS84 +units=m"
    header = (
        f'<header revMajor="1" revMinor="7"><geoReference>{text}</geoReference>'
        '<offset x="-40" y="1.75" z="0" hdg="0"/></header>'
    )
    trace = play(tmp_path, begin("Ego", geo, 0), where=xodr(road(), header=header), end=0.1)

    assert value(trace, "Ego", "x", 0.0) == pytest.approx(40, abs=1e-3)
    assert value(trace, "Ego", "y", 0.0) == pytest.approx(-1.75, abs=1e-3)


def test_a_map_without_a_projection_has_no_places_on_the_earth(tmp_path: Path) -> None:
    geo = element("GeoPosition", latitudeDeg=49.001, longitudeDeg=8.0)
    trace = play(tmp_path, begin("Ego", geo, 0), where=straight(), end=0.1, noted=True)

    assert any("the map has no geoReference" in note for note in trace.notes)


def test_a_teleport_on_the_way_keeps_the_speed(tmp_path: Path) -> None:
    event = when(2, put(on_lane("1", -2, 500)))
    trace = play(tmp_path, ahead("Ego", 0, 10), where=straight(), events=(event,))

    assert value(trace, "Ego", "s", 2.0) == pytest.approx(500)
    assert value(trace, "Ego", "s", 4.0) == pytest.approx(520)
    assert value(trace, "Ego", "lane", 4.0) == -2


# Into the scene and out of it


def test_entities_are_added_and_deleted(tmp_path: Path) -> None:
    events = (
        when(2, add("Other", on_lane("1", -2, 40)), name="add"),
        when(4, delete("Other"), name="delete"),
    )
    trace = play(tmp_path, ahead("Ego", 0, 10), where=straight(), events=events)

    there = ~np.isnan(trace.of("Other", "x"))
    assert trace.times[there][0] == pytest.approx(2.0)
    assert trace.times[there][-1] == pytest.approx(3.9)
    assert value(trace, "Other", "y", 3.0) == pytest.approx(-5.25)


def test_who_was_deleted_may_come_again(tmp_path: Path) -> None:
    events = (
        when(2, delete("Ego"), name="delete"),
        when(4, add("Ego", on_lane("1", -2, 40)), name="add"),
    )
    trace = play(tmp_path, ahead("Ego", 0, 10), where=straight(), events=events)

    assert np.isnan(value(trace, "Ego", "x", 3.0))
    assert value(trace, "Ego", "s", 4.0) == pytest.approx(40)
    assert value(trace, "Ego", "lane", 5.0) == -2


SLOW = [speed(20, "linear", "time", 5), change_lane(-2, value=5), move_aside(1.0, most=0.1)]


@pytest.mark.parametrize("action", SLOW)
def test_what_the_deleted_did_is_over(tmp_path: Path, action: str) -> None:
    events = (when(1, action), when(2, delete("Ego"), name="delete"))
    trace = play(tmp_path, ahead("Ego", 0, 10), where=straight(), events=events)

    assert over(trace) == pytest.approx(2.0)


@pytest.mark.parametrize("action", SLOW[1:])
def test_a_teleport_ends_what_was_done_across_the_road(tmp_path: Path, action: str) -> None:
    events = (when(1, action), when(2, put(on_lane("1", -1, 500)), name="put"))
    trace = play(tmp_path, ahead("Ego", 0, 10), where=straight(), events=events)

    assert over(trace) == pytest.approx(2.0)
    assert value(trace, "Ego", "y", 9.0) == pytest.approx(-1.75)


def test_who_is_not_there_has_no_state(tmp_path: Path) -> None:
    made = build(tmp_path, ahead("Ego", 0, 10), where=straight(), cars=(car("Ego"), car("Other")))

    frame = next(made.run())

    assert list(frame) == ["Ego"]
    assert "Other" not in frame
    with pytest.raises(KeyError):
        frame["Other"]
