"""The surface: profiles by the standard's formulas, lanes by widths, borders and offsets."""

from __future__ import annotations

import math

import numpy as np
import pytest

from concours.driving import roads
from concours.driving.roads.tables import STRIP_Z
from tests.driving.roads.maps import hilly
from tests.factories.driving import lane, road, section, xodr


def one_road(**parts: object) -> roads.RoadNetwork:
    return roads.loads(xodr(road(**parts)))  # type: ignore[arg-type]


def test_superelevation_moves_y_as_well_as_z() -> None:
    built = one_road(
        elevation='<elevation s="0" a="5" b="0.1" c="0" d="0"/>',
        lateral='<superelevation s="0" a="0.5" b="0" c="0" d="0"/>',
    )

    pose = built.road_pose("1", 10.0, 4.0)

    assert pose[:3] == pytest.approx((10.0, 4 * math.cos(0.5), 6.0 + 4 * math.sin(0.5)))
    assert pose.roll == pytest.approx(0.5)
    assert pose.pitch == pytest.approx(-math.atan(0.1))


def test_crossfall_falls_away_from_the_line() -> None:
    built = one_road(lateral='<crossfall side="right" s="0" a="0.02" b="0" c="0" d="0"/>')

    heights = built.road_poses(0, 50.0, [-4.0, -2.0, 0.0, 4.0]).z

    assert heights == pytest.approx([-4 * math.tan(0.02), -2 * math.tan(0.02), 0.0, 0.0])


def test_shape_is_linear_between_stations() -> None:
    built = one_road(
        lateral='<shape s="0" t="-5" a="0" b="0" c="0" d="0"/>'
        '<shape s="0" t="0" a="1" b="0.1" c="0.01" d="0"/>'
        '<shape s="50" t="-5" a="2" b="0" c="0" d="0"/>'
    )

    heights = built.road_poses(0, [0.0, 25.0, 50.0, 80.0], 3.0).z

    at_start = 1 + 0.1 * 3 + 0.01 * 9
    assert heights == pytest.approx([at_start, (at_start + 2) / 2, 2.0, 2.0])


def test_a_level_lane_stays_out_of_the_superelevation() -> None:
    lanes = [section(lane(1), lane(2, kind="sidewalk", attributes='level="true"'), lane(-1))]
    built = one_road(sections=lanes, lateral='<superelevation s="0" a="0.1" b="0" c="0" d="0"/>')

    pose = built.lane_pose("1", 2, 50.0)

    assert pose.z == pytest.approx(3.5 * math.sin(0.1))
    assert pose.y == pytest.approx(3.5 * math.cos(0.1) + 1.75)
    assert pose.roll == 0.0


def test_a_level_centre_lane_is_where_the_line_is() -> None:
    """Producers say level="true" of every lane; the centre lane has nothing inside it."""
    lanes = [lane(number, attributes='level="true"') for number in (2, 1, -1, -2)]
    flat = section(*lanes).replace('<lane id="0" type="none">', '<lane id="0" level="true">')
    built = one_road(sections=[flat], lateral='<superelevation s="0" a="0.1" b="0" c="0" d="0"/>')

    assert built.cells.strips[:, STRIP_Z] == pytest.approx(0.0)
    for number in (2, 1, -1, -2):
        pose = built.lane_pose("1", number, 50.0)
        middle = math.copysign(3.5 * abs(number) - 1.75, number)
        assert pose[:3] == pytest.approx((50.0, middle, 0.0))


def test_a_raised_lane_is_as_high_as_its_height_says() -> None:
    raised = lane(2, kind="sidewalk").replace(
        "<link>", '<height sOffset="10" inner="0.1" outer="0.2"/><link>'
    )
    built = one_road(sections=[section(lane(1), raised, lane(-1))])

    heights = built.lane_poses(0, 2, [5.0, 50.0, 50.0, 50.0], [0.0, 0.0, -1.75, 1.75]).z

    assert heights == pytest.approx([0.0, 0.15, 0.1, 0.2])


def test_borders_count_from_the_lane_offset_and_widths_win() -> None:
    border = '<border sOffset="0" a="6" b="0" c="0" d="0"/>'
    only = lane(2).replace('<width sOffset="0" a="3.5" b="0" c="0" d="0"/>', border)
    mixed = lane(-1).replace("</lane>", border + "</lane>")
    built = one_road(
        sections=[section(lane(1), only, mixed)],
        offsets='<laneOffset s="0" a="0.5" b="0" c="0" d="0"/>',
    )

    assert built.lane_borders("1", 2, 10.0) == pytest.approx((4.0, 6.5))
    assert built.lane_borders("1", -1, 10.0) == pytest.approx((0.5, -3.0))
    assert built.lanes("1", 10.0) == (2, 1, -1)


def test_heading_pitch_and_roll_are_those_of_the_surface() -> None:
    """Finite differences of the surface itself, everything at once."""
    built = roads.loads(hilly())
    s, step = np.linspace(2, 98, 60), 1e-5
    for number in (1, 2, -1):
        a, b = built.lane_poses(0, number, s - step), built.lane_poses(0, number, s + step)
        pose = built.lane_poses(0, number, s)
        side = built.lane_poses(0, number, s, step)
        run = np.hypot(b.x - a.x, b.y - a.y)
        inside = np.abs(s - 60) > 0.1

        assert pose.heading == pytest.approx(np.arctan2(b.y - a.y, b.x - a.x), abs=1e-6)
        assert pose.pitch == pytest.approx(-np.arctan2(b.z - a.z, run), abs=1e-6)
        across = np.hypot(side.x - pose.x, side.y - pose.y)
        assert pose.roll[inside] == pytest.approx(
            np.arctan2(side.z - pose.z, across)[inside], abs=1e-5
        )
        turned = np.remainder(b.heading - a.heading + np.pi, 2 * np.pi) - np.pi
        assert pose.curvature == pytest.approx(turned / run, abs=1e-4)


def test_locating_is_the_inverse_of_placing_on_a_tilted_road() -> None:
    built = roads.loads(hilly())
    rng = np.random.default_rng(1)
    s = rng.uniform(0.5, 99.5, 400)
    for number in (1, 2, -1):
        width = np.array([built.lane_width("h", number, one) for one in s])
        offset = (rng.random(400) - 0.5) * 0.98 * width
        pose = built.lane_poses(0, number, s, offset)

        found = built.locate_many(pose.x, pose.y, pose.z)

        assert (found.lane == number).all()
        assert found.s == pytest.approx(s, abs=1e-6)
        assert found.offset == pytest.approx(offset, abs=1e-6)
        assert found.outside == pytest.approx(0.0, abs=1e-9)
        assert found.z == pytest.approx(pose.z, abs=1e-6)


def test_stations_off_the_road_are_cut_to_it() -> None:
    built = one_road()

    assert built.road_pose("1", -5.0).x == 0.0
    assert built.lane_pose("1", -1, 1e9).x == pytest.approx(100.0)


def test_what_is_not_there_is_said() -> None:
    built = one_road()

    with pytest.raises(roads.UnknownRoad, match="no road 'x'"):
        built.lane_pose("x", -1, 0.0)
    with pytest.raises(roads.UnknownRoad, match="no lane 7"):
        built.lane_pose("1", 7, 0.0)
    assert np.isnan(built.lane_poses([0, -1, 5], [-9, -1, -1], 0.0).x).all()
