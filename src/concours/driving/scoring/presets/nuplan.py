"""A score like that of nuPlan's closed loop."""

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
from concours.driving.scoring.records import Part, Score

TIME_TO_COLLISION, PROGRESS, SPEED_LIMIT, COMFORT = 5.0, 5.0, 4.0, 2.0
LEAST_PROGRESS = 0.2
DRIVABLE_TOLERANCE = 0.3
"""Metres that a wheel may be off the drivable lanes (nuPlan: a corner of the box)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NuPlan:
    """Four multipliers times the weighted mean of four terms.

    Progress is along the task's way, where nuPlan takes a human's drive.
    """

    name: str = "nuplan-cls"

    def __call__(self, given: Run | Observations) -> Score:
        """0 to 100."""
        if given.fault:
            return combining.failed(self.name, given)
        seen = combining.looked_at(given)
        on_road = ruling.lanes_left(seen, deeper=DRIVABLE_TOLERANCE)
        factors = (
            ("CollisionTest", colliding.nuplan(seen)),
            ("OnRoadTest", on_road),
            ("MakingProgressTest", arriving.enough(seen, least=LEAST_PROGRESS)),
            ("DrivingDirectionTest", ruling.direction(seen)),
        )
        means = (
            ("TimeToCollisionTest", nearing.in_bound(seen), TIME_TO_COLLISION),
            ("RouteCompletionTest", arriving.completion(seen), PROGRESS),
            ("RoadSpeedLimitTest", speeding.mean_excess(seen), SPEED_LIMIT),
            ("ComfortTest", comfort.within(seen), COMFORT),
        )
        parts = [Part(name=name, measure=one, weight=weight) for name, one, weight in means]
        parts += [combining.factor(name, one) for name, one in factors]
        return combining.combined(self.name, seen, parts)
