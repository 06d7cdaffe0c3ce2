"""Opening maps: from the cache where it holds them, else read, compiled and kept."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np

from concours.driving.roads import cache as kept
from concours.driving.roads.errors import BadMap, Finding, Findings
from concours.driving.roads.limits import MAX_BYTES
from concours.driving.roads.network import RoadNetwork


def load(path: str | Path, cache: str | Path | Literal[False] | None = None) -> RoadNetwork:
    """The roads of an OpenDRIVE file.

    cache: the folder of compiled maps; None for the user's own (see cache.py), False for none.
    Raises BadMap, with file, line and element, for what cannot be used, and OSError.
    """
    data = _bytes(Path(path))
    if cache is False:
        return loads(data, name=str(path))
    folder = kept.default_folder() if cache is None else Path(cache)
    place = kept.path_for(folder, data)
    arrays = kept.read(place)
    if arrays is not None and set(arrays) >= set(kept.NAMES):
        return RoadNetwork(arrays)
    network = loads(data, name=str(path))
    kept.write(place, network.arrays)
    return network


def loads(data: bytes, *, name: str = "<bytes>") -> RoadNetwork:
    """The roads of an OpenDRIVE document. Raises BadMap."""
    return _compiled(data, Findings(name))


def check(path: str | Path) -> list[Finding]:
    """What is wrong with a map or of no effect; an error that stops reading is the last one.

    Raises OSError.
    """
    findings = Findings(str(path))
    try:
        _compiled(_bytes(Path(path)), findings)
    except BadMap as error:
        return [*findings.all(), error.finding]
    return list(findings.all())


def _compiled(data: bytes, findings: Findings) -> RoadNetwork:
    from concours.driving.roads.compiling import compile_map
    from concours.driving.roads.reading import read

    with np.errstate(all="ignore"):  # what is not finite is looked for, and named, afterwards
        return RoadNetwork(compile_map(read(data, findings), findings))


def _bytes(path: Path) -> bytes:
    if path.stat().st_size > MAX_BYTES:
        raise Findings(str(path)).bad("too-large", f"more than {MAX_BYTES // 2**20} MB")
    return path.read_bytes()
