"""A run as files: where everything was as CSV or Parquet, what happened as CSV.

A state is one row for each actor that is present at a time, in the order of time and then of the
actors. The same trace gives the same bytes. A file appears whole or not at all: it is written
beside its place and then renamed.
"""

from __future__ import annotations

import csv
import io
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from concours.driving.world.trace import FIELDS, FloatArray, Trace

COLUMNS = ("time", "name", *FIELDS)
"""Of the files of states: seconds, metres, radians, m/s, m/s2.

road is the road's id as text, "" off the roads, where lane is 0 and s and offset are empty.
"""
DECIMALS = {"time": 4, "heading": 5, "pitch": 5, "roll": 5}
"""Decimals in CSV; all others have PLACES."""
PLACES = 4
EVENT_COLUMNS = ("time", "element", "kind", "from", "move", "to")
"""Of the files of events.

Moves of the storyboard have the element's path and kind, states and move by the standard's words
("runningState", "startTransition" ...). Two more kinds of rows stand among them by time, after
the moves of the same instant: kind "touch", where two entities begin to overlap (from: the one,
to: the other, move "touch"), and kind "light", where a signal (element: its id) comes to a state
(from: the state before, "" at first; move "light").
"""
ROWS = 1 << 16


class CannotWrite(OSError):
    """A file could not be written; the message says which, why, and what helps."""


def write_csv(trace: Trace, path: str | os.PathLike[str]) -> None:
    """Writes the states as CSV (UTF-8, "\\n"), with fixed decimals.

    Complexity: linear in the rows; memory for 65,536 rows at once. Raises CannotWrite.
    """

    def fill(stream: IO[bytes]) -> None:
        rows = (cells for block in _blocks(trace) for cells in _cells(block))
        _csv(stream, COLUMNS, rows)

    _write(path, fill)


def write_parquet(trace: Trace, path: str | os.PathLike[str]) -> None:
    """Writes the states as Parquet: name and road as dictionaries of text, lane as int32.

    All else is float64 with every digit; what is empty in CSV is null. Needs pyarrow, which the
    extra `reports` brings. Raises CannotWrite.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise CannotWrite(
            f"{os.fspath(path)}: Parquet needs pyarrow: pip install 'concours[reports]'"
        ) from error
    text = pa.dictionary(pa.int32(), pa.string())
    kinds = {"name": text, "road": text, "lane": pa.int32()}
    schema = pa.schema([(name, kinds.get(name, pa.float64())) for name in COLUMNS])

    def fill(stream: IO[bytes]) -> None:
        with pq.ParquetWriter(stream, schema, compression="zstd") as writer:
            for block in _blocks(trace):
                writer.write_table(_table(pa, schema, block))

    _write(path, fill)


def write_events(trace: Trace, path: str | os.PathLike[str]) -> None:
    """Writes what happened as CSV: moves, touches and lights by time; see EVENT_COLUMNS.

    Raises CannotWrite.
    """

    def fill(stream: IO[bytes]) -> None:
        _csv(stream, EVENT_COLUMNS, ((f"{time:.4f}", *row) for time, row in _events(trace)))

    _write(path, fill)


Block = dict[str, Any]
"""By column: a list of texts for name and road, an array for the others; each (rows,)."""


def _blocks(trace: Trace) -> Iterator[Block]:
    """The rows of actors that are present, some thousands at once."""
    step = max(1, ROWS // max(1, len(trace.actors)))
    names = np.array([actor.name for actor in trace.actors], dtype=object)
    roads = np.array([*trace.road_ids, ""], dtype=object)
    for first in range(0, len(trace.times), step):
        values = trace.values[first : first + step]
        row, actor = np.nonzero(~np.isnan(values[:, :, FIELDS.index("x")]))
        found: Block = dict(zip(FIELDS, values[row, actor].T, strict=True))
        road = _whole(found["road"], missing=-1)
        off = (road < 0) | (road >= len(trace.road_ids))
        yield {
            **found,
            "time": trace.times[first : first + step][row],
            "name": names[actor].tolist(),
            "road": roads[np.where(off, -1, road)].tolist(),
            "lane": np.where(off, 0, _whole(found["lane"], missing=0)),
            "s": np.where(off, np.nan, found["s"]),
            "offset": np.where(off, np.nan, found["offset"]),
        }


def _whole(values: FloatArray, *, missing: int) -> npt.NDArray[np.int64]:
    return np.where(np.isfinite(values), values, missing).astype(np.int64)


def _cells(block: Block) -> Iterator[tuple[str, ...]]:
    columns = []
    for name in COLUMNS:
        values = block[name]
        if name == "lane":
            columns.append([str(value) for value in values.tolist()])
        elif isinstance(values, list):
            columns.append(values)
        else:
            columns.append(_fixed(values, DECIMALS.get(name, PLACES)))
    return zip(*columns, strict=True)


def _fixed(values: FloatArray, decimals: int) -> list[str]:
    """Numbers with so many decimals, "" for NaN; a zero has no sign."""
    texts = [f"{value:.{decimals}f}" for value in values.tolist()]
    plain = {"nan": "", f"{-0.0:.{decimals}f}": f"{0.0:.{decimals}f}"}
    return [plain.get(text, text) for text in texts]


def _table(pa: Any, schema: Any, block: Block) -> Any:
    columns = []
    for field in schema:
        values = block[field.name]
        if isinstance(values, list):
            columns.append(pa.array(values, type=pa.string()).dictionary_encode())
        else:
            columns.append(pa.array(values, type=field.type, from_pandas=True))
    return pa.Table.from_arrays(columns, schema=schema)


def _events(trace: Trace) -> list[tuple[float, tuple[str, ...]]]:
    """(time, the other cells), by time; what happens at once stays in its order."""
    found: list[tuple[float, tuple[str, ...]]] = [
        (
            each.time,
            (
                each.path or each.name,
                str(each.kind),
                str(each.before),
                str(each.move),
                str(each.after),
            ),
        )
        for each in trace.record
    ]
    names = [actor.name for actor in trace.actors]
    for touch in trace.touches:
        one, two = names[touch.first], names[touch.second]
        found.append((touch.time, ("", "touch", one, "touch", two)))
    states: dict[str, str] = {}
    for light in trace.lights:
        before = states.get(light.signal, "")
        found.append((light.time, (light.signal, "light", before, "light", light.state)))
        states[light.signal] = light.state
    return sorted(found, key=lambda event: event[0])


def _csv(stream: IO[bytes], header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    text.detach()


def _write(path: str | os.PathLike[str], fill: Callable[[IO[bytes]], None]) -> None:
    """Fills a file beside `path` and renames it; on any failure nothing is left behind."""
    target = Path(path)
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with temporary.open("xb") as stream:
            fill(stream)
        temporary.replace(target)
    except OSError as error:
        raise _cannot(target, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink()


def _cannot(target: Path, error: OSError) -> CannotWrite:
    """What went wrong, in words that help."""
    if not target.parent.is_dir():
        return CannotWrite(f"{target}: there is no folder {target.parent}; make it first")
    if target.is_dir():
        return CannotWrite(f"{target}: is a folder; name a file in it")
    return CannotWrite(f"{target}: cannot be written ({error.strerror or error})")
