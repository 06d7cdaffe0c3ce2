"""What goes between the world and a dataflow, as Arrow arrays.

The node `concours` sends, for each frame: every sensor's reading under the sensor's id, then
`tick`. All carry the metadata `frame` and `timestamp` (s), readings also `taken`, the frame they
were taken in. Messages of one frame may overtake each other: `frame` tells what belongs together,
and the metadata `readings` of the tick tells which ids were sent.

| reading | array | metadata |
|---|---|---|
| array | its elements in a row | `shape`, `dtype` as NumPy writes it |
| text, number | one element | |
| dict | one struct | |
| list | one text, its JSON | `encoding`: `json` |

Before the first frame comes `briefing`: one text, a JSON of `plan` (as PlanPoint), `lat_ref`,
`lon_ref` and `config`. Answered is each tick by one `control` with the metadata `frame`: a struct
or a JSON text with the names of a Control or a DirectControl, or the numbers throttle, steer, brake
and, where wished, hand_brake and reverse.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pyarrow as pa

from concours.driving.agents.control import (
    RANGES,
    SWITCHES,
    BadControl,
    Control,
    DirectControl,
    read_control,
)
from concours.driving.agents.spec import Briefing
from concours.driving.agents.wire import Garbled, read_text

BRIEFING, TICK, CONTROL = "briefing", "tick", "control"
LONGEST = 64
"""Elements that a control may have, or 1024 times as many bytes."""
Metadata = dict[str, Any]


def briefing_array(briefing: Briefing, config: str) -> Any:
    """The way and the map's origin as one text."""
    return one(json.dumps({**asdict(briefing), "config": config}))


def reading_array(value: Any) -> tuple[Any, Metadata]:
    """A reading and what has to be told beside it. Arrays are not copied where they lie in a row.

    Raises TypeError for a value that is no array, text, number, or dict or list of these.
    """
    if isinstance(value, np.ndarray):
        flat = np.ascontiguousarray(value).reshape(-1)
        if flat.dtype.hasobject or flat.dtype.fields:
            raise TypeError(f"an array of {flat.dtype} cannot be sent")
        flat = flat.view(np.uint8) if flat.dtype == bool else flat
        kind = pa.from_numpy_dtype(flat.dtype)
        made = pa.Array.from_buffers(kind, len(flat), [None, pa.py_buffer(flat)])
        return made, {"shape": list(value.shape), "dtype": value.dtype.str}
    if isinstance(value, list | tuple):
        return one(json.dumps([_plain(part) for part in value])), {"encoding": "json"}
    return one(_plain(value)), {}


def one(value: Any) -> Any:
    """An array of one element, out of its bytes: pa.array() imports pandas, which takes seconds."""
    if isinstance(value, dict):
        return pa.StructArray.from_arrays([one(part) for part in value.values()], list(value))
    if isinstance(value, str):
        raw = value.encode()
        return _of_bytes(pa.string(), np.array([0, len(raw)], np.int32), raw)
    if isinstance(value, bool):
        return _of_bytes(pa.bool_(), bytes([value]))
    if isinstance(value, int | float):
        number = np.array([value])
        return _of_bytes(pa.from_numpy_dtype(number.dtype), number)
    return pa.array([value])


def _of_bytes(kind: Any, *parts: Any) -> Any:
    return pa.Array.from_buffers(kind, 1, [None, *(pa.py_buffer(part) for part in parts)])


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, str | bool | int | float):
        return value
    raise TypeError(f"a reading cannot be a {type(value).__name__}")


def control_of(array: Any) -> Control | DirectControl:
    """What a dataflow answered with. Raises BadControl."""
    if len(array) > LONGEST * (1024 if pa.types.is_uint8(array.type) else 1):
        raise BadControl(f"the control has {len(array)} elements")
    if pa.types.is_uint8(array.type):
        return _of_text(bytes(array.to_pylist()).decode("utf-8", "replace"))
    values = array.to_pylist()
    if len(values) == 1 and isinstance(values[0], dict):
        return read_control({name: part for name, part in values[0].items() if part is not None})
    if len(values) == 1 and isinstance(values[0], str):
        return _of_text(values[0])
    names = (*RANGES, *SWITCHES)
    if len(values) not in (len(RANGES), len(names)):
        raise BadControl(f"the control is {array.type} x {len(values)}: neither a struct, a text, "
                         f"nor {len(RANGES)} or {len(names)} numbers")  # fmt: skip
    return read_control(dict(zip(names, values, strict=False)))


def _of_text(text: str) -> Control | DirectControl:
    try:
        return read_control(read_text(text.encode()))
    except Garbled as error:
        raise BadControl(f"the control is {error}") from None
