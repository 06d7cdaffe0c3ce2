"""Mutated maps: a network that answers, or BadMap; never another error.

What the longer runs broke is kept as tests of its own below.
"""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings

from concours.driving import roads
from tests.driving.roads.maps import SMALL
from tests.driving.roads.mutation import exercise, mutated
from tests.factories.driving import geometry, lane, road, section, xodr


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutated(list(SMALL)))
def test_a_mutated_map_is_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(roads.BadMap):
        exercise(roads.loads(data))


def test_a_road_as_wide_as_the_world_does_not_fill_the_memory() -> None:
    """Every strip touched every cell: 16 GB."""
    wide = section(lane(-1, width=1e9))
    plan = geometry("<line/>", length=20_000)

    network = roads.loads(xodr(road(length=20_000, plan=plan, sections=[wide])))

    assert len(network.cells.cell_strips) < 2**25
    found = network.locate(10_000, -1e8)
    assert found is not None
    assert found.offset == pytest.approx(4e8)


def test_lane_ids_far_apart_do_not_fill_the_memory() -> None:
    """All whole numbers between two ids were listed."""
    network = roads.loads(xodr(road(sections=[section(lane(999_999_999), lane(-1))])))

    assert network.lanes("1", 0.0) == (999_999_999, -1)
    assert network.lane_pose("1", 999_999_999, 50.0).y == 1.75


def test_a_point_far_from_a_small_map_is_answered_at_once() -> None:
    """Rings of empty cells were walked outside the grid."""
    network = roads.loads(xodr(road()))

    assert network.locate(7e8, 0.5, within=1.0) is None
    assert network.locate(7e8, 0.5, within=1e9) is not None
    assert network.locate(-3e8, -7e8, within=1e9) is not None
