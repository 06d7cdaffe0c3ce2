"""Haste: reviews done far faster than other reviewers do theirs."""

from __future__ import annotations

import numpy as np
from scipy.special import stdtr

from concours.peerreview.keyed import FloatArray
from concours.peerreview.screening.report import Findings, Flag
from concours.peerreview.screening.task import ScreeningTask, flag, in_words, scattered, untested

FEWEST = 10
"""Reviewers with known times below which there is nothing to compare with."""
LEAST_SPREAD = 0.1
"""Times that differ by less than a tenth are not told apart."""


class Haste:
    """A reviewer whose time for a review is far below that of the others.

    Statistic: logarithm of the reviewer's median seconds, less the median of all reviewers, over
    the larger of two robust spreads (median absolute deviation, root mean square of the slower
    half). Null: Student's law with 8 degrees of freedom, whose tail is heavier than the normal
    law's, times longer tails than these on the fast side raise the false alarms.
    """

    kind = "haste"
    needs: tuple[str, ...] = ("seconds",)
    weight = 1.0

    def look(self, task: ScreeningTask, *, level: float) -> Findings:
        """O(m log m)."""
        seconds = task.seconds
        assert seconds is not None  # noqa: S101  (needs)
        typical = medians(task, seconds)
        timed = np.isfinite(typical)
        few = int(timed.sum()) < FEWEST
        reasons = [
            ("no-reviews", task.active == 0),
            ("no-times", ~timed),
            ("few-reviewers", np.full(task.count, few)),
        ]
        left = untested(task, reasons)
        if few:
            return Findings(p_value=np.full(task.count, np.nan), flags=[], untested=left)
        chosen = np.flatnonzero(timed)
        logs = np.log(typical[chosen])
        middle = float(np.median(logs))
        score = (logs - middle) / spread(logs - middle)
        p = np.asarray(stdtr(8, score))
        flags = [
            self._flag(
                int(chosen[i]),
                float(np.exp(logs[i])),
                float(np.exp(middle)),
                (float(score[i]), float(p[i])),
                level,
            )
            for i in np.flatnonzero(p <= level)
        ]
        return Findings(p_value=scattered(chosen, p, task.count), flags=flags, untested=left)

    def _flag(
        self, r: int, own: float, usual: float, found: tuple[float, float], level: float
    ) -> Flag:
        score, p = found
        return flag(
            self.kind,
            [r],
            [],
            statistic=score,
            p_value=p,
            level=level,
            evidence={"median_seconds": own, "usual_seconds": usual},
            message=(
                f"Reviewer {r} takes {own:.0f} s for a review, where {usual:.0f} s are usual. A "
                f"reviewer of usual habits is so fast with chance {in_words(p)}."
            ),
        )


def medians(task: ScreeningTask, seconds: FloatArray) -> FloatArray:
    """(R,) median seconds of each reviewer's timed reviews, NaN where there are none."""
    reviewer = task.reviews.reviewer
    known = np.isfinite(seconds)
    who, value = reviewer[known], seconds[known]
    order = np.lexsort((value, who))
    value = value[order]
    count = np.bincount(who, minlength=task.count)
    first = np.cumsum(count) - count
    out = np.full(task.count, np.nan)
    some = count > 0
    low = value[(first + (count - 1) // 2)[some]]
    high = value[(first + count // 2)[some]]
    out[some] = (low + high) / 2
    return out


def spread(gap: FloatArray) -> float:
    """Robust standard deviation of deviations from a median; the fast half counts only by rank."""
    absolute = 1.4826 * float(np.median(np.abs(gap)))
    slower = gap[gap >= 0]
    return max(absolute, float(np.sqrt(np.mean(slower**2))), LEAST_SPREAD)
