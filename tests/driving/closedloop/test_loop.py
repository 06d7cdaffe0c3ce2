"""The loop: who is asked what and when, how a run ends, and that a log leads the same way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from concours.driving.agents import Control, DirectControl, Missed
from concours.driving.closedloop import NoTask
from concours.driving.closedloop.loop import Drive, End, Setting, drive, replay
from concours.driving.results import trace_digest
from concours.driving.scenarios import Scenario
from tests.driving.closedloop.test_asking import late, reach, stop
from tests.factories.algorithms import GO, Scripted
from tests.factories.moves import element, on_lane, private
from tests.factories.worlds import ahead, build, opened, straight, when

ROAD = straight(600)
SENSORS = [
    {"type": "sensor.other.gnss", "id": "gps"},
    {"type": "sensor.other.imu", "id": "imu"},
    {"type": "sensor.speedometer", "id": "speed"},
]


def asked(folder: Path, *init: str, goal: float = 60, limit: float = 20, **how: Any) -> Scenario:
    """A scenario in which Ego, at 20 m, is to get to the goal in time."""
    where = stop(reach(on_lane("1", -1, goal)), late(limit))
    start = init or (ahead("Ego", 20, 0), ahead("Other", 250, 0))
    return build(folder, *start, where=ROAD, stop=where, **how).scenario


def go(scenario: Scenario, algorithm: Scripted, **how: Any) -> Drive:
    return drive(scenario, algorithm, network=opened(ROAD), **how)


def same(scenario: Scenario, made: Drive, setting: Setting | None = None) -> bool:
    """Whether the control log alone leads to the same trace."""
    again = replay(
        scenario, made.run.controls, setting=setting, network=opened(ROAD), fault=made.run.fault
    )
    return trace_digest(again.trace) == trace_digest(made.run.trace)


def test_it_ends_at_the_goal(tmp_path: Path) -> None:
    scenario, algorithm = asked(tmp_path), Scripted()

    made = go(scenario, algorithm)

    assert made.end is End.ARRIVED
    assert made.run.trace.of("Ego", "x")[-1] == pytest.approx(56, abs=0.6)
    assert len(made.run.controls) == len(made.run.trace.times) - 1
    assert (algorithm.stopped, algorithm.closed) == (1, 1)
    assert same(scenario, made)


def test_it_ends_when_time_is_over(tmp_path: Path) -> None:
    scenario = asked(tmp_path, limit=3)

    made = go(scenario, Scripted(Control(brake=1.0)))

    assert made.end is End.LATE
    assert made.run.trace.times[-1] == pytest.approx(3.0, abs=0.06)
    assert same(scenario, made)


def test_it_ends_when_the_ego_is_taken_away(tmp_path: Path) -> None:
    away = element(
        "GlobalAction",
        element("EntityAction", element("DeleteEntityAction"), entityRef="Ego"),
    )
    scenario = asked(tmp_path, events=[when(1.0, away)])

    made = go(scenario, Scripted())

    assert made.end is End.STORYBOARD
    assert same(scenario, made)


def test_a_fault_ends_it_and_is_told(tmp_path: Path) -> None:
    scenario, algorithm = asked(tmp_path), Scripted(fails_at=40)

    made = go(scenario, algorithm)

    assert (made.end, made.kind) == (End.FAULT, "raised")
    assert "no idea" in made.run.fault
    assert len(made.run.trace.times) == 41
    assert (algorithm.stopped, algorithm.closed) == (0, 1)
    assert same(scenario, made)


def test_forbidden_sensors_are_a_fault_before_the_first_step(tmp_path: Path) -> None:
    algorithm = Scripted(sensors=[{"type": "sensor.object_list", "id": "truth"}])

    made = go(asked(tmp_path), algorithm)

    assert (made.end, made.kind) == (End.FAULT, "bad sensors")
    assert "sensor.object_list" in made.run.fault
    assert algorithm.told == []
    assert len(made.run.controls) == 0


def test_each_frame_is_asked_once_and_in_order(tmp_path: Path) -> None:
    algorithm = Scripted(sensors=SENSORS)

    made = go(asked(tmp_path), algorithm)

    assert list(made.sensors) == SENSORS
    frames = [frame for frame, _, _ in algorithm.told]
    times = [time for _, time, _ in algorithm.told]
    assert frames == list(range(len(made.run.controls)))
    assert times == pytest.approx([0.05 * frame for frame in frames])
    assert {tuple(sorted(readings)) for _, _, readings in algorithm.told} == {
        ("gps", "imu", "speed")
    }


def test_what_it_reads_is_what_the_vehicle_does(tmp_path: Path) -> None:
    algorithm = Scripted(sensors=SENSORS)

    made = go(asked(tmp_path), algorithm)

    told = [readings["speed"][1]["speed"] for _, _, readings in algorithm.told]
    assert told == pytest.approx(made.run.trace.of("Ego", "speed")[:-1].tolist(), abs=1e-9)
    at_rest = algorithm.told[0][2]["imu"][1]
    assert at_rest[2] == pytest.approx(9.81, abs=0.1)
    assert at_rest[6] == pytest.approx(np.pi / 2)  # to the east


def test_the_way_is_told_and_nothing_else(tmp_path: Path) -> None:
    algorithm = Scripted()

    go(asked(tmp_path, goal=220), algorithm)

    assert algorithm.briefing is not None
    plan = algorithm.briefing.plan
    assert (plan[0].x, plan[-1].x) == pytest.approx((20, 220))
    assert {point.command for point in plan} == {"LANEFOLLOW"}


def test_a_missed_step_keeps_the_control(tmp_path: Path) -> None:
    def answer(frame: int, readings: Any) -> Control | Missed:
        return GO if frame < 10 else Missed(frame=frame)

    made = go(asked(tmp_path), Scripted(answer))

    assert made.end is End.ARRIVED
    assert (made.run.controls == made.run.controls[0]).all()


def test_direct_control_will_do(tmp_path: Path) -> None:
    scenario = asked(tmp_path)

    made = go(scenario, Scripted(DirectControl(acceleration=2.0)))

    assert made.end is End.ARRIVED
    assert made.run.controls[0].tolist() == [1, 2, 0, 0, 0, 0]
    assert same(scenario, made)


def test_noise_depends_on_the_seed_and_motion_does_not(tmp_path: Path) -> None:
    scenario = asked(tmp_path)
    one, same_seed, other = (Scripted(sensors=SENSORS) for _ in range(3))

    first = go(scenario, one, setting=Setting(seed=1))
    go(scenario, same_seed, setting=Setting(seed=1))
    second = go(scenario, other, setting=Setting(seed=2))

    fixes = [[r["gps"][1].tobytes() for _, _, r in each.told] for each in (one, same_seed, other)]
    assert fixes[0] == fixes[1]
    assert fixes[0] != fixes[2]
    assert trace_digest(first.run.trace) == trace_digest(second.run.trace)


def test_the_time_is_told_once_a_frame(tmp_path: Path) -> None:
    seen: list[float] = []

    made = go(asked(tmp_path), Scripted(), watch=lambda time, task: seen.append(time))

    assert seen == made.run.trace.times[1:].tolist()


def test_the_scenario_cannot_take_the_wheel_back(tmp_path: Path) -> None:
    lateral = element("AssignControllerAction", element("Controller", name="HeroAgent"))
    assign = private(element("ControllerAction", lateral))
    meddled = asked(tmp_path / "a", events=[when(1.0, assign)])

    made = go(meddled, Scripted())

    plain = go(asked(tmp_path / "b"), Scripted())
    assert made.run.trace.of("Ego", "x").tobytes() == plain.run.trace.of("Ego", "x").tobytes()


def test_a_scenario_without_a_goal_is_nobodys_fault(tmp_path: Path) -> None:
    scenario = build(tmp_path, ahead("Ego", 20, 0), where=ROAD).scenario

    with pytest.raises(NoTask):
        go(scenario, Scripted())


def test_logs_of_another_shape_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="control log"):
        replay(asked(tmp_path), np.zeros((3, 5)), network=opened(ROAD))
