"""Standings as a picture: estimates with whiskers beside the ranks they allow."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import ndtri

from concours.peerreview import BadInput, ConsensusResult
from concours.peerreview.files import NamedReviews

MOST = 40
FONTS = ("DejaVu Sans", "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "WenQuanYi Zen Hei")
BLUE, ORANGE, GREY, INK = "#0072b2", "#d55e00", "#8a8a8a", "#222222"  # apart for every eye
STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "concours",
    "font.family": "sans-serif",
    "font.size": 10,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "text.color": INK,
    "text.parse_math": False,  # an id may hold dollar signs
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def draw_standings(path: Path, named: NamedReviews, result: ConsensusResult) -> None:
    """Write an SVG of the best entries: with the same fonts the same bytes.

    Raises BadInput without matplotlib, and for another ending.
    """
    if path.suffix.lower() != ".svg":
        raise BadInput(f"--plot {path}: the name of an SVG file expected")
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
        from matplotlib.font_manager import get_font_names
    except ImportError as error:
        raise BadInput(f"{path}: plots need pip install 'concours[reports]'") from error
    best = result.order[:MOST]
    there = set(get_font_names())
    fonts = {"font.sans-serif": [name for name in FONTS if name in there]}
    with warnings.catch_warnings(), mpl.rc_context(STYLE | fonts):
        warnings.filterwarnings("ignore", message="Glyph")  # the reader's machine may have it
        figure = Figure(figsize=(9, 1.3 + 0.24 * len(best)), layout="constrained")
        figure.patch.set_facecolor("white")
        left, right = figure.subplots(1, 2, sharey=True, width_ratios=(3, 2))
        _estimates(left, result, best)
        _ranks(right, result, best)
        names = [_short(named.entries[e]) for e in best.tolist()]
        left.set_yticks(np.arange(len(best)), names)
        left.set_ylim(len(best) - 0.4, -0.6)
        figure.suptitle(_title(named, result, len(best)), x=0.01, ha="left", fontsize=12)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, format="svg", metadata={"Date": None})


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


def _inside(result: ConsensusResult, best: Any) -> Any:
    """Whether each is among the first m; all without m."""
    return np.arange(len(best)) < (len(best) if result.top is None else result.top)


def _title(named: NamedReviews, result: ConsensusResult, shown: int) -> str:
    count = len(named.entries)
    which = f"all {count} entries" if shown == count else f"the best {shown} of {count:,} entries"
    return f"{which[0].upper()}{which[1:]} by {len(named.reviews):,} reviews ({result.method})"


def _short(name: str) -> str:
    return name if len(name) <= 28 else name[:27] + "…"
