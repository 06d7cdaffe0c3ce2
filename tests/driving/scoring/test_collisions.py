"""Who is at fault, as nuPlan has it."""

from __future__ import annotations

import math

import pytest

from concours.driving.scoring import observe
from tests.driving.roads.maps import fork
from tests.factories.runs import GOAL, START, drive, moving, other, reasonable, run_of

# the ego's front is 3 m ahead of its reference point, others' rear 1 m behind theirs


def test_running_into_a_standing_car_is_the_egos_fault() -> None:
    stand = other("Parked", moving(0.0, seconds=120, x=START + 44.0))
    run = drive(10.0, others=[stand], touches=[(4.0, "Parked")])

    (hit,) = observe(run).collisions

    assert (hit.other, hit.kind, hit.how, hit.at_fault) == (
        "Parked",
        "vehicle",
        "into a standing one",
        True,
    )
    assert (hit.time, hit.closing, hit.own) == (4.0, pytest.approx(10.0), pytest.approx(10.0))
    assert (hit.x, hit.y) == (pytest.approx(START + 41.0), -1.75)


def test_running_into_a_slower_car_is_the_egos_fault() -> None:
    slow = other("Slow", moving(4.0, seconds=120, x=START + 24.0))
    (hit,) = observe(drive(8.0, others=[slow], touches=[(5.0, "Slow")])).collisions

    assert (hit.how, hit.at_fault, hit.closing) == ("front", True, pytest.approx(4.0))


def test_a_standing_ego_is_never_at_fault() -> None:
    fast = other("Fast", moving(10.0, seconds=10, x=START - 54.0))
    (hit,) = observe(drive(0.0, seconds=10, others=[fast], touches=[(5.0, "Fast")])).collisions

    assert (hit.how, hit.at_fault, hit.own) == ("ego standing", False, 0.0)
    assert hit.closing == pytest.approx(10.0)


def test_a_moving_ego_hit_from_behind_is_not_at_fault() -> None:
    fast = other("Fast", moving(12.0, seconds=120, x=START - 24.0))
    (hit,) = observe(drive(8.0, others=[fast], touches=[(5.0, "Fast")])).collisions

    assert (hit.how, hit.at_fault) == ("from behind", False)


def test_reversing_into_another_is_the_egos_fault() -> None:
    follower = other("Follower", moving(1.0, seconds=10, x=START - 10.0))
    run = drive(-2.0, seconds=10, others=[follower], touches=[(2.0, "Follower")])

    (hit,) = observe(run).collisions

    assert (hit.how, hit.at_fault) == ("front", True)


@pytest.mark.parametrize(("y", "fault"), [(-1.75, False), (-3.4, True)])
def test_a_touch_at_the_side_is_the_egos_fault_where_it_is_in_two_lanes(
    y: float, fault: bool
) -> None:
    ego = moving(8.0, seconds=20, x=START, y=y)
    beside = other("Beside", moving(8.1, seconds=20, x=START - 1.0, y=y - 2.0))
    (hit,) = observe(drive(8.0, ego=ego, others=[beside], touches=[(1.0, "Beside")])).collisions

    assert (hit.how, hit.at_fault) == ("side", fault)


@pytest.mark.parametrize(
    ("category", "kind", "vulnerable"),
    [
        ("pedestrian", "pedestrian", True),
        ("animal", "pedestrian", True),
        ("bicycle", "vehicle", True),
        ("truck", "vehicle", False),
        ("misc", "static", False),
    ],
)
def test_kinds(category: str, kind: str, vulnerable: bool) -> None:
    stand = other("It", moving(0.0, seconds=60, x=START + 44.0), kind=category)
    (hit,) = observe(drive(10.0, others=[stand], touches=[(4.0, "It")])).collisions

    assert (hit.kind, hit.vulnerable) == (kind, vulnerable)


def test_touching_the_same_again_within_five_seconds_is_the_same_collision() -> None:
    stand = other("It", moving(0.0, seconds=60, x=START + 44.0))
    touches = [(4.0, "It"), (6.0, "It"), (10.0, "It"), (15.5, "It")]
    run = drive(4.0, others=[stand], touches=touches)

    assert [hit.time for hit in observe(run).collisions] == [4.0, 15.5]


def test_what_others_do_to_each_other_or_after_the_arrival_is_not_the_egos() -> None:
    far = other("Far", moving(0.0, seconds=120, x=GOAL + 100.0))
    run = reasonable(others=[far], touches=[(100.0, "Far")])

    assert observe(run).collisions == ()


def test_near_and_in_time() -> None:
    # 30 m from reference to reference leave 26 m; at 10 m/s
    stand = other("It", moving(0.0, seconds=2, x=START + 30.0))
    seen = observe(drive(10.0, seconds=2, others=[stand]))

    assert seen.nearest[0] == pytest.approx(26.0)
    assert seen.collision_in[0] == pytest.approx(2.6)
    assert seen.nearest[20] == pytest.approx(16.0)


def test_who_is_beside_or_behind_has_no_time_to_collision_in_ones_own_lane() -> None:
    behind = other("Behind", moving(20.0, seconds=2, x=START - 30.0))
    seen = observe(drive(10.0, seconds=2, others=[behind]))

    assert math.isinf(seen.collision_in.min())
    assert seen.nearest[0] == pytest.approx(26.0)


def test_one_in_ones_own_lane_on_the_bridge_above_is_not_near() -> None:
    above = other("Above", moving(0.0, seconds=2, x=START + 10.0, z=6.0))
    seen = observe(drive(10.0, seconds=2, others=[above]))

    assert math.isinf(seen.nearest.min())
    assert math.isinf(seen.collision_in.min())


def test_the_traffic_is_that_of_vehicles_around() -> None:
    others = [
        other("a", moving(6.0, seconds=2, x=30.0, y=-5.25)),
        other("b", moving(10.0, seconds=2, x=40.0, y=-5.25)),
        other("far", moving(20.0, seconds=2, x=200.0, y=-5.25)),
        other("walker", moving(1.0, seconds=2, x=20.0, y=-12.0), kind="pedestrian"),
    ]
    seen = observe(drive(8.0, seconds=2, others=others))

    assert seen.traffic == pytest.approx(8.0)


def test_without_others_and_without_a_map() -> None:
    seen = observe(run_of(moving(5.0, seconds=3), goal=(10.0, -1.75)))

    assert math.isinf(seen.nearest.min())
    assert seen.collisions == seen.red_lights == seen.lanes_left == seen.solid_lines == ()
    assert seen.arrival == pytest.approx(1.4)
    assert seen.limit == pytest.approx(15.0)


def test_being_hit_at_the_side_in_a_junction_is_not_the_egos_fault() -> None:
    # road 10 of the fork is 20 m of junction from x = 100 on
    ego = moving(8.0, seconds=20, x=START)
    crossing = other("Runner", moving(0.0, seconds=20, x=107.0, y=-5.0, heading=math.pi / 2))
    crossing[1]["speed"] += 6.0
    run = run_of(
        ego, where=fork(), goal=(200.0, -1.75), others=[crossing], touches=[(12.0, "Runner")]
    )

    (hit,) = observe(run).collisions

    assert (hit.how, hit.at_fault) == ("side", False)
