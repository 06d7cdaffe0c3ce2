"""From the world to lanes: bridges, hints, types, distance."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concours.driving import roads
from tests.driving.roads.maps import bridge, fork
from tests.driving.roads.shared import map_file, needs_data
from tests.factories.driving import lane, road, section, xodr


def test_height_tells_a_bridge_from_what_is_under_it() -> None:
    built = roads.loads(bridge())

    over, under = built.locate(50, -1, 6.0), built.locate(50, -1, 0.5)

    assert over is not None
    assert under is not None
    assert (over.road, over.z) == ("over", 6.0)
    assert (under.road, under.z) == ("under", 0.0)


def test_heading_tells_crossing_roads_apart() -> None:
    built = roads.loads(bridge())

    along = built.locate(50, -1, heading=0.0)
    across = built.locate(50.5, -1, heading=math.pi / 2)

    assert along is not None
    assert across is not None
    assert (along.road, along.lane) == ("under", -1)
    assert (across.road, across.lane) == ("over", -1)


def test_the_route_decides_where_a_fork_has_not_parted() -> None:
    built = roads.loads(fork())

    left = built.locate(101, -1.7, 0.0, 0.0, route=["1", "11", "3"])
    straight = built.locate(101, -1.7, 0.0, 0.0, route=["1", "10", "2"])

    assert left is not None
    assert straight is not None
    assert (left.road, straight.road) == ("11", "10")


def test_an_overtaker_is_in_the_lane_that_it_is_in() -> None:
    built = roads.loads(xodr(road()))

    found = built.locate(50, 1.75, heading=0.0)

    assert found is not None
    assert (found.lane, found.offset) == (1, 0.0)


def test_only_the_types_asked_for_are_found() -> None:
    built = roads.loads(xodr(road(sections=[section(lane(-1), lane(-2, kind="sidewalk"))])))

    walking = built.locate(50, -1.75, types=roads.WALKABLE)

    assert walking is not None
    assert (walking.lane, walking.outside) == (-2, 1.75)
    assert built.locate(50, -1.75, types={"tram"}) is None


@pytest.mark.parametrize(("x", "y"), [(-30.0, 0.5), (50.0, 40.0), (1000.0, 0.5), (-3e5, 7e8)])
def test_far_points_are_found_within_a_distance_only(x: float, y: float) -> None:
    built = roads.loads(xodr(road()))
    away = math.dist((x, y), (min(max(x, 0), 100), min(max(y, -3.5), 3.5)))

    found = built.locate(x, y, within=away + 1e-6 * away)

    assert found is not None
    assert found.outside == pytest.approx(away)
    assert built.locate(x, y, within=0.999 * away) is None


def test_not_a_number_is_nowhere() -> None:
    built = roads.loads(xodr(road()))

    found = built.locate_many([math.nan, math.inf, 50.0], [0.0, 0.0, -math.inf])

    assert (found.road == -1).all()
    assert np.isnan(found.s).all()


@settings(deadline=None, max_examples=200)
@given(st.floats(-150, 300), st.floats(-150, 250))
def test_the_grid_finds_what_looking_everywhere_finds(x: float, y: float) -> None:
    """Nearest by brute force over fine samples of every lane's area."""
    built = roads.loads(fork()) if not _BUILT else _BUILT[0]
    _BUILT[:] = [built]

    found = built.locate(x, y, within=500.0)

    assert found is not None
    assert found.outside <= _brute_force(built, x, y) + 1e-9
    assert found.outside >= _brute_force(built, x, y) - 0.3  # as fine as the samples are


_BUILT: list[roads.RoadNetwork] = []
_SAMPLES: list[np.ndarray] = []


def _brute_force(built: roads.RoadNetwork, x: float, y: float) -> float:
    if not _SAMPLES:
        for index, name in enumerate(built.road_ids):
            s = np.linspace(0, built.length(name), 500)
            for number in built.lanes(name, 0.0):
                inner, outer = built.lane_borders(name, number, 0.0)
                for t in np.linspace(inner, outer, 8):
                    pose = built.road_poses(index, s, t)
                    _SAMPLES.append(np.stack([pose.x, pose.y], axis=1))
        _SAMPLES[:] = [np.concatenate(_SAMPLES)]
    return float(np.hypot(*(_SAMPLES[0] - (x, y)).T).min())


@needs_data
def test_points_in_a_town_have_one_answer_alone_or_in_a_batch() -> None:
    built = roads.load(map_file("Town01"), cache=False)
    rng = np.random.default_rng(5)
    x0, y0, x1, y1 = built.bounds()
    x, y = rng.uniform(x0, x1, 300), rng.uniform(y0, y1, 300)

    batch = built.locate_many(x, y)
    single = [built.locate(a, b) for a, b in zip(x, y, strict=True)]

    for i, one in enumerate(single):
        if one is None:
            assert batch.road[i] == -1
        else:
            assert built.road_ids[batch.road[i]] == one.road
            assert (batch.lane[i], batch.s[i], batch.offset[i]) == (one.lane, one.s, one.offset)
