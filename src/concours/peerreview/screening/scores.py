"""Scoring against the rest, and all alike."""

from __future__ import annotations

import numpy as np
from scipy.special import stdtrit

from concours.peerreview.keyed import FloatArray
from concours.peerreview.screening.chance import (
    ENOUGH,
    agreement_tail,
    agreements,
)
from concours.peerreview.screening.coins import key
from concours.peerreview.screening.honest import donors, widths
from concours.peerreview.screening.report import Findings, Flag
from concours.peerreview.screening.residuals import Residuals
from concours.peerreview.screening.spread import honest_squares, middles, spread_tail
from concours.peerreview.screening.task import ScreeningTask, flag, in_words, scattered, untested

COARSE = 64
"""Scores with at most this many different values are a scale of steps."""


class AgainstTheRest:
    """A reviewer whose order of the entries is the reverse of what the others say of them.

    Statistic: moderated t of the slope of the reviewer's scores on the others' view. Null: honest
    reviewers of the same entries, made of that view and another reviewer's residuals, permuted.
    A slope above 0 counts as 0, so that a narrow or a noisy scale alone is never flagged.
    """

    kind = "against-the-rest"
    needs: tuple[str, ...] = ()
    weight = 5.0

    def look(self, task: ScreeningTask, *, level: float) -> Findings:
        """O(R * load * (1 + ln draws)) expected where most are honest."""
        view = task.residuals
        load = view.load
        square = view.sums(view.score**2)
        spread = square > 1e-18 * max(float(square.max(initial=0.0)), 1e-300)
        ok = (load >= 3) & spread & np.isfinite(view.slope)
        chosen = np.flatnonzero(ok)
        reasons = untested(
            task,
            [
                ("no-reviews", task.active == 0),
                ("few-reviews", load < 3),
                ("constant", ~spread),
                ("no-differences", ~np.isfinite(view.slope)),
            ],
        )
        other = donors(view)
        prior = (view.prior_df, view.prior_variance)
        coins = key(task.seed, self.kind)
        seen = agreements(view.start, chosen, view.view, view.score, *prior)
        p = agreement_tail(
            view.start,
            chosen,
            other.order,
            other.low(widths(view)[chosen]),
            other.width,
            view.view,
            other.rest,
            1.0,
            seen,
            view.prior_df,
            view.prior_variance,
            coins,
            task.draws_at(level),
            ENOUGH,
        )
        p = np.where(seen < 0, p, 1.0)
        flags = [
            self._flag(view, int(chosen[i]), seen[i], p[i], level)
            for i in np.flatnonzero(p <= level)
        ]
        return Findings(p_value=scattered(chosen, p, task.count), flags=flags, untested=reasons)

    def _flag(self, view: Residuals, r: int, seen: float, p: float, level: float) -> Flag:
        mine = slice(int(view.start[r]), int(view.start[r + 1]))
        ours, theirs = view.score[mine], view.view[mine]
        correlation = float(np.sum(ours * theirs) / np.sqrt(np.sum(ours**2) * np.sum(theirs**2)))
        return flag(
            self.kind,
            [r],
            view.entry[mine].tolist(),
            statistic=seen,
            p_value=p,
            level=level,
            evidence={
                "correlation": correlation,
                "slope": float(view.slope[r]),
                "reviews": len(ours),
            },
            message=(
                f"Reviewer {r} scores against the rest: correlation {correlation:.2f} with what "
                f"others say of the same {len(ours)} entries. An honest reviewer is so far off "
                f"with chance {in_words(p)}."
            ),
        )


class AllAlike:
    """A reviewer whose scores hardly differ where honest ones would.

    Statistic: the reviewer's standard deviation of scores over that expected of an honest reviewer
    of the same entries. Null: honest reviewers made of the others' view and another's residuals,
    times a habitual width of scale (its logarithm follows Student's law, fitted to the upper half
    of the reviewers, which suspects do not touch), snapped to the steps of a coarse scale.
    """

    kind = "all-alike"
    needs: tuple[str, ...] = ()
    weight = 1.0

    def look(self, task: ScreeningTask, *, level: float) -> Findings:
        """O(R * load * (1 + ln draws)) expected where most are honest."""
        view = task.residuals
        load = view.load
        ok = (load >= 3) & np.isfinite(view.slope)
        reasons = untested(
            task,
            [
                ("no-reviews", task.active == 0),
                ("few-reviews", load < 3),
                ("no-differences", ~np.isfinite(view.slope)),
            ],
        )
        chosen = np.flatnonzero(ok)
        score = task.reviews.score[view.review]
        steps = np.unique(score)
        steps = steps if len(steps) <= COARSE else steps[:0]
        mean = (view.sums(score) / np.maximum(load, 1))[chosen]
        square = view.sums(view.score**2)[chosen]
        other = donors(view)
        near = (other.order, other.low(widths(view)[chosen]), other.width)
        world = (view.start, chosen, *near, view.view, other.rest)
        if len(steps):
            ends = _usual(mean)
            mean = middles(*world, mean, steps, *ends, key(task.seed, "all-alike/middle"))
        honest = honest_squares(*world, mean, steps, key(task.seed, "all-alike/habit"), 8)
        expected = np.maximum(honest.mean(axis=1), 1e-300)
        ratio = np.sqrt(square / expected)
        habit = habits(ratio, np.sqrt(honest / expected[:, None]))
        coins = (key(task.seed, self.kind), task.draws_at(level), ENOUGH)
        p = spread_tail(*world, mean, square, steps, habit, *coins)
        flags = [
            self._flag(view, int(chosen[i]), ratio[i], p[i], level)
            for i in np.flatnonzero(p <= level)
        ]
        return Findings(p_value=scattered(chosen, p, task.count), flags=flags, untested=reasons)

    def _flag(self, view: Residuals, r: int, ratio: float, p: float, level: float) -> Flag:
        mine = slice(int(view.start[r]), int(view.start[r + 1]))
        constant = bool(np.all(np.abs(view.score[mine]) <= 1e-9))
        size = mine.stop - mine.start
        said = (
            "gives all" if constant else f"spreads scores {ratio:.2f} times as far as expected on"
        )
        return flag(
            self.kind,
            [r],
            view.entry[mine].tolist(),
            statistic=ratio,
            p_value=p,
            level=level,
            evidence={"ratio": float(ratio), "constant": int(constant), "reviews": size},
            message=(
                f"Reviewer {r} {said} {size} entries"
                f"{' the same score' if constant else ''}. An honest reviewer does so with "
                f"chance {in_words(p)}."
            ),
        )


def _usual(mean: FloatArray) -> tuple[float, float]:
    """Ends of the usual range of reviewers' mean scores: 2.5 robust standard deviations each way.

    A reviewer beyond is not taken for one so generous that the scale leaves no room.
    """
    middle = float(np.median(mean)) if len(mean) else 0.0
    spread = 1.4826 * float(np.median(np.abs(mean - middle))) if len(mean) else 0.0
    return middle - 2.5 * spread, middle + 2.5 * spread


def habits(ratio: FloatArray, honest: FloatArray) -> FloatArray:
    """512 quantiles of reviewers' habitual width of scale, median 1.

    `ratio` (c,) of observed to expected standard deviation varies by chance as `honest` (c, draws)
    does; what its logarithm varies beyond that, plus one standard error, is habit.
    """
    if min(int(np.sum(ratio > 0)), int(np.sum(honest > 0))) < 4:
        return np.ones(1)
    seen, error = _upper_square(ratio)
    spread = np.sqrt(max(seen + error - _upper_square(honest.ravel())[0], 0.0))
    quantile = stdtrit(max(len(ratio) / 8, 3.0), (np.arange(512) + 0.5) / 512)
    return np.asarray(np.exp(spread * quantile))


def _upper_square(ratio: FloatArray) -> tuple[float, float]:
    """Mean square of the logarithms above their median, and its standard error."""
    logs = np.log(ratio[ratio > 0])
    middle = float(np.median(logs))
    square = (logs[logs >= middle] - middle) ** 2
    return float(np.mean(square)), float(np.std(square) / np.sqrt(len(square)))
