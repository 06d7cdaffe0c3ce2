"""Reciprocal favours and rings of three."""

from __future__ import annotations

import numpy as np

from concours.peerreview.keyed import IntArray
from concours.peerreview.screening.report import Findings, Flag
from concours.peerreview.screening.residuals import Residuals
from concours.peerreview.screening.rings import rings_of_three, rings_of_two
from concours.peerreview.screening.task import ScreeningTask, flag, in_words, untested

MOST_STEPS = 2_000_000_000
"""Rings of three are not looked for where it would take more steps than this."""


class Favours:
    """Reviewers who score one another's entries higher than others do, in pairs or rings of three.

    Each review has the share u of all reviews whose standardised residual is at least as high. A
    ring of L reviews has p = (largest u) ** L: every one of them must be favourable. Null: the
    residuals on a ring are independent draws from those of all reviews. A reviewer's p is corrected
    for all the rings the reviewer is in (Sidak), and a ring is flagged by the member in most rings.
    """

    kind = "favours"
    needs: tuple[str, ...] = ("reviewer_entry",)
    weight = 1.0

    def look(self, task: ScreeningTask, *, level: float) -> Findings:
        """O(m * team + sum over reviewers of (reviews given * reviews received) * ln load)."""
        owner = task.reviewer_entry
        assert owner is not None  # noqa: S101  (needs)
        view = task.residuals
        number = np.zeros(task.count, dtype=np.int64)
        rings, complete = find_rings(view, owner, level, number)
        p_value = np.where(number > 0, 1.0, np.nan)
        flags: list[Flag] = []
        for ring in rings:
            members = view.reviewer[list(ring)]
            alone = float(view.tail[list(ring)].max()) ** len(ring)
            most = int(number[members].max())
            p = -np.expm1(most * np.log1p(-min(alone, 1 - 1e-15)))
            p_value[members] = np.minimum(p_value[members], p)
            if p <= level:
                flags.append(self._flag(view, ring, float(p), most, level))
        reasons = [
            ("no-reviews", task.active == 0),
            ("independent", owner < 0),
            ("no-ring", number == 0),
        ]
        note = "" if complete else "Rings of three were not looked for: there are too many."
        return Findings(p_value=p_value, flags=flags, untested=untested(task, reasons), note=note)

    def _flag(
        self, view: Residuals, ring: tuple[int, ...], p: float, most: int, level: float
    ) -> Flag:
        members = view.reviewer[list(ring)].tolist()
        gaps = view.residual[list(ring)]
        way = " -> ".join(str(r) for r in [*members, members[0]])
        return flag(
            self.kind,
            members,
            view.entry[list(ring)].tolist(),
            statistic=float(view.standard[list(ring)].min()),
            p_value=p,
            level=level,
            evidence={
                "length": len(ring),
                "least_residual": float(gaps.min()),
                "mean_residual": float(gaps.mean()),
                "rings_looked_at": most,
                "order": way,
            },
            message=(
                f"Reviewers {way} score one another's entries {gaps.min():.2f} points or more "
                f"above what others say of them. Among {most} such rings of a reviewer, one as "
                f"favourable comes by chance with probability {in_words(p)}."
            ),
        )


def find_rings(
    view: Residuals, owner: IntArray, level: float, number: IntArray
) -> tuple[list[tuple[int, ...]], bool]:
    """Rings that may reach `level`, and whether rings of three were looked for.

    Adds to `number` (R,) the rings each reviewer is in.
    """
    n = len(view.quality)
    team_start, team = grouped(owner, n)
    back_start, back = grouped(view.entry, n)
    head = (view.start, view.entry, owner, team_start, team)
    tail = view.tail
    rings: list[tuple[int, ...]] = list(rings_of_two(*head, tail, level ** (1 / 2), number))
    received = np.where(owner >= 0, np.diff(back_start)[np.maximum(owner, 0)], 0)
    if int(np.sum(view.load * received)) > MOST_STEPS:
        return rings, False
    back_to = (back_start, back, view.reviewer)
    rings += list(rings_of_three(*head, *back_to, tail, level ** (1 / 3), number))
    return rings, True


def grouped(cell: IntArray, count: int) -> tuple[IntArray, IntArray]:
    """(count + 1,) starts and the indices by cell; cells below 0 are left out."""
    inside = np.flatnonzero(cell >= 0)
    order = inside[np.argsort(cell[inside], kind="stable")]
    start = np.concatenate([[0], np.cumsum(np.bincount(cell[inside], minlength=count))])
    return start, order
