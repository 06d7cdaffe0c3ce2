"""Runs that the world has played: what its traces tell reaches the scores."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from concours.driving.closedloop import Run, Task
from concours.driving.scoring import observe, score
from concours.driving.world import Trace
from tests.factories.moves import element
from tests.factories.runs import STEP, lit, street
from tests.factories.worlds import ahead, opened, play, when

WHERE = street(more=lit(60.0))


def as_run(trace: Trace) -> Run:
    task = Task(
        ego="Ego",
        start=(10.0, -1.75, 0.0, 0.0),
        goal=(90.0, -1.75, 0.0),
        radius=3.0,
        mileage=80.0,
        time_limit=33.0,
        speed_limit=15.0,
        route=opened(WHERE).find_route(("1", -1, 10.0), ("1", -1, 90.0)),
    )
    controls = np.zeros((len(trace.times), 5))
    return Run(task=task, trace=trace, network=opened(WHERE), controls=controls)


def light(state: str) -> str:
    action = element("TrafficSignalStateAction", name="7", state=state)
    signal = element("TrafficSignalAction", action)
    return element("GlobalAction", element("InfrastructureAction", signal))


def test_a_drive_into_a_standing_car(tmp_path: Path) -> None:
    trace = play(
        tmp_path, ahead("Ego", 10, 8.0), ahead("Other", 50, 0.0), where=WHERE, control=STEP
    )
    seen = observe(as_run(trace))

    (hit,) = seen.collisions
    # cars of 4 m, their middles 1 m ahead of the reference points: 36 m at 8 m/s
    assert hit.time == pytest.approx(4.5, abs=0.051)
    assert (hit.how, hit.at_fault) == ("into a standing one", True)
    assert seen.nearest[0] == pytest.approx(36.0, abs=0.01)
    assert score(seen).value == score(seen, "carsmos-2023").value == 0.0


def test_a_standing_ego_that_is_hit_from_behind(tmp_path: Path) -> None:
    trace = play(
        tmp_path, ahead("Ego", 50, 0.0), ahead("Other", 10, 8.0), where=WHERE, control=STEP
    )
    (hit,) = observe(as_run(trace)).collisions

    assert (hit.how, hit.at_fault) == ("ego standing", False)


@pytest.mark.parametrize(("state", "run"), [("red", True), ("green", False)])
def test_a_light_that_the_scenario_switches(tmp_path: Path, state: str, run: bool) -> None:
    trace = play(
        tmp_path,
        ahead("Ego", 10, 10.0),
        ahead("Other", 300, 0.0),
        where=WHERE,
        control=STEP,
        events=(when(1.0, light(state)),),
    )
    seen = observe(as_run(trace))

    assert bool(seen.red_lights) == run
    assert seen.arrived
    assert seen.solid_lines == seen.lanes_left == ()
