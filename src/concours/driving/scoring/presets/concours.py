"""Our own score: arrive, hit nobody by your own fault, keep the rules, and drive well."""

from __future__ import annotations

from dataclasses import dataclass

from concours.driving.closedloop import Run
from concours.driving.scoring import combining
from concours.driving.scoring.metrics import (
    arriving,
    colliding,
    comfort,
    nearing,
    ruling,
    speeding,
)
from concours.driving.scoring.observations import Observations
from concours.driving.scoring.records import Measure, Part, Score


@dataclass(frozen=True, slots=True, kw_only=True)
class Concours:
    """Gates, rules, and a mean of how well it was driven; the docs say why each is as it is.

    Attributes:
        unfinished: what a drive without arrival in time keeps, times the share of its way.
        red_light, stop_sign, lane_left, solid_line: the factor of each violation.
        time_to_collision, room, pace, speed, comfort: weights.
        brisk: the share of the time limit within which a drive is quick enough.
    """

    name: str = "concours"
    unfinished: float = 0.2
    red_light: float = 0.5
    stop_sign: float = 0.7
    lane_left: float = 0.7
    solid_line: float = 0.85
    time_to_collision: float = 4.0
    room: float = 3.0
    pace: float = 4.0
    speed: float = 3.0
    comfort: float = 3.0
    brisk: float = 0.6

    def __call__(self, given: Run | Observations) -> Score:
        """0 to 100."""
        if given.fault:
            return combining.failed(self.name, given)
        seen = combining.looked_at(given)
        means = (
            ("TimeToCollisionTest", nearing.time_left(seen), self.time_to_collision),
            ("NearMissTest", nearing.room_left(seen), self.room),
            ("PaceTest", arriving.pace(seen, full=self.brisk), self.pace),
            ("RoadSpeedLimitTest", speeding.mean_excess(seen), self.speed),
            ("ComfortTest", comfort.smoothness(seen), self.comfort),
        )
        factors = (
            ("CollisionTest", colliding.none_at_fault(seen)),
            ("ReachDestinationTest", self._arrival(seen)),
            ("RunRedLightTest", ruling.red_lights(seen, each=self.red_light)),
            ("StopSignTest", ruling.stop_signs(seen, each=self.stop_sign)),
            ("OnRoadTest", ruling.lanes_left(seen, each=self.lane_left)),
            ("OntoSolidLineTest", ruling.solid_lines(seen, each=self.solid_line)),
        )
        parts = [Part(name=name, measure=one, weight=weight) for name, one, weight in means]
        parts += [combining.factor(name, one) for name, one in factors]
        return combining.combined(self.name, seen, parts)

    def _arrival(self, seen: Observations) -> Measure:
        """1 for an arrival in time, else a little for the way made; arriving late is no more."""
        goal, late = arriving.goal(seen), arriving.in_time(seen)
        if goal.value * late.value == 1.0:
            return goal
        share = float(seen.progress[-1])
        return Measure(
            value=self.unfinished * share,
            measured=share,
            unit="of the way",
            reasons=goal.reasons or late.reasons,
        )
