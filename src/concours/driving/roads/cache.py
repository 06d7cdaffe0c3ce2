"""Compiled maps on disk: one file a map, memory-mapped and shared between processes.

The name is the digest of the map's bytes and of the engine's version. The file is a line of magic,
the length and checksum of what follows, a JSON table of arrays, and their bytes at multiples of 64.
Nothing in it is executed: a file that is not what it should be is made again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import mmap
import os
import tempfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

ENGINE_VERSION = "roads-4"
"""Changes with the meaning of any array."""
MAGIC = b"concours roads\n"
ALIGN = 64
NAMES = (
    *("pieces", "cubics", "lengths", "roads", "section_s", "sections"),
    *("lanes", "strips", "strip_of", "cell_first", "cell_strips", "grid", "joints"),
    *("text_bytes", "text_ends", "about", "signals", "objects", "marks"),
    "offset",
)
"""What a compiled map holds at least."""
DTYPES = ("float64", "int64", "uint8")

Arrays = dict[str, np.ndarray[Any, Any]]


def default_folder() -> Path:
    """$CONCOURS_CACHE, else concours/ in the user's folder for caches."""
    named = os.environ.get("CONCOURS_CACHE")
    if named:
        return Path(named) / "roads"
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "concours" / "roads"


def path_for(folder: Path, data: bytes) -> Path:
    """Where the compiled form of a map with these bytes is kept."""
    digest = hashlib.sha256(data).hexdigest()
    return folder / f"{digest[:40]}-{ENGINE_VERSION}.bin"


def read(path: Path) -> Arrays | None:
    """The arrays of a file, read-only; None where it is not there, or damaged."""
    try:
        with path.open("rb") as file:
            whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError):
        return None
    view = memoryview(whole)
    head = len(MAGIC) + 16
    if len(view) < head or view[: len(MAGIC)] != MAGIC:
        return None
    table_size, check = (int.from_bytes(view[i : i + 8], "little") for i in (head - 16, head - 8))
    if table_size > len(view) - head or zlib.crc32(view[head:]) != check:
        return None
    try:
        table = json.loads(bytes(view[head : head + table_size]))
        return {name: _array(whole, *entry) for name, entry in table.items()}
    except (ValueError, TypeError, AttributeError):
        return None


def write(path: Path, arrays: Arrays) -> None:
    """Keep arrays under a name, all of it or nothing; a folder not writable is left alone."""
    blocks: list[bytes] = []
    table: dict[str, tuple[str, list[int], int]] = {}
    at = 0
    for name, array in arrays.items():
        block = np.ascontiguousarray(array)
        table[name] = (str(block.dtype), list(block.shape), at)
        blocks.append(block.tobytes())
        at += -(-block.nbytes // ALIGN) * ALIGN
    head = len(MAGIC) + 16
    entries = json.dumps({n: [d, s, a] for n, (d, s, a) in table.items()}).encode()
    start = -(-(head + len(entries) + 1024) // ALIGN) * ALIGN
    entries = json.dumps({n: [d, s, a + start] for n, (d, s, a) in table.items()}).encode()
    body = bytearray(entries.ljust(start - head))
    for raw in blocks:
        body += raw.ljust(-(-len(raw) // ALIGN) * ALIGN, b"\0")
    size, check = (start - head).to_bytes(8, "little"), zlib.crc32(body).to_bytes(8, "little")
    with contextlib.suppress(OSError):
        _replace(path, MAGIC + size + check + body)


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".roads-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _array(whole: mmap.mmap, dtype: str, shape: list[int], at: int) -> np.ndarray[Any, Any]:
    if dtype not in DTYPES:
        raise ValueError(dtype)
    count = int(np.prod(shape))
    return np.frombuffer(whole, dtype=dtype, count=count, offset=at).reshape(shape)
