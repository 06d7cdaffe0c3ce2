"""The engine's compiled kernels, for agents that open a map: found, not compiled again.

An agent's process may not write beside the engine's sources, and numba reads no cache that it may
not write to. So it is given a folder of its own with links to what the engine compiled.
"""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

from concours.driving.agents.suite import Sensor

DRIVING = Path(__file__).parents[1]
ROAD = """<OpenDRIVE><header revMajor="1" revMinor="7"/><road id="1" length="60" junction="-1">
<planView><geometry s="0" x="0" y="0" hdg="0" length="60"><line/></geometry></planView><lanes>
<laneSection s="0"><center><lane id="0" type="none"/></center><right><lane id="-1" type="driving">
<width sOffset="0" a="3" b="0" c="0" d="0"/></lane></right></laneSection></lanes></road></OpenDRIVE>
"""


@functools.cache
def compile_kernels() -> None:
    """Compile what agents' maps ask for where that has not been done; once an engine's process."""
    from concours.driving.agents.carla_like.geometry import Location
    from concours.driving.agents.carla_like.maps import Map

    here = Map("warm", ROAD).get_waypoint(Location(10.0, 1.0, 0.0))
    if here is not None:
        for value in (here.transform, here.lane_width, here.next(5.0), here.lane_change):
            repr(value)


def cache_in(scratch: str) -> str:
    """The folder for numba's cache in a scratch folder."""
    return f"{scratch}/kernels"


def link(scratch: Path) -> None:
    """Make the links, in the agent's process."""
    for cache in sorted(DRIVING.rglob("__pycache__")):
        folder = Path(cache_in(str(scratch))) / _folder(cache.parent)
        for file in sorted(cache.glob("*.nb[ic]")):
            folder.mkdir(parents=True, exist_ok=True)
            if not (folder / file.name).exists():
                (folder / file.name).symlink_to(file)


def _folder(sources: Path) -> str:
    """How numba names the folder of a package (numba.core.caching, get_suitable_cache_subpath)."""
    digest = hashlib.sha1(str(sources).encode(), usedforsecurity=False).hexdigest()
    return f"{sources.name}_{digest}"


def needed(sensors: list[Sensor]) -> bool:
    """Whether an agent with these sensors will open a map."""
    return any("opendrive_map" in str(one["type"]) for one in sensors)
