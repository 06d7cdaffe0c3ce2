"""Standings as tables and words."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy
from rich.markup import escape
from rich.table import Table

from concours.cli.console import console
from concours.cli.review.shared import percent
from concours.peerreview import ConsensusResult, borda
from concours.peerreview.files import NamedReviews
from concours.peerreview.files.write import Column
from concours.peerreview.keyed import FloatArray, IntArray

NAMED_PARTS, NAMED_ENTRIES = 3, 3


def facts_of(
    named: NamedReviews, result: ConsensusResult, truth: IntArray | None
) -> dict[str, Any]:
    """Numbers about the fit, and agreement with the truth beside plain Borda's."""
    facts: dict[str, Any] = {
        "method": result.method,
        "entries": len(named.entries),
        "reviewers": len(named.reviewers),
        "reviews": len(named.reviews),
        "abstentions": len(named.reviews.abstentions),
        "without_review": int(np.sum(result.n_reviews == 0)),
        "variance": result.variance,
        "reliability": result.reliability,
        "converged": result.converged,
        "iterations": result.iterations,
        "components": np.sort(np.bincount(result.component[result.component >= 0]))[::-1].tolist(),
        "level": result.level,
        "intervals": result.intervals,
        "top": result.top,
        "expected_turnover": result.expected_turnover,
        "expected_recall": result.expected_recall,
    }
    if truth is not None:
        facts["agreement"] = {
            result.method: _agreement(result.estimate, truth),
            "borda": _agreement(borda(named.reviews), truth),
        }
    return facts


def table_of(named: NamedReviews, result: ConsensusResult) -> dict[str, Column]:
    """One row an entry, best first."""
    order = result.order
    columns: dict[str, Column] = {
        "rank": result.rank[order],
        "entry": [named.entries[e] for e in order.tolist()],
        "estimate": result.estimate[order],
        "standard_error": result.standard_error[order],
        "rank_low": result.rank_low[order],
        "rank_high": result.rank_high[order],
        "reviews": result.n_reviews[order],
        "abstentions": result.abstentions[order],
        "component": result.component[order],
    }
    if result.top_probability is not None:
        columns[f"top_{result.top}"] = result.top_probability[order]
    return columns


def reviewers_of(named: NamedReviews, result: ConsensusResult) -> dict[str, Column]:
    """One row a reviewer: calibration and quality."""
    return {
        "reviewer": named.reviewers,
        "reviews": result.reviewer_reviews,
        "abstentions": result.reviewer_abstentions,
        "bias": result.bias,
        "bias_standard_error": result.bias_standard_error,
        "scale": result.reviewer_scale,
        "noise": result.reviewer_noise,
        "noise_error": result.reviewer_noise_error,
        "residual_spread": result.residual_spread,
    }


def say(named: NamedReviews, result: ConsensusResult, facts: dict[str, Any], *, show: int) -> None:
    """The best entries, how far to trust them, and agreement with a known truth."""
    _say_table(named, result, show)
    count = f"{facts['reviews']:,} reviews of {facts['entries']:,} entries"
    if facts["abstentions"]:
        count += f" and {facts['abstentions']:,} abstentions"
    console.print(f"{count}; reliability {result.reliability:.2f}")
    if result.top is not None:
        console.print(noise_of(result))
    _say_warnings(named, result, facts)
    if "agreement" in facts:
        beside = Table(box=None, pad_edge=False, header_style="bold")
        beside.add_column("agreement with the truth")
        for name in ("Spearman", "Kendall"):
            beside.add_column(name, justify="right")
        for name, values in facts["agreement"].items():
            beside.add_row(name, f"{values['spearman']:.4f}", f"{values['kendall']:.4f}")
        console.print(beside)


def noise_of(result: ConsensusResult) -> str:
    """How far the first m are the luck of the draw, in a sentence."""
    if result.expected_turnover is None or result.expected_recall is None:
        return f"{result.method} does not tell how much of the first {result.top:,} is luck."
    return (
        f"Of the first {result.top:,}, another panel of reviewers would change about "
        f"{percent(result.expected_turnover)}; about {percent(result.expected_recall)} of the "
        f"truly best {result.top:,} are among them."
    )


def _say_table(named: NamedReviews, result: ConsensusResult, show: int) -> None:
    head = Table(box=None, pad_edge=False, header_style="bold")
    head.add_column("rank", justify="right")
    head.add_column("entry", overflow="fold")
    for name in ("estimate", "± se", f"rank, {100 * result.level:g}%", "reviews"):
        head.add_column(name, justify="right")
    chance = result.top_probability
    if chance is not None:
        head.add_column(f"top {result.top}", justify="right")
    for e in result.order[:show].tolist():
        row = [
            str(result.rank[e]),
            escape(named.entries[e]),
            f"{result.estimate[e]:.3f}",
            _or_dash(result.standard_error[e]),
            f"{result.rank_low[e]} to {result.rank_high[e]}",
            str(result.n_reviews[e]),
        ]
        head.add_row(*row, *([] if chance is None else [percent(float(chance[e]))]))
    if show:
        console.print(head)


def _say_warnings(named: NamedReviews, result: ConsensusResult, facts: dict[str, Any]) -> None:
    sizes = facts["components"]
    if len(sizes) > 1:
        console.print(
            f"[yellow]The reviews fall into {len(sizes)} parts that share no reviewer: ranks "
            f"between them lean on the prior alone. {_parts(named, result)}"
        )
    if facts["without_review"]:
        console.print(f"[yellow]{facts['without_review']:,} entries have no review.")
    if not result.converged:
        console.print(
            f"[red]The fit did not converge in {result.iterations} iterations: take another method."
        )


def _parts(named: NamedReviews, result: ConsensusResult) -> str:
    words = []
    parts = sorted(result.components, key=len, reverse=True)
    for part in parts[:NAMED_PARTS]:
        names = ", ".join(escape(named.entries[e]) for e in part[:NAMED_ENTRIES].tolist())
        more = " ..." if len(part) > NAMED_ENTRIES else ""
        count = "1 entry" if len(part) == 1 else f"{len(part):,} entries"
        words.append(f"{count} ({names}{more})")
    return "; ".join(words) + (" ..." if len(parts) > NAMED_PARTS else ".")


def _or_dash(value: float) -> str:
    return "-" if np.isnan(value) else f"{value:.3f}"


def _agreement(values: FloatArray, truth: IntArray) -> dict[str, float]:
    return {
        "spearman": float(scipy.stats.spearmanr(-values, truth).statistic),
        "kendall": float(scipy.stats.kendalltau(-values, truth).statistic),
    }
