"""Lanes and distances from one road to the next, on which the same lanes have other ids."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from tests.driving.world.approaching import TICK
from tests.factories.driving import lane, road, section, xodr
from tests.factories.moves import change_lane, element, on_lane
from tests.factories.worlds import begin, fired, once, play, value, when


def widened() -> bytes:
    """Two lanes, and 100 m on, on road 2, a third one to their left: -1, -2 become -2, -3."""
    ahead = '<successor elementType="road" elementId="2" contactPoint="start"/>'
    back = '<predecessor elementType="road" elementId="1" contactPoint="end"/>'
    first = section(lane(-1, after=-2), lane(-2, after=-3))
    second = section(lane(-1), lane(-2, before=-1), lane(-3, before=-2))
    line = '<geometry s="0" x="{}" y="0" hdg="0" length="{}"><line/></geometry>'
    return xodr(
        road("1", plan=line.format(0, 100), sections=[first], link=ahead),
        road(
            "2", plan=line.format(100, 400), length=400, sections=[second], link=back,
            offsets='<laneOffset s="0" a="3.5" b="0" c="0" d="0"/>',
        ),
    )  # fmt: skip


def relative(lanes: int, ds: float) -> str:
    return element("RelativeLanePosition", entityRef="Other", dLane=lanes, ds=ds)


@pytest.mark.parametrize(("lanes", "y"), [(1, 1.75), (0, -1.75), (-1, -5.25)])
def test_a_relative_lane_is_counted_where_the_place_is(
    tmp_path: Path, lanes: int, y: float
) -> None:
    other = begin("Other", on_lane("1", -1, 80), 0)
    trace = play(tmp_path, other, begin("Ego", relative(lanes, 40), 0), where=widened(), end=0.1)

    assert value(trace, "Ego", "x", 0.0) == pytest.approx(120)
    assert value(trace, "Ego", "y", 0.0) == pytest.approx(y)


@pytest.mark.parametrize(("lane_id", "value_", "y"), [(-3, 0, -5.25), (-2, -1, -5.25)])
def test_a_lane_relative_to_another_on_the_next_road(
    tmp_path: Path, lane_id: int, value_: int, y: float
) -> None:
    trace = play(
        tmp_path, begin("Ego", on_lane("1", -1, 10), 10),
        begin("Other", on_lane("2", lane_id, 50), 10),
        where=widened(), events=(when(1, change_lane(value_, "Other", value=2)),), end=5,
    )  # fmt: skip

    assert value(trace, "Ego", "y", 4.0) == pytest.approx(y)


def test_a_lane_relative_to_another_on_the_road_behind(tmp_path: Path) -> None:
    trace = play(
        tmp_path, begin("Ego", on_lane("2", -1, 10), 10), begin("Other", on_lane("1", -1, 50), 10),
        where=widened(), events=(when(1, change_lane(0, "Other", value=2)),), end=4,
    )  # fmt: skip

    assert value(trace, "Ego", "y", 4.0) == pytest.approx(-1.75)


def clearance(lanes: int, forward: float = 30, backward: float = 0) -> str:
    return element(
        "RelativeClearanceCondition", element("RelativeLaneRange", **{"from": lanes, "to": lanes}),
        oppositeLanes=False, distanceForward=forward, distanceBackward=backward, freeSpace=False,
    )  # fmt: skip


@pytest.mark.parametrize(("lanes", "time"), [(0, 8.0), (-1, math.inf)])
def test_who_is_on_the_next_road_is_in_the_way(tmp_path: Path, lanes: int, time: float) -> None:
    """Other stands 110 m ahead: 30 m are left after 8 s."""
    trace = play(
        tmp_path, begin("Ego", on_lane("1", -1, 10), 10), begin("Other", on_lane("2", -2, 20), 0),
        where=widened(), events=(once(clearance(lanes), edge="falling"),), end=9.5,
    )  # fmt: skip

    assert fired(trace) == pytest.approx(time, abs=2 * TICK)


def test_who_is_on_the_road_behind_is_in_the_way(tmp_path: Path) -> None:
    trace = play(
        tmp_path, begin("Ego", on_lane("2", -3, 20), 0), begin("Other", on_lane("1", -2, 10), 10),
        where=widened(), events=(once(clearance(0, 0, 30), edge="falling"),), end=9.5,
    )  # fmt: skip

    assert fired(trace) == pytest.approx(8.0, abs=2 * TICK)


def test_the_lateral_distance_in_the_road_counts_across_its_end(tmp_path: Path) -> None:
    """Other is 3.5 m to the right; the lanes of both roads lie beside one line."""
    test = element(
        "RelativeDistanceCondition", entityRef="Other", freespace=False, rule="lessThan", value=3.6,
        relativeDistanceType="lateral", coordinateSystem="road",
    )  # fmt: skip
    trace = play(
        tmp_path, begin("Ego", on_lane("1", -1, 10), 10), begin("Other", on_lane("2", -3, 20), 0),
        where=widened(), events=(once(test),), end=2,
    )  # fmt: skip

    assert fired(trace) == 0.0


def test_the_way_to_who_has_turned_off_is_found(tmp_path: Path) -> None:
    """Road 1 parts into a straight one and one that bends off, on which Other stands, 20 m on."""
    line = '<geometry s="0" x="{}" y="0" hdg="0" length="100">{}</geometry>'
    ahead = '<successor elementType="junction" elementId="9"/>'
    back = '<predecessor elementType="road" elementId="1" contactPoint="end"/>'
    lanes = [section(lane(-1, before=-1))]

    def branch(number: str, shape: str) -> str:
        made = road(number, plan=line.format(100, shape), sections=lanes, link=back)
        return made.replace('junction="-1"', 'junction="9"')

    links = "".join(
        f'<connection id="{number}" incomingRoad="1" connectingRoad="{number}"'
        ' contactPoint="start"><laneLink from="-1" to="-1"/></connection>'
        for number in (2, 3)
    )
    parting = xodr(
        road("1", plan=line.format(0, "<line/>"), sections=[section(lane(-1))], link=ahead),
        branch("2", "<line/>"), branch("3", '<arc curvature="0.01"/>'),
        f'<junction id="9" name="">{links}</junction>',
    )  # fmt: skip
    near = element(
        "RelativeDistanceCondition", entityRef="Other", freespace=False, rule="lessThan", value=50,
        relativeDistanceType="longitudinal", coordinateSystem="road",
    )  # fmt: skip
    trace = play(
        tmp_path, begin("Ego", on_lane("1", -1, 10), 10), begin("Other", on_lane("3", -1, 20), 0),
        where=parting, events=(once(near),), end=8,
    )  # fmt: skip

    assert fired(trace) == pytest.approx(6.0, abs=2 * TICK)


def test_a_change_to_a_lane_that_ends_goes_on_without_a_jump(tmp_path: Path) -> None:
    """Lane -2 is road 1's alone; half way over, the road ends and the other lane leads on."""
    ahead = '<successor elementType="road" elementId="2" contactPoint="start"/>'
    back = '<predecessor elementType="road" elementId="1" contactPoint="end"/>'
    line = '<geometry s="0" x="{}" y="0" hdg="0" length="100"><line/></geometry>'
    narrowed = xodr(
        road("1", plan=line.format(0), sections=[section(lane(-1, after=-1), lane(-2))],
             link=ahead),
        road("2", plan=line.format(100), sections=[section(lane(-1, before=-1))], link=back),
    )  # fmt: skip
    trace = play(
        tmp_path, begin("Ego", on_lane("1", -1, 70), 10), where=narrowed, end=6,
        events=(when(1, change_lane(-2, value=4)),),
    )  # fmt: skip

    steps = np.diff(trace.of("Ego", "y"))
    assert np.abs(steps).max() < 0.1
    assert value(trace, "Ego", "y", 3.0) == pytest.approx(-1.75 - 3.5 / 2, abs=0.01)
    assert value(trace, "Ego", "y", 5.5) == pytest.approx(-5.25, abs=0.01)
