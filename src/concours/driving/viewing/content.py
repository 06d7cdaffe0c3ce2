"""What the replay shows, as plain data for JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from concours.driving.roads.network import RoadNetwork
from concours.driving.scenarios.errors import Place
from concours.driving.viewing.ground import ground, palettes
from concours.driving.viewing.packing import packed
from concours.driving.viewing.storyboard import SHOWN, rows
from concours.driving.world.trace import FIELDS, Actor, FloatArray, Trace

STATES = 1_500_000
"""Rows times actors that are kept at most; above, only every second row is, or every third ..."""
TICKS = 1e4
"""Time is kept to a tenth of a millisecond."""
PER_UNIT = {
    "x": 100.0,
    "y": 100.0,
    "z": 100.0,
    "heading": 1000.0,
    "speed": 100.0,
    "acceleration": 100.0,
    "road": 1.0,
    "lane": 1.0,
    "s": 100.0,
    "offset": 100.0,
}
"""What a metre, a radian, ... is in whole steps: cm, mrad, cm/s, cm/s2."""
ORDERS = {"road": 1, "lane": 1}
EGO = ("ego", "hero")


def content(trace: Trace, network: RoadNetwork | None) -> dict[str, Any]:
    """All that a page with one run reads. Texts are as the files have them: not escaped."""
    origin = origin_of(trace.values, network)
    return {
        **moved(trace, origin=origin, stride=stride_for([trace], STATES)),
        "map": None if network is None else ground(network, origin),
        "palettes": palettes(),
    }


def stride_for(traces: Sequence[Trace], states: int) -> int:
    """Every how-manyth row is kept so that rows times actors are not more than `states`."""
    total = sum(len(trace.times) * len(trace.actors) for trace in traces)
    return max(1, math.ceil(total / states))


def moved(trace: Trace, *, origin: FloatArray, stride: int) -> dict[str, Any]:
    """A run as model.js reads it, without its map; origin: (2,) m, what places are told from."""
    chosen = np.unique(np.append(np.arange(0, len(trace.times), stride), len(trace.times) - 1))
    chosen = chosen[chosen >= 0]
    times, values = trace.times[chosen], trace.values[chosen]
    board = rows(trace.record, until=float(times[-1]) if len(times) else 0.0)
    return {
        "name": trace.name,
        "step": trace.step,
        "stride": stride,
        "end": trace.end,
        "times": packed(times, per_unit=TICKS),
        "ticks": TICKS,
        "perUnit": PER_UNIT,
        "orders": ORDERS,
        "origin": origin.tolist(),
        "actors": [
            _actor(actor, values[:, number], origin) for number, actor in enumerate(trace.actors)
        ],
        "ego": _ego(trace.actors),
        "roads": list(trace.road_ids),
        "board": board[:SHOWN],
        "boardHidden": max(0, len(board) - SHOWN),
        "touches": [[round(each.time, 4), each.first, each.second] for each in trace.touches],
        "lights": [[round(each.time, 4), each.signal, each.state] for each in trace.lights],
        "unfired": [[each.path, each.which, _place(each.place)] for each in trace.unfired],
        "notes": list(trace.notes),
    }


def _place(place: Place) -> str:
    """The file by its name: where it lies is nobody else's business."""
    return str(Place(place.file.replace("\\", "/").rpartition("/")[2], place.line))


def origin_of(values: FloatArray, network: RoadNetwork | None) -> FloatArray:
    """(2,) whole metres near the scene: single floats are fine around it, wherever it is."""
    places = values[:, :, :2].reshape(-1, 2)
    places = places[np.isfinite(places).all(axis=1)]
    if not len(places):
        places = np.array([[0.0, 0.0] if network is None else network.bounds()]).reshape(-1, 2)
    middle: FloatArray = np.rint((places.min(axis=0) + places.max(axis=0)) / 2.0)
    return middle


def _actor(actor: Actor, values: FloatArray, origin: FloatArray) -> dict[str, Any]:
    """One actor; its columns hold the rows of `runs` only: [from, to) rows where it is there."""
    there = np.isfinite(values[:, : FIELDS.index("heading") + 1]).all(axis=1)
    edges = np.flatnonzero(np.diff(there.astype(np.int8), prepend=0, append=0))
    columns = dict(zip(FIELDS, values[there].T, strict=True))
    columns["x"], columns["y"] = columns["x"] - origin[0], columns["y"] - origin[1]
    columns["heading"] = _unturned(columns["heading"])
    return {
        "name": actor.name,
        "kind": actor.kind,
        "size": np.nan_to_num([actor.length, actor.width, actor.height]).tolist(),
        "center": np.nan_to_num(actor.center).tolist(),
        "runs": edges.tolist(),
        "columns": {
            name: packed(columns[name], per_unit=scale, order=ORDERS.get(name, 2))
            for name, scale in PER_UNIT.items()
        },
    }


def _unturned(heading: FloatArray) -> FloatArray:
    """Without the jumps at half a turn, which would cost bytes."""
    return np.unwrap(heading) if len(heading) else heading


def _ego(actors: tuple[Actor, ...]) -> int:
    """The one that the scene is about: called ego or hero, else the first; -1 without actors."""
    for number, actor in enumerate(actors):
        if actor.name.lower() in EGO:
            return number
    for number, actor in enumerate(actors):
        if actor.name.lower().startswith(EGO):
            return number
    return 0 if actors else -1
