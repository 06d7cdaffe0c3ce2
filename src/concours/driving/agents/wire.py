"""Frames between the engine and an agent's process. Nothing is pickled, in either direction.

A frame is a head (four letters, the bytes of a JSON text, the bytes of arrays), the JSON and the
arrays. Towards the agent it may be large. From the agent it is at most MAX_ANSWER bytes without
arrays, and a control is a record of fixed size.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from concours.driving.agents.captured import readable
from concours.driving.agents.control import (
    DIRECT_RANGES,
    RANGES,
    SWITCHES,
    BadControl,
    Control,
    DirectControl,
    read_control,
)

HEAD = struct.Struct("<4sIQ")
CONTROL = struct.Struct("<QBB5d")
"""Frame, whether it was clamped, whether it is direct; then the numbers."""
MAX_ANSWER = 256 * 1024
START, STEP, STOP = b"STRT", b"STEP", b"STOP"
SHARED = b"SHRD"
"""A step whose arrays lie in shared memory (shared.py) in place of the stream."""
HELLO, SENSORS, ANSWER, FAILED, DONE = b"HELO", b"SENS", b"CTRL", b"FAIL", b"DONE"

Reading = tuple[int, Any]
"""(frame it was taken in, array | text | number | dict or list of these)"""
Readings = Mapping[str, Reading]


class Garbled(ValueError):
    """This is not what the other side may send."""


def text_frame(kind: bytes, content: object = None) -> list[bytes]:
    """A frame without arrays."""
    text = json.dumps(content, allow_nan=False).encode()
    return [HEAD.pack(kind, len(text), 0) + text]


def step_frame(frame: int, timestamp: float, readings: Readings) -> list[bytes | memoryview]:
    """What the sensors read: the head with its JSON, then the arrays' own memory.

    Raises TypeError for a value that is no array, text, number, dict or list of these.
    """
    blocks: list[bytes | memoryview] = []
    entries = [[name, at, _pack(value, blocks)] for name, (at, value) in readings.items()]
    text = json.dumps([frame, timestamp, entries]).encode()
    size = sum(len(block) for block in blocks)
    return [HEAD.pack(STEP, len(text), size) + text, *blocks]


def _pack(value: Any, blocks: list[bytes | memoryview]) -> Any:
    """A value as JSON; arrays and texts are put among the blocks and described."""
    if isinstance(value, np.ndarray):
        array = np.ascontiguousarray(value)
        if array.dtype.hasobject:
            raise TypeError("arrays of objects cannot be sent")
        raw = array.reshape(-1).view(np.uint8).data if array.size else b""
        blocks.append(raw)
        return ["array", array.dtype.str, list(value.shape), len(raw)]
    if isinstance(value, str):
        raw = value.encode()
        blocks.append(raw)
        return ["text", len(raw)]
    if isinstance(value, Mapping):
        return ["dict", [[str(key), _pack(one, blocks)] for key, one in value.items()]]
    if isinstance(value, list | tuple):
        return ["list", [_pack(one, blocks) for one in value]]
    if isinstance(value, bool | np.bool_):
        return ["value", bool(value)]
    if isinstance(value, int | np.integer):
        return ["value", int(value)]
    if isinstance(value, float | np.floating):
        return ["value", float(value)]
    raise TypeError(f"a reading cannot be a {type(value).__name__}")


def read_step(text: bytes, body: bytearray) -> tuple[int, float, dict[str, Reading]]:
    """Frame, timestamp and readings of a step; arrays are views of `body`, to be written in."""
    frame, timestamp, entries = json.loads(text)
    rest = memoryview(body)

    def unpack(entry: list[Any]) -> Any:
        nonlocal rest
        if entry[0] == "value":
            return entry[1]
        if entry[0] == "dict":
            return {key: unpack(one) for key, one in entry[1]}
        if entry[0] == "list":
            return [unpack(one) for one in entry[1]]
        raw, rest = rest[: entry[-1]], rest[entry[-1] :]
        if entry[0] == "text":
            return bytes(raw).decode()
        return np.frombuffer(raw, dtype=entry[1]).reshape(entry[2])

    return frame, timestamp, {name: (at, unpack(entry)) for name, at, entry in entries}


def control_frame(frame: int, control: Control | DirectControl) -> bytes:
    """An answer: a record of fixed size, in the place of the JSON."""
    direct = isinstance(control, DirectControl)
    values = asdict(control)
    names = tuple(DIRECT_RANGES) if direct else (*RANGES, *SWITCHES)
    numbers = [float(values[name]) for name in names] + [0.0] * (5 - len(names))
    record = CONTROL.pack(frame, control.clamped, direct, *numbers)
    return HEAD.pack(ANSWER, len(record), 0) + record


def read_answer(record: bytes) -> tuple[int, Control | DirectControl]:
    """Frame and control of an answer, read as strictly as an agent's own. Raises Garbled."""
    if len(record) != CONTROL.size:
        raise Garbled(f"a control of {len(record)} bytes")
    frame, clamped, direct, *numbers = CONTROL.unpack(record)
    names = tuple(DIRECT_RANGES) if direct else (*RANGES, *SWITCHES)
    try:
        control = read_control(dict(zip(names, numbers, strict=False)))
    except BadControl as error:
        raise Garbled(str(error)) from None
    if clamped and not control.clamped:
        made: Callable[..., Control | DirectControl] = type(control)
        control = made(**{**asdict(control), "clamped": True})
    return frame, control


def read_text(text: bytes) -> Any:
    """JSON that a stranger may have written: finite numbers, readable texts, no endless nesting.

    Raises Garbled.
    """
    try:
        return _readable(json.loads(text, parse_constant=_no_constant, parse_float=_finite))
    except (ValueError, RecursionError) as error:
        raise Garbled(f"not JSON: {error}"[:200]) from None


def _readable(value: Any) -> Any:
    if isinstance(value, str):
        return readable(value)
    if isinstance(value, list):
        return [_readable(one) for one in value]
    if isinstance(value, dict):
        return {readable(name): _readable(one) for name, one in value.items()}
    return value


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number too large")
    return number
