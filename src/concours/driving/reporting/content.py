"""What the report shows, as plain data for JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from concours.driving.closedloop import Run
from concours.driving.reporting.curves import curves, every
from concours.driving.reporting.judged import judged
from concours.driving.reporting.maps import Maps
from concours.driving.results import ENGINE_VERSION, Driven
from concours.driving.results.manifest import totals
from concours.driving.roads import RoadNetwork
from concours.driving.scoring import PRESETS, NothingDriven, Observations, observe
from concours.driving.scoring import preset as known
from concours.driving.viewing.content import moved, stride_for
from concours.driving.viewing.ground import palettes

STATES = 1_000_000
"""Rows times actors that are kept at most, over all runs."""
LOG = 16_000
"""Characters of what an agent printed, kept from its head and from its tail each."""


def content(
    driven: Sequence[Driven],
    *,
    preset: str,
    agent: str,
    networks: Mapping[str, RoadNetwork],
) -> dict[str, Any]:
    """All that report.js reads. Texts are as they came: not escaped."""
    known(preset)
    if not driven:
        raise ValueError("a report needs at least one run")
    names = [name for name in PRESETS if all(name in one.scores for one in driven)]
    if preset not in names:
        raise ValueError(f"not every run was judged by {preset}")
    maps = Maps(networks)
    traces = [one.drive.run.trace for one in driven]
    stride, thinned = stride_for(traces, STATES), every(traces)
    runs = [_run(one, maps, names, stride=stride, thinned=thinned) for one in driven]
    means = totals([one.scores for one in driven])
    return {
        "agent": agent,
        "engine": ENGINE_VERSION,
        "preset": preset,
        "presets": names,
        "totals": {name: means[name] for name in names},
        "maps": maps.drawn,
        "palettes": palettes(),
        "runs": runs,
    }


def _run(
    one: Driven, maps: Maps, presets: Sequence[str], *, stride: int, thinned: int
) -> dict[str, Any]:
    """One scenario; places are metres from the map's origin."""
    network = maps.of(one)
    run = replace(one.drive.run, network=network)
    seen = _observed(run)
    key, origin = maps.origin(one, run)
    x0, y0 = origin.tolist()
    return {
        "name": one.name,
        "end": str(one.drive.end),
        "seconds": float(run.trace.times[-1]) if len(run.trace.times) else 0.0,
        "fault": shortened(run.fault),
        "kind": one.drive.kind,
        "log": shortened(one.drive.log),
        "steps": one.drive.usage.steps,
        "missed": one.drive.usage.missed,
        "seed": str(one.setting.seed),
        "track": one.setting.track,
        "collisions": [] if seen is None else [_collision(each) for each in seen.collisions],
        "goal": [run.task.goal[0] - x0, run.task.goal[1] - y0, run.task.radius],
        "limit": finite(run.task.time_limit),
        "mileage": finite(run.task.mileage),
        "driven": None if seen is None else float(seen.distance[-1]),
        "scores": {name: judged(one.scores[name], x0, y0) for name in presets},
        "map": key,
        "replay": {**moved(run.trace, origin=origin, stride=stride), "ego": _ego(run)},
        "curves": None if seen is None else curves(seen, thinned),
    }


def _ego(run: Run) -> int:
    """The number of who was judged; -1 where it never came to be."""
    names = [actor.name for actor in run.trace.actors]
    return names.index(run.task.ego) if run.task.ego in names else -1


def _observed(run: Run) -> Observations | None:
    try:
        return observe(run)
    except NothingDriven:
        return None


def _collision(one: Any) -> list[Any]:
    return [round(one.time, 4), one.other, one.kind, one.at_fault]


def finite(value: float) -> float | None:
    """For JSON, which has no infinity."""
    return float(value) if math.isfinite(value) else None


def shortened(text: str) -> str:
    """The head and the tail of a long text, with what is left out said between."""
    left_out = len(text) - 2 * LOG
    if left_out <= 0:
        return text
    return f"{text[:LOG]}\n... {left_out} characters left out ...\n{text[-LOG:]}"
