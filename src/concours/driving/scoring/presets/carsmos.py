"""The score of the CARSMOS driving-algorithm challenge of 2023."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from concours.driving.closedloop import Run
from concours.driving.scoring import combining
from concours.driving.scoring.metrics import arriving, colliding, comfort, ruling, speeding
from concours.driving.scoring.metrics.bands import Margin
from concours.driving.scoring.observations import Observations
from concours.driving.scoring.records import Part, Score

TIME, RULES, SPEED, ACCELERATION, JERK = 0.6, 1.0, 0.8, 0.5, 0.3
"""Weights by the table; `RULES` is that of arrival, lights, lanes, lines, collision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carsmos2023:
    """The table of the rules, with what it leaves open as parameters.

    Attributes:
        axes: "shared": the two axes of acceleration share one weight, and so do those of jerk
            (sum 7.2, by which one red light costs 13.9 points); "each": every axis has it (8.0).
        comfort: what x is for acceleration and jerk; see metrics.comfort.Taken.
        margin: see metrics.bands.band.
        acceleration, jerk: limits, (longitudinal, lateral), m/s2 and m/s3.
    """

    name: str = "carsmos-2023"
    axes: Literal["shared", "each"] = "shared"
    comfort: comfort.Taken = "filtered"
    margin: Margin = "below"
    acceleration: tuple[float, float] = (6.0, 2.3)
    jerk: tuple[float, float] = (5.0, 15.0)

    def __call__(self, given: Run | Observations) -> Score:
        """The mean of the table; 0 without arrival, over time, or after any collision."""
        if given.fault:
            return combining.failed(self.name, given)
        seen = combining.looked_at(given)
        goal, collision = arriving.goal(seen), colliding.none_at_all(seen)
        parts = [
            Part(name="ReachDestinationTest", measure=goal, weight=RULES, gate=True),
            Part(
                name="TimeoutTest",
                measure=arriving.time(seen, margin=self.margin),
                weight=TIME,
                gate=True,
            ),
            Part(name="CollisionTest", measure=collision, weight=RULES, gate=True),
            Part(name="RunRedLightTest", measure=ruling.red_lights(seen), weight=RULES),
            Part(name="OnRoadTest", measure=ruling.lanes_left(seen), weight=RULES),
            Part(name="OntoSolidLineTest", measure=ruling.solid_lines(seen), weight=RULES),
            Part(
                name="MaxVelocityTest",
                measure=speeding.highest(seen, margin=self.margin),
                weight=SPEED,
            ),
            combining.told("RoadSpeedLimitTest", speeding.never_over(seen)),
            *self._axes(seen),
        ]
        return combining.combined(self.name, seen, parts)

    def _axes(self, seen: Observations) -> list[Part]:
        share = 0.5 if self.axes == "shared" else 1.0
        rows: tuple[tuple[str, comfort.Quantity, float, float], ...] = (
            ("AccelerationLongitudinalTest", "longitudinal", self.acceleration[0], ACCELERATION),
            ("AccelerationLateralTest", "lateral", self.acceleration[1], ACCELERATION),
            ("JerkLongitudinalTest", "longitudinal_jerk", self.jerk[0], JERK),
            ("JerkLateralTest", "lateral_jerk", self.jerk[1], JERK),
        )
        return [
            Part(
                name=name,
                measure=comfort.against_limit(
                    seen, quantity, limit=limit, taken=self.comfort, margin=self.margin
                ),
                weight=weight * share,
            )
            for name, quantity, limit, weight in rows
        ]
