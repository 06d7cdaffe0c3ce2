"""The digests of an export's files, block by block, so that a change is found where it is.

    {"format", "season", "block": bytes of a block,
     "files": {name: {"bytes", "sha256", "blocks": [first 16 hexadecimal digits of each block's]}},
     "digest": SHA-256 of the canonical JSON of all the rest}

Whoever changes a file can write the manifest anew: against that stands the record, whose head is
noted elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from concours.platform.record.chain import canonical

NAME = "manifest.json"
FORMAT = "concours-export/1"
BLOCK = 1_024
SHORT = 16


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Something that does not hold. `place` is a file with its line or bytes, or an event."""

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


def write_manifest(folder: Path, *, season: str) -> None:
    """Write the manifest of all files that are in the folder now."""
    content = {
        "format": FORMAT,
        "season": season,
        "block": BLOCK,
        "files": {name: _entry(folder / name) for name in _names(folder)},
    }
    whole = {**content, "digest": _sha(canonical(content).encode())}
    (folder / NAME).write_text(canonical(whole) + "\n", encoding="utf-8", newline="\n")


def season_in(folder: Path) -> str:
    """The season that the export is of. Raises ValueError where that cannot be read."""
    return str(_read(folder)["season"])


def faults_in(folder: Path) -> Iterator[Fault]:
    """Every file that is not as the manifest says, with the first and last place that differs."""
    try:
        content = _read(folder)
    except ValueError as error:
        yield Fault(place=NAME, what=str(error))
        return
    files, present = content["files"], _names(folder)
    for name in sorted(files.keys() - set(present)):
        yield Fault(place=name, what="is missing")
    for name in present:
        if name not in files:
            yield Fault(place=name, what="is not of this export")
        elif (folder / name).is_symlink():
            yield Fault(place=name, what="is a link; an export holds files alone")
        elif (place := _differs(folder / name, files[name])) is not None:
            yield Fault(place=f"{name}, {place}", what="was changed after the export")


def _read(folder: Path) -> dict[str, Any]:
    path = folder / NAME
    try:
        raw = path.read_bytes()
        content: dict[str, Any] = json.loads(raw)
        covered = {key: value for key, value in content.items() if key != "digest"}
        if content["format"] != FORMAT:
            raise ValueError(f"{content['format']} is unknown here")
        if (canonical(content) + "\n").encode() != raw:
            raise ValueError("is not in its canonical form")
        if _sha(canonical(covered).encode()) != content["digest"]:
            raise ValueError("does not match its own digest")
        if not isinstance(content["season"], str) or not all(
            _is_entry(entry) for entry in content["files"].values()
        ):
            raise ValueError("is no manifest of an export")
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from error
    except (KeyError, TypeError, AttributeError, UnicodeError, RecursionError) as error:
        raise ValueError(f"is no manifest of an export: {error!r}") from error
    return content


def _is_entry(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("bytes"), int)
        and isinstance(value.get("sha256"), str)
        and isinstance(value.get("blocks"), list)
        and all(isinstance(block, str) for block in value["blocks"])
    )


def _names(folder: Path) -> list[str]:
    paths = (path for path in folder.rglob("*") if path.is_file() or path.is_symlink())
    names = sorted(path.relative_to(folder).as_posix() for path in paths)
    return [name for name in names if name != NAME]


def _entry(path: Path) -> dict[str, Any]:
    data = path.read_bytes()
    return {"bytes": len(data), "sha256": _sha(data), "blocks": _blocks(data)}


def _blocks(data: bytes) -> list[str]:
    return [_sha(data[at : at + BLOCK])[:SHORT] for at in range(0, len(data), BLOCK)]


def _differs(path: Path, said: dict[str, Any]) -> str | None:
    """Where the file differs; None where it does not."""
    data = path.read_bytes()
    if (len(data), _sha(data)) == (said["bytes"], said["sha256"]):
        return None
    blocks = _blocks(data)
    length = max(len(blocks), len(said["blocks"]))
    blocks += [""] * (length - len(blocks))
    noted = said["blocks"] + [""] * (length - len(said["blocks"]))
    differing = [at for at in range(length) if blocks[at] != noted[at]]
    first = differing[0] * BLOCK if differing else 0
    last = min((differing[-1] + 1) * BLOCK, len(data)) if differing else len(data)
    lines = f"lines {_line(data, first)} to {_line(data, last)}"
    return f"bytes {first + 1} to {max(first + 1, last)} ({lines})"


def _line(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, max(0, at - 1)) + 1


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
