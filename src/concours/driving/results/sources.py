"""The files that a run was made from, so that it can be made again anywhere."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from concours.driving.results.bundle import BadBundle
from concours.driving.results.digest import sha256
from concours.driving.scenarios import Scenario, find_map

DEEP = 16
"""Folders below which a scenario is put, so that its catalogs may lie above it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What a scenario was read from.

    Attributes:
        file: the scenario's name; map_file: the map's, "" without one.
        scenario, map: their SHA-256; map is "" without one.
        catalogs: path from the scenario's folder -> SHA-256.
        contents: SHA-256 -> bytes of all of them.
    """

    file: str
    scenario: str
    map_file: str = ""
    map: str = ""
    catalogs: Mapping[str, str] = field(default_factory=dict)
    contents: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    def entry(self) -> dict[str, Any]:
        """As the manifest has it."""
        return {
            "file": self.file,
            "scenario": self.scenario,
            "map_file": self.map_file,
            "map": self.map,
            "catalogs": dict(self.catalogs),
        }


def sources_of(scenario: Scenario, maps: Sequence[Path] = ()) -> Sources:
    """Read the files of a scenario again. Raises OSError."""
    folder = scenario.path.parent
    whole = scenario.path.read_bytes()
    contents = {sha256(whole): whole}
    found = find_map(folder, scenario.map_name, maps) if scenario.map_name else None
    if found is not None:
        data = found.read_bytes()
        contents[sha256(data)] = data
    catalogs = {}
    for path in scenario.catalogs:
        data = path.read_bytes()
        contents[sha256(data)] = data
        catalogs[PurePosixPath(os.path.relpath(path, folder)).as_posix()] = sha256(data)
    return Sources(
        file=scenario.path.name,
        scenario=sha256(whole),
        map_file=found.name if found is not None else "",
        map=sha256(found.read_bytes()) if found is not None else "",
        catalogs=catalogs,
        contents=contents,
    )


def lay_out(entry: Mapping[str, Any], contents: Mapping[str, bytes], folder: Path) -> Path:
    """Write a scenario and its catalogs below a folder, as they lay; the scenario's path.

    Raises BadBundle for a file that is missing or would lie outside the folder.
    """
    inside = folder.joinpath(*(str(number) for number in range(DEEP)))
    inside.mkdir(parents=True, exist_ok=True)
    scenario = _within(folder, inside, _text(entry, "file"))
    scenario.write_bytes(_content(contents, _text(entry, "scenario"), scenario.name))
    catalogs = entry.get("catalogs")
    for name, digest in (catalogs if isinstance(catalogs, dict) else {}).items():
        path = _within(folder, inside, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_content(contents, str(digest), name))
    return scenario


def _within(folder: Path, inside: Path, name: str) -> Path:
    path = Path(os.path.normpath(inside / name))
    if not path.is_relative_to(folder) or path == folder or "\0" in name:
        raise BadBundle(f"{name!r} would lie outside the result's own folder")
    return path


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value:
        raise BadBundle(f"the manifest does not say the {key} of a run")
    return value


def _content(contents: Mapping[str, bytes], digest: str, name: str) -> bytes:
    if digest not in contents:
        raise BadBundle(f"{name} is not in the result: give the folder where it lies")
    return contents[digest]
