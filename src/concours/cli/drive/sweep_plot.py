"""A sweep as a picture: how near the ego came, how runs ended, and what it hung on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from concours.peerreview.simulation.svg import COLOURS, MARKERS, figure, options, svg

BLUE, ORANGE, GREY = COLOURS[0], COLOURS[1], COLOURS[5]
BINS = 20
PARAMETERS = 2
"""Parameters that are drawn, the first that vary."""
ENDS = {"storyboard": "by storyboard", "time": "by time", "error": "not played"}
Row = Mapping[str, Any]


def draw(path: Path, rows: Sequence[Row], parameters: Sequence[Mapping[str, str]]) -> None:
    """Write an SVG of the rows of a sweep and the parameters of each.

    Raises ValueError without matplotlib.
    """
    varied = varying(parameters)[:PARAMETERS]
    title = f"{len(rows)} runs"
    with options():
        drawn = figure(4.2 * (2 + len(varied)), 3.4)
        axes = drawn.subplots(1, 2 + len(varied), squeeze=False)[0].tolist()
        _distances(axes[0], rows)
        _ends(axes[1], rows)
        for each, name in zip(axes[2:], varied, strict=True):
            _against(each, name, rows, parameters)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(svg(drawn, title=title, description=words(rows)), encoding="utf-8")


def varying(parameters: Sequence[Mapping[str, str]]) -> list[str]:
    """Names of the parameters that are numbers in all runs, and not the same in all."""
    names = list(dict.fromkeys(name for each in parameters for name in each))
    found = []
    for name in names:
        values = [_number(each.get(name)) for each in parameters]
        if None not in values and len(set(values)) > 1:
            found.append(name)
    return found


def words(rows: Sequence[Row]) -> str:
    """The picture for those who do not see it."""
    ends = Counter(str(row["end"]) for row in rows)
    parts = [f"{ends[end]} ended {said}" for end, said in ENDS.items() if end != "error"]
    near = [row["closest"] for row in rows if row.get("closest") is not None]
    parts.append(f"{ends['error']} could not be played")
    parts.append(f"{sum(1 for row in rows if _touched(row))} with a collision")
    if near:
        parts.append(
            f"the ego's least distance to others is {min(near):.2f} m to {max(near):.2f} m, "
            f"in the median {float(np.median(near)):.2f} m"
        )
    return "; ".join(parts)


def _distances(axes: Any, rows: Sequence[Row]) -> None:
    """A histogram of the least distances; runs with a collision stand apart by colour."""
    known = [row for row in rows if row.get("closest") is not None]
    parts = [[row["closest"] for row in known if _touched(row) is hit] for hit in (False, True)]
    axes.hist(parts, bins=BINS, stacked=True, color=[BLUE, ORANGE],
              label=["no collision", "a collision"])  # fmt: skip
    axes.set_xlabel("least distance of the ego to others, m")
    axes.set_ylabel("runs")
    axes.legend(fontsize=8)


def _ends(axes: Any, rows: Sequence[Row]) -> None:
    """How many runs ended how."""
    hits = Counter(str(row["end"]) for row in rows if _touched(row))
    counts = Counter(str(row["end"]) for row in rows)
    names = list(ENDS)
    calm = [counts[name] - hits[name] for name in names]
    colours = [GREY if name == "error" else BLUE for name in names]
    places = range(len(names))
    axes.bar(places, calm, color=colours)
    axes.bar(places, [hits[name] for name in names], bottom=calm, color=ORANGE)
    axes.set_xticks(list(places), [ENDS[name] for name in names])
    for place, name in zip(places, names, strict=True):
        axes.annotate(str(counts[name]), (place, counts[name]), ha="center", va="bottom")
    axes.set_xlabel("end of the run")
    axes.margins(y=0.12)
    axes.grid(visible=False, axis="x")


def _against(
    axes: Any, name: str, rows: Sequence[Row], parameters: Sequence[Mapping[str, str]]
) -> None:
    """The least distances over one parameter."""
    for hit, colour, marker in ((False, BLUE, MARKERS[0]), (True, ORANGE, MARKERS[1])):
        points = [
            (float(given[name]), row["closest"])
            for row, given in zip(rows, parameters, strict=True)
            if row.get("closest") is not None and _touched(row) is hit
        ]
        if points:
            x, y = zip(*points, strict=True)
            axes.plot(x, y, marker, color=colour, markersize=4, alpha=0.7)
    axes.set_xlabel(name)
    axes.set_ylabel("least distance, m")


def _touched(row: Row) -> bool:
    return bool(row.get("collisions"))


def _number(text: str | None) -> float | None:
    try:
        value = float(text) if text is not None else np.nan
    except ValueError:
        return None
    return value if np.isfinite(value) else None
