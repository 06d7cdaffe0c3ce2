"""Standings as a picture: estimates with whiskers beside the ranks they allow."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import ndtri

from concours.peerreview import BadInput, ConsensusResult
from concours.peerreview.files import NamedReviews
from concours.peerreview.simulation.svg import COLOURS, INK, figure, options, svg

MOST = 40
FONTS = ("DejaVu Sans", "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "WenQuanYi Zen Hei")
"""To measure ids by, those of them that are there."""
BLUE, ORANGE, GREY = COLOURS[0], COLOURS[1], COLOURS[5]


def check_plot(path: Path | None) -> None:
    """Refuse another ending than that of an SVG file, before the work."""
    if path is not None and path.suffix.lower() != ".svg":
        raise BadInput(f"--plot {path}: the name of an SVG file expected")


def draw_standings(path: Path, named: NamedReviews, result: ConsensusResult) -> None:
    """Write an SVG of the best entries: with the same fonts the same bytes.

    Raises BadInput without matplotlib.
    """
    best = result.order[:MOST]
    title = _title(named, result, len(best))
    with warnings.catch_warnings(), options():
        warnings.filterwarnings("ignore", message="Glyph")  # the reader's machine may have it
        import matplotlib as mpl
        from matplotlib.font_manager import get_font_names

        there = set(get_font_names())
        mpl.rcParams["font.family"] = [name for name in FONTS if name in there]
        mpl.rcParams["axes.grid.axis"] = "x"
        drawn = figure(9, 1.3 + 0.24 * len(best))
        left, right = drawn.subplots(1, 2, sharey=True, width_ratios=(3, 2))
        _estimates(left, result, best)
        _ranks(right, result, best)
        names = [_short(named.entries[e]) for e in best.tolist()]
        left.set_yticks(np.arange(len(best)), names)
        left.set_ylim(len(best) - 0.4, -0.6)
        drawn.suptitle(title, x=0.01, ha="left", fontsize=12)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(svg(drawn, title=title, description=_words(named, result)), "utf-8")


def _estimates(axes: Any, result: ConsensusResult, best: Any) -> None:
    reach = float(ndtri((1 + result.level) / 2)) * result.standard_error[best]
    reach = np.where(np.isnan(reach), 0, reach)
    y, inside = np.arange(len(best)), _inside(result, best)
    for chosen, colour in ((inside, BLUE), (~inside, GREY)):
        axes.errorbar(
            result.estimate[best][chosen],
            y[chosen],
            xerr=reach[chosen],
            fmt="o",
            color=colour,
            markersize=5,
            elinewidth=1.6,
        )
    axes.axvline(result.mean, color=INK, linewidth=0.8, linestyle=":")
    axes.set_xlabel(f"quality in scores, {100 * result.level:g}% interval (dotted: mean)")
    axes.tick_params(axis="y", length=0)


def _ranks(axes: Any, result: ConsensusResult, best: Any) -> None:
    y, inside = np.arange(len(best)), _inside(result, best)
    low, high = result.rank_low[best], result.rank_high[best]
    for chosen, colour in ((inside, BLUE), (~inside, GREY)):
        axes.hlines(y[chosen], low[chosen], high[chosen], color=colour, linewidth=5, alpha=0.35)
        axes.plot(result.rank[best][chosen], y[chosen], "o", color=colour, markersize=5)
    if result.top is not None:
        axes.axvline(result.top + 0.5, color=ORANGE, linewidth=1.2)
        label = f"first {result.top}"
        axes.annotate(
            label, (result.top + 0.5, 1), xycoords=("data", "axes fraction"), xytext=(4, -2),
            textcoords="offset points", color=ORANGE, va="bottom", fontsize=9,
        )  # fmt: skip
    axes.set_xlim(left=0)
    axes.set_xlabel(f"rank and the ranks it may be ({100 * result.level:g}%)")
    axes.tick_params(axis="y", length=0)


def _words(named: NamedReviews, result: ConsensusResult) -> str:
    first = ", ".join(
        f"{named.entries[e]} {result.rank_low[e]} to {result.rank_high[e]}"
        for e in result.order[:10].tolist()
    )
    return f"Ranks that the best entries may have at {100 * result.level:g}%: {first}."


def _inside(result: ConsensusResult, best: Any) -> Any:
    """Whether each is among the first m; all without m."""
    return np.arange(len(best)) < (len(best) if result.top is None else result.top)


def _title(named: NamedReviews, result: ConsensusResult, shown: int) -> str:
    count = len(named.entries)
    which = f"all {count} entries" if shown == count else f"the best {shown} of {count:,} entries"
    return f"{which[0].upper()}{which[1:]} by {len(named.reviews):,} reviews ({result.method})"


def _short(name: str) -> str:
    return name if len(name) <= 28 else name[:27] + "…"
