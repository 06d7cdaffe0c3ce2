"""Signals, stop lines, controllers, objects, speeds, access."""

from __future__ import annotations

import math

import pytest

from concours.driving import roads
from tests.driving.roads.maps import fork
from tests.driving.roads.shared import map_file, needs_data
from tests.factories.driving import lane, road, section, xodr


def test_signals_and_the_stop_line_before_them() -> None:
    network = roads.loads(fork())

    line, light = network.signals("1")

    assert (line.type, light.id, light.dynamic, light.z_offset) == ("294", "7", True, 3.0)
    assert light.holds_for(-1)
    assert not light.holds_for(1)
    assert network.stop_lines("1") == (roads.StopLine("1", 97.0, (-1,), ("7",), marked=True),)
    assert network.controllers("1") == (roads.Controller("20", "c", ("7",)),)
    assert network.controllers("2") == ()


@pytest.mark.parametrize("word", ["validity", "laneValidity", "Validity"])
def test_lanes_that_a_signal_holds_for_are_known_by_older_names(word: str) -> None:
    signal = (
        '<signals><signal id="7" s="1" t="0" orientation="none" dynamic="yes" type="1000001">'
        f'<{word} fromLane="-2" toLane="-1"/></signal></signals>'
    )
    network = roads.loads(xodr(road(more=signal)))

    (light,) = network.signals("1")
    assert [light.holds_for(number) for number in (-3, -2, -1, 1)] == [False, True, True, False]


def test_a_reference_has_the_type_of_what_it_refers_to() -> None:
    refers = (
        '<signals><signalReference id="7" s="1" t="0" orientation="+">'
        '<validity fromLane="-1" toLane="-1"/></signalReference></signals>'
    )
    light = '<signals><signal id="7" s="0" t="9" dynamic="yes" orientation="-" type="a"/></signals>'
    network = roads.loads(xodr(road("1", more=refers), road("2", more=light)))

    (signal,) = network.signals("1")

    assert (signal.type, signal.dynamic, signal.refers, signal.s) == ("a", True, True, 1.0)
    assert network.stop_lines("1") == (roads.StopLine("1", 1.0, (-1,), ("7",), marked=False),)


@needs_data
def test_every_light_of_a_town_stops_some_lane() -> None:
    network = roads.load(map_file("Town01"), cache=False)

    lines = [line for road_id in network.road_ids for line in network.stop_lines(road_id)]

    stopped = {signal for line in lines for signal in line.signals}
    switched = {signal for one in network.controllers() for signal in one.signals}
    assert stopped == switched
    assert len(stopped) == 36
    assert all(line.lanes for line in lines)


def test_objects_keep_their_outline() -> None:
    (thing,) = roads.loads(fork()).objects("1")

    assert (thing.type, thing.s, thing.heading) == ("barrier", 50.0, 0.3)
    assert thing.corners == (("local", -1.0, 0.0, 0.0), ("local", 1.0, 0.0, 0.0))


def test_speed_limits_of_the_lane_win_over_the_road() -> None:
    fast = lane(-1, inside='<speed sOffset="50" max="36" unit="km/h"/>')
    typed = road(sections=[section(lane(1), fast)]).replace(
        "<planView>",
        '<type s="0" type="town"><speed max="25" unit="mph"/></type>'
        '<type s="80" type="motorway"><speed max="no limit"/></type><planView>',
    )
    network = roads.loads(xodr(typed))

    assert network.speed_limit("1", -1, 49.0) == pytest.approx(11.176)
    assert network.speed_limit("1", -1, 50.0) == pytest.approx(10.0)
    assert network.speed_limit("1", 1, 90.0) == math.inf
    assert network.road_type("1", 79.0) == "town"
    assert roads.loads(xodr(road())).speed_limit("1", 1, 0.0) is None


def test_access_is_that_of_the_last_station() -> None:
    rules = (
        '<access sOffset="0" rule="deny" restriction="pedestrian"/>'
        '<access sOffset="50" rule="allow"><restriction type="bus"/>'
        '<restriction type="taxi"/></access>'
    )
    network = roads.loads(xodr(road(sections=[section(lane(-1, inside=rules))])))

    assert network.access("1", -1, 10.0) == (("deny", "pedestrian"),)
    assert set(network.access("1", -1, 60.0)) == {("allow", "bus"), ("allow", "taxi")}
