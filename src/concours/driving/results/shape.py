"""What a manifest has to hold, so that whoever reads it need not look twice.

A result may come from anybody, and its digests only say that it was not changed since.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from concours.driving.closedloop.loop import End
from concours.driving.results.bundle import BadBundle

RUN: Mapping[str, type | tuple[type, ...]] = {
    "name": str, "sources": dict, "setting": dict, "task": dict, "end": str, "fault": str,
    "fault_kind": str, "frames": int, "seconds": (int, float), "trace": str, "scores": dict,
    "told": dict,
}  # fmt: skip
"""Keys of the record of a run, and what stands there."""


def require_shape(manifest: Mapping[str, Any]) -> None:
    """Raises BadBundle with what is missing in a manifest, or is something else there."""
    for key, kind in (("agent", dict), ("runs", list), ("totals", dict)):
        if not isinstance(manifest.get(key), kind):
            raise BadBundle(f"the manifest does not say {key!r}")
    for name, mean in manifest["totals"].items():
        if not isinstance(mean, dict) or not all(
            _is_number(mean.get(part)) for part in ("mean", "low", "high")
        ):
            raise BadBundle(f"the manifest has no mean of {name!r}"[:200])
    names = [_name(number, run) for number, run in enumerate(manifest["runs"], start=1)]
    if len(set(names)) != len(names):
        raise BadBundle("two runs of the manifest have one name")


def _name(number: int, run: Any) -> str:
    if not isinstance(run, dict):
        raise BadBundle(f"run {number} of the manifest is no record")
    for key, kind in RUN.items():
        if not isinstance(run.get(key), kind) or isinstance(run[key], bool):
            raise BadBundle(f"run {number} of the manifest does not say {key!r}")
    if run["end"] not in list(End):
        raise BadBundle(f"run {number} of the manifest: no run ends by {run['end']!r}"[:200])
    if not isinstance(run["told"].get("log"), str):
        raise BadBundle(f"run {number} of the manifest does not say what the agent printed")
    for preset, score in run["scores"].items():
        if not isinstance(score, dict) or not _is_number(score.get("value")):
            raise BadBundle(f"run {number} of the manifest has no score {preset!r}"[:200])
    return str(run["name"])


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
