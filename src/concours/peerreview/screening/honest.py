"""Honest reviewers to compare with: what the others see, and another reviewer's residuals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from concours.peerreview.keyed import FloatArray, IntArray
from concours.peerreview.screening.residuals import Residuals

NEAR_SHARE, NEAR_LEAST = 0.2, 40
"""Residuals come from so many donors, whose entries differ about as much as the own ones."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Donors:
    """Reviewers whose residuals stand for those of honest ones.

    Attributes:
        order: (d,) donors by how widely the others' views of their entries differ: residuals may
            depend on that, in rankings above all.
        spread: (d,) that width, ascending.
        rest: (m,) residuals, widened for the degrees of freedom that a fit has taken.
        width: number of donors open to each reviewer.
    """

    order: IntArray
    spread: FloatArray
    rest: FloatArray
    width: int

    def low(self, spread: FloatArray) -> IntArray:
        """(c,) the first of the `width` donors nearest to each of these widths."""
        place = np.searchsorted(self.spread, spread)
        return np.clip(place - self.width // 2, 0, len(self.order) - self.width)


def widths(view: Residuals) -> FloatArray:
    """(R,) mean square of the others' views of a reviewer's entries about their mean."""
    return np.asarray(view.sums(view.view**2) / np.maximum(view.load, 1))


def donors(view: Residuals) -> Donors:
    """Donors with 4 reviews or more, or with 3 where there are none. O(m + R log R)."""
    load = view.load
    have = np.flatnonzero((load >= 4) & np.isfinite(view.slope))
    if not have.size:
        have = np.flatnonzero((load >= 3) & np.isfinite(view.slope))
    spread = widths(view)[have]
    order = np.argsort(spread, kind="stable")
    gain = np.sqrt(load / np.maximum(load - view.fitted, 1))
    return Donors(
        order=have[order],
        spread=spread[order],
        rest=np.asarray(view.rest * gain[view.reviewer]),
        width=min(max(NEAR_LEAST, int(NEAR_SHARE * len(have))), len(have)),
    )
