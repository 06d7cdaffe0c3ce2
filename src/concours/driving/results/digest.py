"""One number for all that happened in a run: two runs with the same are the same, bit for bit."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np

from concours.driving.scenarios.machine import Record
from concours.driving.world import Actor, Trace

_DOMAIN = "concours.driving.trace/1"


def trace_digest(trace: Trace) -> str:
    """SHA-256 (hex) over a trace: motion, touches, lights, the storyboard's moves, how it ended.

    Numbers count by their 64 bits (any NaN as one, and both zeros). The name of the scenario and
    notes do not count. Linear in the size of the trace.
    """
    digest = hashlib.sha256()
    words: dict[str, Any] = {
        "domain": _DOMAIN,
        "end": trace.end,
        "step": trace.step.hex(),
        "actors": [
            [actor.name, actor.kind, *(number.hex() for number in _box(actor))]
            for actor in trace.actors
        ],
        "roads": list(trace.road_ids),
        "touches": [[t.time.hex(), t.first, t.second] for t in trace.touches],
        "lights": [[light.time.hex(), light.signal, light.state] for light in trace.lights],
        "moves": [_move(record) for record in trace.record],
        "shape": list(trace.values.shape),
    }
    digest.update(canonical(words))
    for array in (trace.times, trace.values):
        plain = np.where(np.isnan(array), np.nan, array + 0.0)
        digest.update(np.ascontiguousarray(plain, dtype="<f8").tobytes())
    return digest.hexdigest()


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no space, UTF-8; NaN and infinities are refused (ValueError)."""
    text = json.dumps(
        value, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )
    return text.encode()


def sha256(data: bytes) -> str:
    """SHA-256 of bytes, as hex."""
    return hashlib.sha256(data).hexdigest()


def _box(actor: Actor) -> tuple[float, ...]:
    return tuple(map(float, (actor.length, actor.width, actor.height, *actor.center)))


def _move(record: Record) -> list[str]:
    names = (record.kind, record.before, record.move, record.after)
    return [record.time.hex(), record.name, record.path, *(str(each.value) for each in names)]
