"""The driving scores of the CARLA leaderboard, 1.0, 2.0 and 2.1.

Route completion times a penalty. A collision counts where the ego moved at 0.1 m/s or faster, as
in CARLA's own test. Not observed, and so never charged: yielding to emergency vehicles.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from concours.driving.closedloop import Run
from concours.driving.scoring import combining
from concours.driving.scoring.collisions import Collision
from concours.driving.scoring.metrics import arriving, ruling, speeding
from concours.driving.scoring.metrics.colliding import of_kind
from concours.driving.scoring.metrics.reasons import at_row
from concours.driving.scoring.observations import Observations
from concours.driving.scoring.records import Loss, Measure, Part, Reason, Score

EPSILON = 0.1
"""m/s under which the ego has no part in a collision."""
PRODUCT = {"pedestrian": 0.50, "vehicle": 0.60, "static": 0.65}
RED, STOP, LATE, SLOW = 0.70, 0.80, 0.70, 0.70
"""Factors of 1.0 and 2.0: red light, stop sign; of 2.0: scenario time-out, standing speed."""
SUM = {"pedestrian": 1.0, "vehicle": 0.7, "static": 0.6}
SUM_RED, SUM_STOP, SUM_LATE, SUM_SLOW = 0.4, 0.25, 0.4, 0.4
"""Terms of 2.1."""
KINDS = ("pedestrian", "vehicle", "static")
NAMES = {kind: f"Collision{kind.capitalize()}Test" for kind in KINDS}


def _moving(one: Collision) -> bool:
    return one.own >= EPSILON


def outside(seen: Observations) -> Measure:
    """1 less the share of the metres that were driven off the lanes or in oncoming ones."""
    driven = np.diff(seen.distance, prepend=seen.distance[:1])
    total = float(driven.sum())
    share = float(driven[seen.astray].sum()) / total if total > 0.0 else 0.0
    if share <= 0.0:
        return Measure(value=1.0, measured=0.0, unit="of the metres")
    row = int(np.argmax(seen.astray))
    reason = at_row(seen, row, f"{share:.1%} of the metres outside the lanes")
    return Measure(value=1.0 - share, measured=share, unit="of the metres", reasons=(reason,))


def _late(seen: Observations) -> tuple[Reason, ...]:
    """The task's time limit stands for the limit of CARLA's scenarios."""
    return arriving.in_time(seen).reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class CarlaProduct:
    """Route completion, less the share outside the lanes, times a factor for each infraction.

    second: with the factors that 2.0 added: 0.70 for a time-out, and down to 0.70 by how much
    slower than the traffic the ego was.
    """

    name: str = "carla-1.0"
    second: bool = False

    def __call__(self, given: Run | Observations) -> Score:
        """0 to 100."""
        if given.fault:
            return combining.failed(self.name, given)
        seen = combining.looked_at(given)
        parts = [
            combining.factor("RouteCompletionTest", arriving.completion(seen)),
            combining.factor("OutsideRouteLanesTest", outside(seen)),
        ]
        for kind in KINDS:
            hit = ruling.counted(of_kind(seen, kind, _moving), PRODUCT[kind], "collisions")
            parts.append(combining.factor(NAMES[kind], hit))
        parts += [
            combining.factor("RunRedLightTest", ruling.red_lights(seen, each=RED)),
            combining.factor("StopSignTest", ruling.stop_signs(seen, each=STOP)),
        ]
        if self.second:
            late = ruling.counted(_late(seen), LATE, "time-outs")
            parts += [
                combining.factor("TimeoutTest", late),
                combining.factor("MinSpeedTest", _slow(seen)),
            ]
        return combining.combined(self.name, seen, parts)


def _slow(seen: Observations) -> Measure:
    share = speeding.with_traffic(seen)
    value = 1.0 - (1.0 - SLOW) * (1.0 - share.value)
    return Measure(value=value, measured=share.measured, unit=share.unit, reasons=share.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class CarlaSum:
    """Route completion times 1 / (1 + the sum of the infractions' terms), less the share outside.

    The points that the sum costs are told in proportion to its terms.
    """

    name: str = "carla-2.1"

    def __call__(self, given: Run | Observations) -> Score:
        """0 to 100."""
        if given.fault:
            return combining.failed(self.name, given)
        seen = combining.looked_at(given)
        terms = list(self._terms(seen))
        total = sum(term for _, term in terms)
        first = (
            combining.factor("RouteCompletionTest", arriving.completion(seen)),
            combining.factor("OutsideRouteLanesTest", outside(seen)),
        )
        before = combining.combined(self.name, seen, first)
        value = before.value / (1.0 + total)
        losses: list[Loss] = list(before.losses)
        for part, term in terms:
            if term > 0.0:
                losses += combining.split(part, (before.value - value) * term / total, seen)
        return Score(
            preset=self.name,
            value=value,
            parts=(*first, *(part for part, _ in terms)),
            losses=combining.in_order(losses),
        )

    def _terms(self, seen: Observations) -> Iterator[tuple[Part, float]]:
        """Parts and what they add to the sum; a part's value is what it alone would leave."""
        counts = [(NAMES[kind], of_kind(seen, kind, _moving), SUM[kind]) for kind in KINDS]
        counts += [
            ("RunRedLightTest", ruling.red_lights(seen).reasons, SUM_RED),
            ("StopSignTest", ruling.stop_signs(seen).reasons, SUM_STOP),
            ("TimeoutTest", _late(seen), SUM_LATE),
        ]
        for name, reasons, each in counts:
            term = each * len(reasons)
            measure = Measure(
                value=1.0 / (1.0 + term),
                measured=float(len(reasons)),
                unit="times",
                reasons=reasons,
            )
            yield Part(name=name, measure=measure, role="factor"), term
        share = speeding.with_traffic(seen)
        term = SUM_SLOW * (1.0 - share.value)
        slow = Measure(
            value=1.0 / (1.0 + term),
            measured=share.measured,
            unit=share.unit,
            reasons=share.reasons,
        )
        yield Part(name="MinSpeedTest", measure=slow, role="factor"), term
