"""The map for the replay: outlines in centimetres, a few layers that are drawn at once."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

import numpy as np

from concours.driving.roads.drawing import PALETTES
from concours.driving.roads.network import RoadNetwork
from concours.driving.roads.shapes import (
    ORDER,
    Line,
    Surface,
    lamps,
    stops,
    surfaces_and_lines,
)
from concours.driving.roads.summary import summarise
from concours.driving.roads.tables import FloatArray
from concours.driving.viewing.packing import packed

TILE = 250.0
"""Metres: what is drawn together lies in a square of about this size, so that far tiles can be
left out."""
CM = 100.0
MARKS = len(ORDER)
Key = tuple[int, int, int, int, bool, float, bool]


def ground(network: RoadNetwork, origin: FloatArray) -> dict[str, Any]:
    """Layers from the lowest to the topmost, stop lines, lights, and the roads' box.

    Coordinates are metres from `origin` (2,). Complexity: linear in the lanes and in how much
    they bend; about 3 characters a point of an outline.
    """
    layers: dict[Key, list[FloatArray]] = defaultdict(list)
    for shape in surfaces_and_lines(network):
        layers[_key(shape, origin)].append(shape.points - origin)
    x0, y0, x1, y1 = summarise(network).bounds
    return {
        "bounds": _rounded(np.array([[x0, y0], [x1, y1]]) - origin),
        "layers": [_layer(key, layers[key]) for key in sorted(layers)],
        "stops": [[*_rounded(each.points - origin), list(each.signals)] for each in stops(network)],
        "lamps": [
            [each.signal, *_rounded(np.array([each.x, each.y]) - origin)] for each in lamps(network)
        ],
    }


def palettes() -> dict[str, dict[str, str]]:
    """The map's colours, by scheme and class of surface: those of the still picture."""
    return {
        scheme: dict(entry.split() for entry in palette.split(", "))
        for scheme, palette in PALETTES.items()
    }


def _key(shape: Surface | Line, origin: FloatArray) -> Key:
    """What shares a key shares a layer; keys sort as layers are drawn."""
    column, row = (math.floor(each / TILE) for each in (shape.points[0] - origin).tolist())
    if isinstance(shape, Surface):
        return shape.storey, ORDER.index(shape.kind), column, row, False, 0.0, False
    return shape.storey, MARKS, column, row, shape.yellow, round(shape.width, 2), shape.dashed


def _layer(key: Key, outlines: list[FloatArray]) -> dict[str, Any]:
    _, order, _, _, yellow, width, dashed = key
    points = np.concatenate(outlines)
    low, high = points.min(axis=0), points.max(axis=0)
    mark = "yellow" if yellow else "mark"
    return {
        "kind": mark if order == MARKS else ORDER[order],
        "width": width,
        "dashed": dashed,
        "box": _rounded(np.concatenate([low, high])),
        "counts": packed([len(each) for each in outlines], order=1),
        "x": packed(points[:, 0], per_unit=CM, order=1),
        "y": packed(points[:, 1], per_unit=CM, order=1),
    }


def _rounded(values: FloatArray) -> list[float]:
    """Centimetres are enough to draw."""
    return [round(float(each), 2) for each in values.ravel()]
