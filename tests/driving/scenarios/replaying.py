"""A host that replays an independent player's trace: its motion, and when its actions ended.

What the storyboard makes of it is then the storyboard's doing alone.
"""

from __future__ import annotations

import csv
import math
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from concours.driving.scenarios import conditions as c
from concours.driving.scenarios.machine import (
    ESMINI,
    HostAction,
    Kind,
    Measure,
    Move,
    Player,
    Record,
    Running,
)
from concours.driving.scenarios.positions import LanePosition, RoadPosition
from concours.driving.scenarios.scenario import Scenario

STEP = 0.01


@dataclass
class Until:
    """An action that ends when the trace says that it did (or never)."""

    host: ReplayHost
    end: float

    def done(self) -> bool:
        return self.host.now >= self.end - 1e-6

    def stop(self) -> None:
        pass


class ReplayHost:
    """Implements `machine.Host` on a trace; what it cannot measure is None."""

    def __init__(self, scenario: Scenario, trace: Path) -> None:
        self.scenario = scenario
        self.now = 0.0
        self.states = _states(trace)
        self.events = list(csv.DictReader(trace.with_suffix(".events.csv").open()))
        self.ends: dict[str, list[float]] = defaultdict(list)
        for event in self.events:
            if event["transition"] == "endTransition" or "Light" in event["element"]:
                self.ends[event["element"]].append(float(event["time"]))
        self.unmeasured: set[str] = set()
        self._name = ""
        self.player = Player(scenario, self, conventions=ESMINI, observer=self._observe)

    @property
    def time(self) -> float:
        return self.now

    def _observe(self, record: Record) -> None:
        if record.kind is Kind.ACTION and record.move is Move.START:
            self._name = record.name

    def run(self) -> list[Record]:
        last = max(float(event["time"]) for event in self.events)
        for number in range(round(last / STEP) + 12):  # the trace has ten states a second
            self.now = number * STEP
            if number == 0:
                self.player.begin()
            self.player.evaluate()
            self.player.settle()
            if self.player.finished:
                break
        return self.player.record

    def start(self, action: HostAction, actor: str | None) -> Running:
        ends = [end for end in self.ends[self._name] if end >= self.now - 0.03]
        return Until(self, ends[0] if ends else math.inf)

    def at(self, name: str) -> dict[str, float] | None:
        if name not in self.states:
            return None
        times, rows = self.states[name]
        now = max(0.0, self.now - STEP)  # triggers see what the last step has left
        index = min(max(bisect_right(times, now) - 1, 0), len(times) - 2)
        part = min(1.0, (now - times[index]) / (times[index + 1] - times[index]))
        low, high = rows[index], rows[index + 1]
        state = {key: low[key] + part * (high[key] - low[key]) for key in low}
        turn = math.remainder(high["heading"] - low["heading"], 2 * math.pi)
        nearest = low if part < 0.5 else high
        return state | {
            "heading": low["heading"] + part * turn,
            "gain": high["gain"],
            "road": nearest["road"],
            "lane": nearest["lane"],
            "s": state["s"] if low["road"] == high["road"] else nearest["s"],
        }

    def measure(self, condition: c.EntityCondition, entity: str) -> Measure:
        match condition:
            case c.SpeedCondition() | c.StandStillCondition():
                return lambda: (state := self.at(entity)) and state["speed"]
            case c.AccelerationCondition():
                return lambda: (state := self.at(entity)) and state["gain"]
            case c.TraveledDistanceCondition():
                return lambda: (state := self.at(entity)) and state["way"]
            case c.RelativeSpeedCondition(entity_ref=other):
                return lambda: self._faster(entity, other)
            case c.RelativeDistanceCondition(entity_ref=other):
                along = condition.relative_distance_type.value == "longitudinal"
                return lambda: self._gap(entity, other, free=condition.freespace, along=along)
            case c.TimeHeadwayCondition(entity_ref=other):
                return lambda: self._headway(entity, other, free=condition.freespace)
            case c.TimeToCollisionCondition() if condition.target.entity is not None:
                other = condition.target.entity.entity_ref
                return lambda: self._collision(entity, other, free=condition.freespace)
            case c.ReachPositionCondition() | c.DistanceCondition() if isinstance(
                condition.position, LanePosition | RoadPosition
            ):
                place = condition.position
                return lambda: self._away(entity, place)
            case _:
                self.unmeasured.add(type(condition).__name__)
                return lambda: None

    def _pair(self, one: str, two: str) -> tuple[dict[str, float], dict[str, float]] | None:
        first, second = self.at(one), self.at(two)
        return (first, second) if first is not None and second is not None else None

    def _gap(self, one: str, two: str, *, free: bool, along: bool) -> float | None:
        """Metres from one to two: ahead is positive where only the way along counts."""
        pair = self._pair(one, two)
        if pair is None:
            return None
        first, second = pair
        dx, dy = second["x"] - first["x"], second["y"] - first["y"]
        gap = dx * math.cos(first["heading"]) + dy * math.sin(first["heading"])
        if not along:
            return math.hypot(dx, dy)
        if free:
            front, back = (one, two) if gap > 0 else (two, one)
            room = self._overhang(front, front=True) + self._overhang(back, front=False)
            gap = math.copysign(max(0.0, abs(gap) - room), gap)
        return gap

    def _overhang(self, name: str, *, front: bool) -> float:
        box = getattr(self.scenario.entities[name].entity, "bounding_box", None)
        if box is None:
            return 0.0
        return float(box.dimensions.length / 2 + (box.center.x if front else -box.center.x))

    def _headway(self, one: str, two: str, *, free: bool) -> float | None:
        pair = self._pair(one, two)
        gap = self._gap(one, two, free=free, along=True)
        if pair is None or gap is None or gap < 0 or pair[0]["speed"] < 1e-6:
            return None
        return gap / pair[0]["speed"]

    def _faster(self, one: str, two: str) -> float | None:
        pair = self._pair(one, two)
        return None if pair is None else pair[0]["speed"] - pair[1]["speed"]

    def _collision(self, one: str, two: str, *, free: bool) -> float | None:
        gap, faster = self._gap(one, two, free=free, along=True), self._faster(one, two)
        if gap is None or faster is None or gap < 0 or faster < 1e-6:
            return None
        return gap / faster

    def _away(self, entity: str, place: LanePosition | RoadPosition) -> float | None:
        """Metres along the entity's own road to a place on it; on other roads not known."""
        state = self.at(entity)
        if state is None or str(int(state["road"])) != place.road_id:
            return None
        return abs(state["s"] - place.s)

    def signal_state(self, name: str) -> str | None:
        return None

    def user_value(self, name: str) -> str | None:
        return None


_COLUMNS = ("x", "y", "heading", "speed", "road", "lane", "s")


def _states(trace: Path) -> dict[str, tuple[list[float], list[dict[str, float]]]]:
    found: dict[str, tuple[list[float], list[dict[str, float]]]] = {}
    for row in csv.DictReader(trace.open()):
        times, rows = found.setdefault(row["name"], ([], []))
        state = {key: float(row[key]) for key in _COLUMNS}
        before = rows[-1] if rows else state
        step = float(np.hypot(state["x"] - before["x"], state["y"] - before["y"]))
        state["way"] = before.get("way", 0.0) + step
        state["gain"] = (state["speed"] - before["speed"]) / 0.1
        times.append(float(row["time"]))
        rows.append(state)
    return found
