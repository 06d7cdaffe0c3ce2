"""The lidar: known distances, every ray by brute force, weather, kerbs, layout."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concours.driving import roads
from concours.driving.sensors import Others, Terrain, Weather, flat, no_others, terrain_of
from concours.driving.sensors import lidar as lidars
from concours.driving.sensors.frames import rotation
from concours.driving.sensors.kernels.boxes import scratch
from concours.driving.sensors.kernels.cast import cast
from concours.driving.sensors.kernels.sweep import sweep
from concours.driving.sensors.lidar import RANGE_SD, fan
from concours.driving.sensors.mounting import Viewpoint
from concours.driving.sensors.seeing import boxes_around
from tests.driving.roads.maps import hilly
from tests.factories.driving import lane, road, section, xodr
from tests.factories.sensing import LIDAR, box, boxes, random_boxes, read, scene

Points = npt.NDArray[np.float32]
UP = 1.8


def points(*others: Others, **values: object) -> Points:
    """A reading of a lidar 1.8 m above the ground."""
    weather = values.pop("weather", Weather())
    found: Points = read(LIDAR, scene(*others, weather=weather), z=UP, **values)  # type: ignore[arg-type]
    return found


def above_ground(found: Points) -> Points:
    return found[found[:, 2] > -UP + 0.2]


def test_points_are_rows_of_four_float32_all_around() -> None:
    found = points()

    assert found.dtype == np.float32
    assert found.shape[1] == 4
    assert found.flags.owndata
    azimuths = np.histogram(np.arctan2(found[:, 1], found[:, 0]), bins=12)[0]
    assert azimuths.min() > 0.9 * azimuths.max()


def test_each_channel_meets_the_plane_at_its_height_by_sine() -> None:
    found = points(channels=1, lower_fov=-20.5, upper_fov=-19.5, points_per_second=20_000)

    away = np.sqrt((found[:, :3].astype(float) ** 2).sum(axis=1))
    assert len(found) > 1900
    assert away.mean() == pytest.approx(UP / math.sin(math.radians(20)), abs=0.005)
    assert away.std() == pytest.approx(RANGE_SD, rel=0.1)
    assert found[:, 2] == pytest.approx(-UP, abs=0.05)
    assert found[:, 3] == pytest.approx(np.exp(-0.004 * away), abs=1e-3)


def test_a_box_ahead_and_one_to_the_left_are_where_agents_expect_them() -> None:
    found = above_ground(points(box(12.0), box(0.0, 10.0, size=(4, 2, 1.5))))

    ahead = found[found[:, 0] > 5]
    left = found[found[:, 1] < -5]
    assert len(ahead) + len(left) == len(found)
    assert ahead[:, 0].min() == pytest.approx(10.0, abs=0.08)
    assert np.abs(ahead[:, 1]).max() < 0.95
    assert left[:, 1].max() == pytest.approx(-9.0, abs=0.08)
    assert np.abs(left[:, 0]).max() < 2.05


def test_a_mount_that_looks_to_the_right_turns_the_points() -> None:
    found = above_ground(points(box(12.0), yaw=90))

    assert found[:, 1].mean() == pytest.approx(-10.4, abs=0.5)


def test_what_stands_behind_a_wall_is_not_met() -> None:
    wall = box(10.0, size=(0.2, 8.0, 6.0))
    hidden, beside = box(20.0, 0.5), box(20.0, 14.0)

    found = above_ground(points(wall, hidden, beside))

    away = np.hypot(found[:, 0], found[:, 1])
    assert not ((away > 15) & (np.abs(found[:, 1]) < 5)).any()
    assert ((away > 15) & (found[:, 1] < -12)).any()


def test_nothing_lies_beyond_the_range() -> None:
    found = points(box(30.0), range=25.0)

    assert np.sqrt((found[:, :3] ** 2).sum(axis=1)).max() < 25.1
    assert len(above_ground(found)) == 0


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 10_000),
    st.floats(-math.pi, math.pi),
    st.floats(-0.5, 0.5),
    st.floats(-0.5, 0.5),
)
def test_every_ray_is_that_of_brute_force(
    seed: int, heading: float, pitch: float, roll: float
) -> None:
    overhead = box(1.5, 2.0, seed, size=(4.0, 3.0, 0.5), z=6.0)
    others = boxes(random_boxes(12, seed, within=30.0), overhead)
    view = Viewpoint(np.array([1.0, 2.0, 2.0]), rotation(heading, pitch, roll))
    rays = fan(channels=16, columns=90, lowest=-0.6, highest=0.4)
    placed = boxes_around(others, view)
    ground = flat().lower
    depth, out = np.empty((90, 16)), np.empty((90 * 16, 4), dtype=np.float32)

    count = sweep(
        *(ground, placed, rays, view.place, view.turn, np.array([60.0, 0, 0, 0, 0])),
        *(np.uint64(1), scratch(), depth, out),
    )

    directions = np.array(
        [
            (level * cos, level * sin, rise)
            for cos, sin in rays.around.tolist()
            for level, rise in rays.upwards.tolist()
        ]
    )
    away, met = np.empty(len(directions)), np.empty(len(directions), dtype=np.int64)
    cast(ground, placed, view.place, view.turn, directions, 60.0, away, met)
    hit = away < 60.0
    assert count == hit.sum()
    assert out[:count, :3] == pytest.approx(directions[hit] * away[hit, None], abs=1e-4)


def test_fog_ends_the_range_and_rain_drops_rays() -> None:
    clear, fog, rain = (
        points(weather=weather)
        for weather in (Weather(), Weather(visual_range=40.0), Weather(rain=20.0))
    )

    reach = [np.hypot(each[:, 0], each[:, 1]).max() for each in (clear, fog)]
    assert reach[0] > 60
    assert reach[1] < math.log(1 / lidars.FAINT) / (3 / 40 + 0.004) + 0.1
    assert 0.85 < len(rain) / len(clear) < 0.95


def test_darkness_changes_nothing() -> None:
    assert (points(box(9.0)) == points(box(9.0), weather=Weather(light=0.0))).all()


def test_a_reading_is_its_seed_s_and_its_frame_s() -> None:
    first, again = points(box(9.0), frame=4, seed=8), points(box(9.0), frame=4, seed=8)

    assert first.tobytes() == again.tobytes()
    assert first.tobytes() != points(box(9.0), frame=6, seed=8).tobytes()
    assert first.tobytes() != points(box(9.0), frame=4, seed=9).tobytes()


def kerbed() -> Terrain:
    """A road along x of two lanes of 3.5 m with raised sidewalks of 2 m."""
    height = '<height sOffset="0" inner="0.15" outer="0.15"/><link>'
    walk = [lane(n, kind="sidewalk", width=2).replace("<link>", height) for n in (2, -2)]
    return terrain_of(roads.loads(xodr(road(sections=[section(lane(1), lane(-1), *walk)]))))


def test_kerbs_are_met_where_lanes_are_raised() -> None:
    found = read(LIDAR, scene(place=(50.0, 0.0, 0.0)), terrain=kerbed(), z=UP)

    near = found[np.abs(found[:, 0]) < 8]
    on_road = near[np.abs(near[:, 1]) < 3.2]
    on_walk = near[(np.abs(near[:, 1]) > 3.9) & (np.abs(near[:, 1]) < 5.2)]
    assert len(on_road) > 1000
    assert len(on_walk) > 500
    assert on_road[:, 2] == pytest.approx(-UP, abs=0.08)
    assert on_walk[:, 2] == pytest.approx(-UP + 0.15, abs=0.08)


def test_points_on_a_hilly_road_lie_on_its_surface() -> None:
    network = roads.loads(hilly())
    pose = network.lane_pose("h", -1, 30.0)
    what = scene(
        place=(pose.x, pose.y, pose.z), heading=pose.heading, pitch=pose.pitch, roll=pose.roll
    )

    found = read(LIDAR, what, terrain=terrain_of(network), z=UP).astype(float)

    found[:, 1] *= -1.0
    found[:, 2] += UP
    turn = rotation(pose.heading, pose.pitch, pose.roll)
    world = (found[:, None, :3] * turn[None, :, :]).sum(axis=2) + np.array(pose[:3])
    located = network.locate_many(world[:, 0], world[:, 1], types={"driving"})
    inside = (located.outside == 0) & (np.hypot(found[:, 0], found[:, 1]) < 20)
    off = np.abs(world[inside, 2] - located.z[inside])
    assert inside.sum() > 2000
    assert np.percentile(off, 95) < 0.06


def test_an_empty_scene_under_the_ground_gives_no_points() -> None:
    found = read(LIDAR, scene(no_others(), place=(0, 0, -50.0)))

    assert found.shape == (0, 4)
