"""The challenge as files: `maps/*.xodr` and `scenarios/*.xosc`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from concours.driving import roads
from concours.driving.challenge.drafts import Draft
from concours.driving.challenge.maps.overpass import overpass
from concours.driving.challenge.maps.town import town
from concours.driving.challenge.maps.writing import write as write_map
from concours.driving.challenge.training import drafts
from concours.driving.roads import RoadNetwork

MAPS = {"overpass": overpass, "town": town}


def maps() -> dict[str, bytes]:
    """The challenge's maps as OpenDRIVE, by name."""
    return {name: write_map(plan()) for name, plan in MAPS.items()}


def networks() -> dict[str, RoadNetwork]:
    """The challenge's maps, opened."""
    return {name: roads.loads(data, name=f"{name}.xodr") for name, data in maps().items()}


def files() -> Iterator[tuple[str, bytes]]:
    """(path in the folder, content) of all that is shipped; the same bytes each time."""
    written = maps()
    opened = {name: roads.loads(data, name=f"{name}.xodr") for name, data in written.items()}
    for name, data in written.items():
        yield f"maps/{name}.xodr", data
    for draft in drafts(opened):
        yield f"scenarios/{draft.name}.xosc", draft.write()


def write_files(folder: Path) -> list[Path]:
    """Write them into a folder. Raises OSError."""
    return _written(files(), folder)


def write_drafts(drafts: Sequence[Draft], folder: Path) -> list[Path]:
    """Write scenarios, and the maps that they are on, into a folder. Raises OSError."""
    used = {draft.map_name for draft in drafts}
    on = ((f"maps/{name}.xodr", data) for name, data in maps().items() if name in used)
    played = ((f"scenarios/{draft.name}.xosc", draft.write()) for draft in drafts)
    return _written(chain(on, played), folder)


def _written(named: Iterable[tuple[str, bytes]], folder: Path) -> list[Path]:
    found = []
    for name, data in named:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        found.append(path)
    return found
