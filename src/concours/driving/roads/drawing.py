"""A map as a picture: one SVG that follows the reader's light or dark scheme."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from xml.sax.saxutils import escape

from concours.driving.roads.network import RoadNetwork
from concours.driving.roads.shapes import ORDER, Line, Surface, lamps, stops, surfaces_and_lines
from concours.driving.roads.summary import Summary, summarise
from concours.driving.roads.tables import FloatArray

WIDTH = 1200.0
"""Pixels of the picture's longer side."""
PALETTES = {
    "light": "ground #eef0ea, driving #6d747c, walk #d9d3c7, bike #b98f78, park #8b94a3, "
    "verge #dfe4d6, rail #9b8f86, light #d2382e, text #3b4148, mark #ffffff, yellow #f2c230",
    "dark": "ground #14171a, driving #4a5159, walk #2d3033, bike #6d5143, park #3a4350, "
    "verge #1e2420, rail #4a4440, light #ff6a5e, text #c9ced4, mark #dfe3e7, yellow #d9a91f",
}
LINES = {"mark": ".mark,.stop", "yellow": ".mark.yellow"}


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
    for shape in surfaces_and_lines(network):
        if isinstance(shape, Surface):
            surfaces[shape.storey, shape.kind].append(_path(shape.points) + "Z")
        else:
            marks[shape.storey, _style_of(shape)].append(_path(shape.points))
    for storey in sorted({storey for storey, _ in surfaces}):
        for name in ORDER:
            if (storey, name) in surfaces:
                yield f'<path class="{name}" d="{"".join(surfaces[storey, name])}"/>'
        for (where, style), paths in sorted(marks.items()):
            if where == storey:
                yield f'<path {style} d="{"".join(paths)}"/>'
    yield from _signals(network, scale)


def _style_of(line: Line) -> str:
    yellow = " yellow" if line.yellow else ""
    dash = ' stroke-dasharray="3 4"' if line.dashed else ""
    return f'class="mark{yellow}" stroke-width="{line.width:.2f}"{dash}'


def _path(points: FloatArray) -> str:
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points.tolist())


def _signals(network: RoadNetwork, scale: float) -> Iterator[str]:
    """Stop lines as strokes, lights as dots."""
    size = max(0.6, 2.5 / scale)
    for stop in stops(network):
        yield f'<path class="stop" stroke-width="0.4" d="{_path(stop.points)}"/>'
    for lamp in lamps(network):
        yield f'<circle class="light" cx="{lamp.x:.2f}" cy="{lamp.y:.2f}" r="{size:.2f}"/>'


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
