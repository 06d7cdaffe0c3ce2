"""The 28 training scenarios: the table's figures, and events that happen to whoever drives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from lxml import etree

from concours.driving import scenarios
from concours.driving.challenge import PLANS, Plan, files
from concours.driving.scenarios.machine import Kind, Move
from concours.driving.world import World
from tests.factories.challenge import FOLDER, hits, naive, opened, started

TABLE = {
    1: (131.85, 53, "day", "sunny"), 2: (97.99, 40, "day", "rain"), 3: (108.66, 44, "day", "fog"),
    4: (198.00, 80, "night", "clear"), 5: (106.02, 43, "day", "sunny"),
    6: (85.89, 35, "night", "rain"), 7: (97.56, 40, "day", "sunny"), 8: (88.00, 36, "day", "fog"),
    9: (154.15, 62, "night", "fog"), 10: (162.00, 65, "night", "clear"),
    11: (131.99, 53, "day", "sunny"), 12: (72.07, 29, "night", "fog"),
    13: (88.04, 36, "day", "sunny"), 14: (97.46, 39, "day", "rain"),
    15: (85.91, 35, "night", "clear"), 16: (92.66, 38, "night", "rain"),
    17: (79.65, 32, "day", "sunny"), 18: (96.87, 39, "night", "fog"),
    19: (93.48, 38, "night", "clear"), 20: (85.48, 35, "day", "rain"),
    21: (133.99, 54, "night", "clear"), 22: (115.58, 47, "day", "fog"),
    23: (117.89, 48, "day", "fog"), 24: (172.73, 70, "night", "clear"),
    25: (181.91, 73, "day", "sunny"), 26: (138.00, 56, "night", "rain"),
    27: (81.52, 33, "day", "fog"), 28: (100.42, 41, "night", "clear"),
}  # fmt: skip
"""The challenge's public table: metres, seconds, light, weather."""
SEVERAL = {25: 4, 26: 3, 27: 2, 28: 2}
"""Events where there is not one."""
by_name = pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.name)


def number_of(plan: Plan) -> int:
    return int(plan.name.removeprefix("train"))


def shipped(plan: Plan) -> Path:
    return FOLDER / "scenarios" / f"{plan.name}.xosc"


def lane_of(node: etree._Element | None) -> tuple[str, int, float]:
    assert node is not None
    return str(node.get("roadId")), int(str(node.get("laneId"))), float(str(node.get("s")))


def test_what_is_shipped_is_what_is_written() -> None:
    written = dict(files())
    kept = {
        str(path.relative_to(FOLDER)): path.read_bytes()
        for path in FOLDER.rglob("*")
        if path.suffix in (".xodr", ".xosc")
    }
    assert sorted(kept) == sorted(written)
    assert [name for name in kept if kept[name] != written[name]] == []
    assert len(kept) == 2 + 28


@by_name
def test_mileage_limit_and_weather_are_the_tables(plan: Plan) -> None:
    mileage, limit, light, weather = TABLE[number_of(plan)]
    root = etree.parse(shipped(plan)).getroot()
    ego, stop = root.find(".//Private[@entityRef='Ego']"), root.find("Storyboard/StopTrigger")
    assert ego is not None
    assert stop is not None

    start = lane_of(ego.find(".//TeleportAction//LanePosition"))
    goal = lane_of(stop.find(".//ReachPositionCondition//LanePosition"))
    route = opened()[plan.map_name].find_route(start, goal)

    assert route is not None
    assert route.length == pytest.approx(mileage, rel=0.02)
    seconds = stop.find(".//SimulationTimeCondition")
    assert seconds is not None
    assert float(str(seconds.get("value"))) == limit
    sky = root.find(".//Environment")
    assert sky is not None
    assert sky.get("name") == f"{light}, {weather}"


@by_name
def test_check_finds_nothing(plan: Plan) -> None:
    assert scenarios.check(shipped(plan)) == []


@by_name
def test_nobody_driving_stands_until_the_time_is_over(plan: Plan) -> None:
    trace = World(scenarios.load(shipped(plan)), network=opened()[plan.map_name]).play()
    assert trace is not None
    assert trace.notes == ()
    assert trace.end == "storyboard"
    assert trace.times[-1] == pytest.approx(plan.limit, abs=0.1)
    assert np.ptp(trace.of("Ego", "x")) == 0.0
    assert [touch for touch in trace.touches if touch.first == 0] == []


@by_name
def test_each_event_meets_a_naive_driver(plan: Plan, tmp_path: Path) -> None:
    draft = plan.draft(opened()[plan.map_name])
    trace = naive(draft, tmp_path)

    assert len(draft.happenings) == SEVERAL.get(number_of(plan), 1)
    assert trace.times[-1] < plan.limit  # it arrives
    for happening in draft.happenings:
        assert hits(trace, happening), happening.kind
        if happening.start:
            assert len(started(trace, happening)) == 1
            assert any(
                each.move is Move.START and each.kind is Kind.ACTION
                and each.name.startswith(happening.start)
                for each in trace.record
            )  # fmt: skip


@pytest.mark.parametrize("speed", [6.0, 11.0])
@pytest.mark.parametrize(
    "plan", [plan for plan in PLANS if number_of(plan) in (1, 5, 9, 11, 14, 21)],
    ids=lambda plan: plan.name,
)  # fmt: skip
def test_events_happen_at_other_speeds_too(plan: Plan, speed: float, tmp_path: Path) -> None:
    draft = plan.draft(opened()[plan.map_name])
    trace = naive(draft, tmp_path, speed=speed)
    assert all(hits(trace, happening) for happening in draft.happenings)


@by_name
def test_lights_are_green_for_who_drives_between_four_and_nine_metres_a_second(plan: Plan) -> None:
    draft = plan.draft(opened()[plan.map_name])
    world = World(scenarios.load(shipped(plan)), network=opened()[plan.map_name])
    for metres, line in draft.way.stops:
        for speed in (4.0, 6.0, 9.0):
            for signal in line.signals:
                assert world.player.board.state(signal, metres / speed) == "green"
