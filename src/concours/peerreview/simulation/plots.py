"""Pictures of a study as SVG text. Needs matplotlib: pip install 'concours[reports]'."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from concours.peerreview.errors import BadInput
from concours.peerreview.simulation.svg import (
    COLOURS,
    FAINT,
    INK,
    LINES,
    MARKERS,
    figure,
    options,
    svg,
)
from concours.peerreview.simulation.tables import TOP, ScreeningRow, Study, StudyRow

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MEASURES = {
    "recall": "Recall (share of the best that is selected)",
    "spearman": "Rank correlation with the truth",
    "coverage": "Coverage of the 95% rank intervals",
    "gain": "Gain of one strategic reviewer (change of the chance to be selected)",
    "places": "Places that one strategic reviewer gains (of the own entry)",
}
"""What `whiskers` can show, with its axis."""


def label(row: StudyRow) -> str:
    """The method of a row in words."""
    return f"first by {row.consensus}" if row.selection == TOP else f"{row.selection} (selection)"


def recall_by_reviews(study: Study, *, bad_share: float | None = None) -> str:
    """Recall against reviews an entry, a line a method, a panel a number of parts.

    `bad_share` picks the crowd; None = the first of the study. Whiskers are standard errors.
    """
    share = _shares(study)[0] if bad_share is None else bad_share
    rows = _picked(study, lambda row: abs(row.bad_share - share) < 1e-9)
    parts = sorted({row.parts for row in rows})
    with options():
        drawn = figure(max(3.6 * len(parts), 4.5) + 2.6, 3.8)
        panels = drawn.subplots(1, len(parts), sharey=True, squeeze=False)[0]
        for axes, number in zip(panels, parts, strict=True):
            mine = [row for row in rows if row.parts == number]
            _lines(axes, mine, _methods(study), lambda row: float(row.reviews_per_entry))
            axes.set_title("one part" if number == 1 else f"{number} parts")
            axes.set_xlabel("reviews an entry")
            axes.set_xticks(sorted({row.reviews_per_entry for row in mine}))
        panels[0].set_ylabel(MEASURES["recall"])
        title = f"Recall of the best {study.size} of {study.entries}"
        if share:
            title += f", {share:.0%} of reviewers not honest"
        _finish(drawn, panels[0], title)
        return svg(drawn, title=title, description=_words(rows, "recall"))


def recall_by_bad_share(study: Study, *, reviews_per_entry: int | None = None) -> str:
    """Recall against the share of reviewers who are not honest, a line a method.

    `reviews_per_entry` picks the design; None = the most of the study. Raises BadInput for a study
    of one crowd only.
    """
    if len(_shares(study)) < 2:
        raise BadInput("study: one share of bad reviewers; give `behaviours` several to compare")
    most = max(row.reviews_per_entry for row in study.rows)
    k = most if reviews_per_entry is None else reviews_per_entry
    rows = _picked(study, lambda row: row.reviews_per_entry == k)
    parts = max(row.parts for row in rows)
    rows = [row for row in rows if row.parts == parts]
    with options():
        drawn = figure(7.2, 3.8)
        axes = drawn.subplots()
        _lines(axes, rows, _methods(study), lambda row: 100 * row.bad_share)
        axes.set_xlabel("reviewers who are not honest (%)")
        axes.set_ylabel(MEASURES["recall"])
        dealt = "one part" if parts == 1 else f"{parts} parts"
        title = f"Recall of the best {study.size} of {study.entries}: {k} reviews an entry, {dealt}"
        _finish(drawn, axes, title)
        return svg(drawn, title=title, description=_words(rows, "recall"))


def whiskers(study: Study, *, measure: str = "recall", bad_share: float | None = None) -> str:
    """One measure of every design and method: a dot and a whisker of a standard error each way.

    `measure` is a name in MEASURES, `bad_share` picks the crowd; None = the first of the study.
    Raises BadInput for another, or where no row has it.
    """
    if measure not in MEASURES:
        raise BadInput(f"no measure {measure!r}: {', '.join(MEASURES)}")
    share = _shares(study)[0] if bad_share is None else bad_share
    rows = [row for row in study.rows if np.isfinite(getattr(row, measure))]
    rows = [row for row in rows if abs(row.bad_share - share) < 1e-9]
    if not rows:
        raise BadInput(f"study: no method has {measure}")
    names = [_design(study, row) for row in rows]
    designs = list(dict.fromkeys(names))
    present = [method for method in _methods(study) if method in {label(row) for row in rows}]
    with options():
        drawn = figure(8.2, 1.3 + 0.13 * len(designs) * (len(present) + 2))
        axes = drawn.subplots()
        slot = 1.0 / (len(present) + 1)
        for number, method in enumerate(present):
            mine = [(row, d) for row, d in zip(rows, names, strict=True) if label(row) == method]
            axes.errorbar(
                [getattr(row, measure) for row, _ in mine],
                [designs.index(d) + (number + 1) * slot - 0.5 for _, d in mine],
                xerr=[np.nan_to_num(getattr(row, f"{measure}_se")) for row, _ in mine],
                linestyle="none",
                label=method,
                **_style(_methods(study).index(method)),
            )
        axes.set_yticks(range(len(designs)), designs)
        axes.set_ylim(len(designs) - 0.5, -0.5)
        axes.set_xlabel(MEASURES[measure])
        axes.grid(visible=False, axis="y")
        axes.tick_params(axis="y", length=0)
        _mark(axes, {"coverage": 0.95, "gain": 0.0, "places": 0.0}.get(measure))
        for edge in range(1, len(designs)):
            axes.axhline(edge - 0.5, color=FAINT, linewidth=0.6)
        title = f"{MEASURES[measure].split(' (')[0]}, by design and method"
        if share:
            title += f", {share:.0%} of reviewers not honest"
        _finish(drawn, axes, title)
        return svg(drawn, title=title, description=_words(rows, measure))


def flags(study: Study) -> str:
    """Share of reviewers flagged, by behaviour and reviews an entry; for "honest" false alarms."""
    rows = [row for row in study.screening if row.kind == "any"]
    if not rows:
        raise BadInput("study: nothing was screened")
    behaviours = list(dict.fromkeys(row.behaviour for row in rows))
    counts = sorted({row.reviews_per_entry for row in rows})
    with options():
        drawn = figure(7.6, 1.5 + 0.42 * len(behaviours))
        axes = drawn.subplots()
        slot = 0.8 / len(counts)
        for number, k in enumerate(counts):
            mine = [_pooled(rows, behaviour, k) for behaviour in behaviours]
            axes.errorbar(
                [100 * mean for mean, _ in mine],
                [i + (number + 0.5) * slot - 0.4 for i in range(len(behaviours))],
                xerr=[100 * error for _, error in mine],
                linestyle="none",
                label=f"{k} reviews an entry",
                **_style(number),
            )
        axes.set_yticks(range(len(behaviours)), behaviours)
        axes.tick_params(axis="y", length=0)
        axes.set_ylim(len(behaviours) - 0.5, -0.5)
        axes.set_xlim(-2, 102)
        axes.set_xlabel("reviewers flagged (%)")
        axes.grid(visible=False, axis="y")
        _mark(axes, 100 * study.level)
        title = f"Reviewers flagged by behaviour, level {100 * study.level:g}% (line)"
        _finish(drawn, axes, title)
        said = (f"{row.behaviour}, k {row.reviews_per_entry}: {row.flagged:.1%}" for row in rows)
        return svg(drawn, title=title, description="; ".join(said))


def _style(number: int) -> dict[str, Any]:
    return {
        "marker": MARKERS[number % len(MARKERS)],
        "color": COLOURS[number % len(COLOURS)],
    }


def _lines(
    axes: Axes, rows: list[StudyRow], methods: list[str], place: Callable[[StudyRow], float]
) -> None:
    reach = max(map(place, rows)) - min(map(place, rows)) or 1.0
    for number, method in enumerate(methods):
        mine = sorted((row for row in rows if label(row) == method), key=place)
        if not mine:
            continue
        # Set a little apart, so that whiskers at one place can be told from one another.
        aside = 0.008 * reach * (number - (len(methods) - 1) / 2)
        axes.errorbar(
            [place(row) + aside for row in mine],
            [row.recall for row in mine],
            yerr=[np.nan_to_num(row.recall_se) for row in mine],
            linestyle=LINES[number % len(LINES)],
            label=method,
            **_style(number),
        )


def _finish(drawn: Figure, axes: Axes, title: str) -> None:
    drawn.suptitle(title, x=0.01, ha="left", fontsize=12)
    handles, names = axes.get_legend_handles_labels()
    for other in drawn.axes:
        for handle, name in zip(*other.get_legend_handles_labels(), strict=True):
            if name not in names:
                handles.append(handle)
                names.append(name)
    order = sorted(range(len(names)), key=lambda i: names[i].endswith("(selection)"))
    handles, names = [handles[i] for i in order], [names[i] for i in order]
    drawn.legend(handles, names, loc="outside right center", title="whiskers: standard errors")


def _mark(axes: Axes, value: float | None) -> None:
    if value is not None:
        axes.axvline(value, color=INK, linewidth=0.9, linestyle=(0, (2, 2)))


def _picked(study: Study, keep: Callable[[StudyRow], bool]) -> list[StudyRow]:
    worlds = list(dict.fromkeys(row.world for row in study.rows))
    rows = [row for row in study.rows if keep(row) and row.world == worlds[0]]
    if not rows:
        raise BadInput("study: no such design")
    return rows


def _shares(study: Study) -> list[float]:
    return sorted({row.bad_share for row in study.rows})


def _methods(study: Study) -> list[str]:
    """Every method, those of consensus first: one colour and shape each in all pictures."""
    names = dict.fromkeys(label(row) for row in study.rows)
    return sorted(names, key=lambda name: name.endswith("(selection)"))


def _design(study: Study, row: StudyRow) -> str:
    words = [f"{row.reviews_per_entry} reviews"]
    words.append("one part" if row.parts == 1 else f"{row.parts} parts")
    for field in ("world", "assignment"):
        if len({getattr(other, field) for other in study.rows}) > 1:
            words.append(getattr(row, field))
    return ", ".join(words)


def _pooled(rows: list[ScreeningRow], behaviour: str, k: int) -> tuple[float, float]:
    mine = [row for row in rows if row.behaviour == behaviour and row.reviews_per_entry == k]
    if not mine:
        return float("nan"), float("nan")
    error = float(np.sqrt(np.sum([row.flagged_se**2 for row in mine]))) / len(mine)
    return float(np.mean([row.flagged for row in mine])), error


def _words(rows: list[StudyRow], measure: str) -> str:
    return "; ".join(
        f"{label(row)}, {row.reviews_per_entry} reviews, parts {row.parts}, "
        f"bad {row.bad_share:.0%}: {getattr(row, measure):.3f}"
        for row in rows
    )
