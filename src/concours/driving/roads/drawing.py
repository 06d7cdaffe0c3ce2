"""A map as a picture: one SVG that follows the reader's light or dark scheme."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from xml.sax.saxutils import escape

import numpy as np

from concours.driving.roads import tables as t
from concours.driving.roads.kernels.surface import borders_of
from concours.driving.roads.kinds import DRIVABLE, LANE_TYPES, MARK_TYPES
from concours.driving.roads.network import RoadNetwork
from concours.driving.roads.summary import Summary, summarise
from concours.driving.roads.tables import FloatArray

WIDTH = 1200.0
"""Pixels of the picture's longer side."""
BEND = 0.05
"""Radians between two stations of an outline."""
STEP = (0.5, 20.0)
"""Metres between two stations, at least and at most."""
STOREY = 3.0
"""Metres of height from which a road is drawn above another."""
PALETTES = {
    "light": "ground #eef0ea, driving #6d747c, walk #d9d3c7, bike #b98f78, park #8b94a3, "
    "verge #dfe4d6, rail #9b8f86, light #d2382e, text #3b4148, mark #ffffff, yellow #f2c230",
    "dark": "ground #14171a, driving #4a5159, walk #2d3033, bike #6d5143, park #3a4350, "
    "verge #1e2420, rail #4a4440, light #ff6a5e, text #c9ced4, mark #dfe3e7, yellow #d9a91f",
}
LINES = {"mark": ".mark,.stop", "yellow": ".mark.yellow"}
CLASSES = {
    **dict.fromkeys(DRIVABLE, "driving"),
    **dict.fromkeys(("sidewalk", "walking", "curb"), "walk"),
    "biking": "bike",
    **dict.fromkeys(("parking", "stop", "shoulder"), "park"),
    **dict.fromkeys(("tram", "rail"), "rail"),
}
ORDER = ("verge", "walk", "rail", "park", "bike", "driving")


def svg(network: RoadNetwork, *, title: str = "") -> str:
    """The map from above, x to the right and y up, with a scale and a title.

    Complexity: linear in the lanes and in how much they bend.
    """
    summary = summarise(network)
    x0, y0, x1, y1 = summary.bounds
    pad = 0.03 * max(x1 - x0, y1 - y0) + 5.0
    x0, y0, x1, y1 = x0 - pad, y0 - pad, x1 + pad, y1 + pad
    scale = WIDTH / max(x1 - x0, y1 - y0)
    width, height = (x1 - x0) * scale, max((y1 - y0) * scale, 60.0)
    head = 44.0
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} '
        f'{height + head:.0f}" width="{width:.0f}" height="{height + head:.0f}" role="img">',
        f"<title>{escape(title or network.name or 'Map')}</title><style>{_style()}</style>",
        f'<rect class="ground" width="{width:.0f}" height="{height + head:.0f}"/>',
        f'<g transform="translate({-x0 * scale:.3f} {head + y1 * scale:.3f}) '
        f'scale({scale:.6f} {-scale:.6f})">',
        *_layers(network, scale),
        "</g>",
        *_captions(title or network.name, summary, width=width, scale=scale),
        "</svg>",
    ]
    return "\n".join(parts)


def _style() -> str:
    """Plain rules, without variables: viewers that know little CSS read them too."""
    rules = {name: "".join(_rules(palette)) for name, palette in PALETTES.items()}
    return (
        ".mark,.stop,.scale{fill:none}text{font-family:system-ui,sans-serif}"
        f"{rules['light']}@media(prefers-color-scheme:dark){{{rules['dark']}}}"
    )


def _rules(palette: str) -> Iterator[str]:
    for name, color in (entry.split() for entry in palette.split(", ")):
        if name in LINES:
            yield f"{LINES[name]}{{stroke:{color}}}"
        elif name == "text":
            yield f"text{{fill:{color}}}.scale{{stroke:{color}}}"
        else:
            yield f".{name}{{fill:{color}}}"


def _layers(network: RoadNetwork, scale: float) -> Iterator[str]:
    """Surfaces and marks, storey by storey."""
    surfaces: dict[tuple[int, str], list[str]] = defaultdict(list)
    marks: dict[tuple[int, str], list[str]] = defaultdict(list)
    for road in range(len(network.road_ids)):
        first, last = network.tables.roads[road, t.SECTIONS : t.SECTIONS + 2].tolist()
        for section in range(first, last):
            _section(network, road, section, surfaces, marks)
    for storey in sorted({storey for storey, _ in surfaces}):
        for name in ORDER:
            if (storey, name) in surfaces:
                yield f'<path class="{name}" d="{"".join(surfaces[storey, name])}"/>'
        for (where, style), paths in sorted(marks.items()):
            if where == storey:
                yield f'<path {style} d="{"".join(paths)}"/>'
    yield from _signals(network, scale)


def _section(
    network: RoadNetwork,
    road: int,
    section: int,
    surfaces: dict[tuple[int, str], list[str]],
    marks: dict[tuple[int, str], list[str]],
) -> None:
    stations = _stations(network, road, section)
    storey = math.floor(float(network.road_poses(road, stations).z.mean()) / STOREY)
    first, last = network.tables.sections[section, t.LANES : t.LANES + 2].tolist()
    for lane in range(first, last):
        row = network.tables.lanes[lane]
        borders = np.array(
            [
                [jet[0] for jet in borders_of(network.tables.across, road, section, lane, s)]
                for s in stations.tolist()
            ]
        )
        outer = _points(network, road, stations, borders[:, 1])
        if row[t.LANE_ID] != 0 and np.abs(borders[:, 1] - borders[:, 0]).max() > 0.01:
            inner = _points(network, road, stations, borders[:, 0])
            name = CLASSES.get(LANE_TYPES[row[t.LANE_TYPE]], "verge")
            surfaces[storey, name].append(_area(np.concatenate([inner, outer[::-1]])))
        for style, begin, end in _marks(network, row, stations):
            chosen = outer[(stations >= begin) & (stations <= end)]
            if len(chosen) > 1:
                marks[storey, style].append(_path(chosen))


def _stations(network: RoadNetwork, road: int, section: int) -> FloatArray:
    """Stations of a section, closer where it bends."""
    low, high = network.tables.section_s[section].tolist()
    probe = np.linspace(low, high, max(2, min(2000, math.ceil((high - low) / 2.0))))
    bend = np.abs(network.road_poses(road, probe).curvature)
    step = np.clip(BEND / np.maximum(bend, 1e-9), *STEP)
    passed = np.concatenate([[0.0], np.cumsum(np.diff(probe) / step[1:])])
    count = max(2, math.ceil(passed[-1]) + 1)
    stations = np.interp(np.linspace(0.0, passed[-1], count), passed, probe)
    return np.unique(np.concatenate([stations, _widening(network, section, low, high)]))


def _widening(network: RoadNetwork, section: int, low: float, high: float) -> FloatArray:
    """Stations at which a width, border or mark of the section changes, and some between."""
    first, last = network.tables.sections[section, t.LANES : t.LANES + 2].tolist()
    found = [low, high]
    for row in network.tables.lanes[first:last].tolist():
        records = network.tables.cubics[row[t.WIDTHS] : row[t.WIDTHS + 1]]
        marks = network.arrays["marks"][row[t.MARKS] : row[t.MARKS + 1], 0]
        found += [*records[:, 0].tolist(), *marks.tolist()]
        if records[:, 3:].any():
            found += np.linspace(low, high, 12).tolist()
    inside = [s for s in found if low <= s <= high]
    return np.array(inside[:5000])


def _points(network: RoadNetwork, road: int, s: FloatArray, across: FloatArray) -> FloatArray:
    poses = network.road_poses(road, s, across)
    return np.stack([poses.x, poses.y], axis=1)


def _path(points: FloatArray) -> str:
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points.tolist())


def _area(points: FloatArray) -> str:
    """A closed path that runs to the left: areas that overlap must not cancel each other."""
    x, y = points.T
    turned = float(x @ np.roll(y, -1) - y @ np.roll(x, -1))
    return _path(points if turned >= 0.0 else points[::-1]) + "Z"


def _marks(
    network: RoadNetwork, row: t.IntArray, stations: FloatArray
) -> Iterator[tuple[str, float, float]]:
    """(attributes of the path, from, to) of a lane's marks."""
    records = network.arrays["marks"][row[t.MARKS] : row[t.MARKS + 1]].tolist()
    ends = [*(record[0] for record in records[1:]), float(stations[-1])][: len(records)]
    for (s, kind, color, width, _), end in zip(records, ends, strict=True):
        name = MARK_TYPES[int(kind)]
        if name in ("none", "grass", "curb"):
            continue
        yellow = " yellow" if "yellow" in network.texts[int(color)] else ""
        size = 0.12 if math.isnan(width) or width <= 0 else min(width, 0.5)
        size *= 2.0 if " " in name else 1.0
        dash = ' stroke-dasharray="3 4"' if name.startswith(("broken", "botts")) else ""
        yield f'class="mark{yellow}" stroke-width="{size:.2f}"{dash}', s, end


def _signals(network: RoadNetwork, scale: float) -> Iterator[str]:
    """Stop lines as strokes, lights as dots."""
    size = max(0.6, 2.5 / scale)
    for road in network.road_ids:
        for line in network.stop_lines(road):
            for lane in line.lanes:
                low, high = network.lane_borders(road, lane, line.s)
                ends = [network.road_pose(road, line.s, across) for across in (low, high)]
                points = np.array([[pose.x, pose.y] for pose in ends])
                yield f'<path class="stop" stroke-width="0.4" d="{_path(points)}"/>'
        for signal in network.signals(road):
            if signal.dynamic and not signal.refers:
                pose = network.road_pose(road, signal.s, signal.t)
                yield f'<circle class="light" cx="{pose.x:.2f}" cy="{pose.y:.2f}" r="{size:.2f}"/>'


def _captions(title: str, summary: Summary, *, width: float, scale: float) -> Iterator[str]:
    yield f'<text x="16" y="27" font-size="17" font-weight="600">{escape(title[:60])}</text>'
    metres = _round(0.18 * width / scale)
    length, x = metres * scale, width - 16
    yield f'<path class="scale" stroke-width="2" d="M{x - length:.1f} 22v6h{length:.1f}v-6"/>'
    words = f"{metres:g} m" if metres < 1000 else f"{metres / 1000:g} km"
    yield f'<text x="{x - length - 8:.1f}" y="30" font-size="13" text-anchor="end">{words}</text>'
    if width > 700:
        about = f"{summary.roads} roads, {summary.length / 1000:.1f} km, {summary.lights} lights"
        place = f'x="{0.5 * width:.0f}" y="27" font-size="13" text-anchor="middle"'
        yield f"<text {place}>{about}</text>"


def _round(metres: float) -> float:
    """1, 2 or 5 times a power of ten, not above."""
    power: float = 10.0 ** math.floor(math.log10(max(metres, 1e-3)))
    return max(factor * power for factor in (1.0, 2.0, 5.0) if factor * power <= metres * 1.0001)
