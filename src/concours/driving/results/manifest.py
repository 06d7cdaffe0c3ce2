"""What a result says: which engine, vehicle and sensors, and a record of each scenario driven."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from concours.driving.closedloop import Run
from concours.driving.closedloop.loop import Drive, Setting
from concours.driving.results.bundle import FORMAT, Bundle
from concours.driving.results.digest import trace_digest
from concours.driving.results.sources import Sources
from concours.driving.scoring import (
    PRESETS,
    NothingDriven,
    Score,
    mean_score,
    observe,
    score,
    to_json,
)

ENGINE_VERSION = "concours.driving/1"
"""Changes whenever the same log would give another trace or score."""
PRESET = "concours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Driven:
    """One scenario of a result: how it was driven, from which files, and what it is worth."""

    name: str
    drive: Drive
    setting: Setting
    sources: Sources
    scores: Mapping[str, Score] = field(default_factory=dict)


def judge(run: Run) -> dict[str, Score]:
    """The scores of a run by every preset; 0 where nothing was driven."""
    try:
        seen = observe(run)
    except NothingDriven as error:
        return {name: Score(preset=name, value=0.0, fault=str(error)) for name in PRESETS}
    return {name: score(seen, name) for name in PRESETS}


def bundle_of(
    driven: Sequence[Driven], *, agent: Mapping[str, Any], sealed: bool = False
) -> Bundle:
    """The result of an agent over scenarios; without the files of scenarios where sealed.

    Raises ValueError for names that occur twice.
    """
    names = [one.name for one in driven]
    if len(set(names)) != len(names):
        raise ValueError("two scenarios of a result have one name")
    files: dict[str, bytes] = {}
    for one in () if sealed else driven:
        files.update(one.sources.contents)
    manifest = {
        "format": FORMAT,
        "engine": {"version": ENGINE_VERSION, "concours": _installed()},
        "agent": dict(agent),
        "sealed": sealed,
        "runs": [record(one) for one in driven],
        "totals": totals([one.scores for one in driven]),
    }
    return Bundle(
        manifest=manifest,
        controls={one.name: one.drive.run.controls for one in driven},
        files=files,
    )


def record(one: Driven) -> dict[str, Any]:
    """One scenario as the manifest has it. What is under "told" cannot be computed again."""
    drive, setting, run = one.drive, one.setting, one.drive.run
    return {
        "name": one.name,
        "sources": one.sources.entry(),
        "setting": {
            "seed": setting.seed,
            "ego": setting.ego,
            "track": setting.track,
            "conventions": asdict(setting.conventions),
            "vehicle": asdict(setting.vehicle),
            "vehicle_digest": setting.vehicle.digest(),
        },
        "task": asked(run),
        "end": str(drive.end),
        "fault": run.fault,
        "fault_kind": drive.kind,
        "frames": len(run.trace.times),
        "seconds": float(run.trace.times[-1]),
        "trace": trace_digest(run.trace),
        "scores": {name: json.loads(to_json(found)) for name, found in one.scores.items()},
        "told": {
            "sensors": [dict(sensor) for sensor in drive.sensors],
            "steps": drive.usage.steps,
            "missed": drive.usage.missed,
            "clamped": drive.usage.clamped,
            "cpu_seconds": _finite(drive.usage.cpu_seconds),
            "peak_bytes": drive.usage.peak_bytes,
            "isolation": dict(drive.usage.isolation),
            "log": drive.log,
        },
    }


def asked(run: Run) -> dict[str, Any]:
    """What the ego of a run was to do, as the manifest has it."""
    return {
        "ego": run.task.ego,
        "goal": list(run.task.goal),
        "radius": run.task.radius,
        "mileage": run.task.mileage,
        "time_limit": run.task.time_limit,
        "speed_limit": _finite(run.task.speed_limit),
    }


def totals(scores: Sequence[Mapping[str, Score]]) -> dict[str, Any]:
    """The mean over the scenarios by each preset, with its 95 % interval."""
    found = {}
    for name in PRESETS:
        values = [each[name].value for each in scores if name in each]
        if values:
            mean = mean_score(values, seed=0)
            found[name] = {"mean": mean.estimate, "low": mean.low, "high": mean.high}
    return found


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _installed() -> str:
    try:
        return version("concours")
    except PackageNotFoundError:  # run from a folder of sources
        return ""
