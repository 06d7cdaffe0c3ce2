"""The same bits, however a run is cut into calls, whatever process makes it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from concours.driving.world import World
from tests.factories import scenarios as s
from tests.factories.moves import (
    assign,
    change_lane,
    controller,
    keep_distance,
    source,
    speed,
    swarm,
    traffic,
)
from tests.factories.worlds import ahead, build, car, once, racecourse, straight, when

SECONDS = 12.0


def busy(folder: Path, **how: object) -> World:
    """Actions that end at odd times, conditions, and a driver of ours."""
    limits = {"maxAcceleration": 2.0, "maxDeceleration": 4.0, "maxSpeed": 40.0}
    follower = assign(controller("ACC", setSpeed=22))
    return build(
        folder,
        ahead("Ego", 50, 13.7),
        ahead("Other", 90, 9.1),
        ahead("Third", 10, 20.3, follower, lane=-2),
        where=straight(2000),
        cars=(car("Ego"), car("Other"), car("Third", limits=(50, 4, 8))),
        events=(
            when(0.333, speed(21.9, "sinusoidal", "time", 2.717), name="a"),
            once('<TraveledDistanceCondition value="33.3"/>', change_lane(-2), name="b"),
            once('<SpeedCondition rule="greaterThan" value="17"/>', s.speed(9), name="c"),
            when(6.006, keep_distance("Other", timeGap=1.1, limits=limits), name="d"),
        ),
        **{"end": SECONDS, **how},
    )


def crowded(folder: Path, **how: object) -> World:
    """Traffic drawn from the seed."""
    flow = source(50, 0, radius=60, rate=1.0, speed=10)
    around = swarm("Ego", axes=(60, 40), inner=10, number=5, speed=8)
    return build(
        folder,
        ahead("Ego", 20, 8),
        traffic(flow, name="flow"),
        traffic(around, name="swarm"),
        where=racecourse(),
        cars=(car("Ego"),),
        **{"end": SECONDS, **how},
    )


def bits(world: World) -> bytes:
    trace = world.play()
    assert trace is not None
    return trace.values.tobytes()


def states(world: World) -> tuple[list[float], list[object]]:
    now = [
        value for name in world.names if world.is_in_scene(name) for value in world.state(name)[:6]
    ]
    record = [(each.time, each.path, each.move) for each in world.player.record]
    return now, record


@pytest.mark.parametrize("make", [busy, crowded])
def test_two_runs_are_alike(tmp_path: Path, make: Callable[..., World]) -> None:
    assert bits(make(tmp_path)) == bits(make(tmp_path))


def test_how_often_frames_come_changes_nothing(tmp_path: Path) -> None:
    traces = {}
    for control in (0.01, 0.05, 0.5):
        traces[control] = busy(tmp_path, control=control).play()

    fine = traces[0.01]
    assert fine is not None
    for control, trace in traces.items():
        assert trace is not None
        every = round(control / 0.01)
        np.testing.assert_array_equal(fine.times[::every], trace.times)
        assert fine.values[::every].tobytes() == trace.values.tobytes()
        assert fine.record == trace.record


@pytest.mark.parametrize("make", [busy, crowded])
@pytest.mark.parametrize("chunk", [1, 7, 97, 1000])
def test_steps_without_frames_come_to_the_same(
    tmp_path: Path, make: Callable[..., World], chunk: int
) -> None:
    watched = make(tmp_path, control=0.05)
    for _ in watched.run():
        pass
    skipped = make(tmp_path, control=0.05, record=False)

    while not skipped.ended:
        skipped.skip(chunk)

    assert skipped.time == watched.time
    assert states(skipped) == states(watched)


def test_seeds_draw_other_traffic(tmp_path: Path) -> None:
    one, again, other = (bits(crowded(tmp_path, seed=seed)) for seed in (1, 1, 2))

    assert one == again
    assert one != other


def test_another_process_makes_the_same_bits(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib, hashlib\n"
        "from tests.driving.world.test_determinism import bits, busy, crowded\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "print(*(hashlib.sha256(bits(make(folder))).hexdigest() for make in (busy, crowded)))\n"
    )
    here = [hashlib.sha256(bits(make(tmp_path))).hexdigest() for make in (busy, crowded)]
    strange = {"PYTHONHASHSEED": "12345", "NUMBA_NUM_THREADS": "1", "OMP_NUM_THREADS": "3"}

    there = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        cwd=Path(__file__).parents[3],
        env={**os.environ, **strange},
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()

    assert there == here
