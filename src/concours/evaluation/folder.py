"""The files of an evaluator: where its data may lie, and one digest for all of them."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from concours.evaluation.errors import BadEvaluator
from concours.tables import Fault

SEASON = "season.toml"
MOST_FILES = 50_000
LEFT_OUT = ("__pycache__",)


def boundary(folder: Path) -> Path:
    """The folder that an evaluator's data may not leave: its season's, else its own."""
    for above in folder.parents:
        if (above / SEASON).is_file():
            return above
    return folder


def files_below(folder: Path) -> Iterator[tuple[str, Path]]:
    """(path from the folder, file) of all plain files, sorted; caches are left out.

    Raises BadEvaluator for links and whatever else is no file or folder.
    """
    found: list[tuple[str, Path]] = []
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in LEFT_OUT)
        for name in [*folders, *names]:
            path = Path(top, name)
            mode = path.lstat().st_mode
            told = path.relative_to(folder).as_posix()
            if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
                raise BadEvaluator([Fault(told, "", "is no plain file", "put a copy there")])
            if stat.S_ISREG(mode):
                found.append((told, path))
        if len(found) > MOST_FILES:
            raise BadEvaluator([Fault(".", "", f"holds more than {MOST_FILES} files", "pack them")])
    yield from sorted(found, key=lambda one: one[0].encode())


def digest_of(folder: Path, data: Path) -> str:
    """SHA-256 of the "<sha256>  <path>" lines; files of other data stand under "data:"."""
    lines = [f"{_sha256(path)}  {name}\n" for name, path in files_below(folder)]
    if not data.is_relative_to(folder):
        lines += [f"{_sha256(path)}  data:{name}\n" for name, path in files_below(data)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def open_to_boxes(folder: Path) -> None:
    """Let a boxed program, which is another user, read a folder, whatever this process's umask.

    Links are not followed. Raises OSError.
    """
    folder.chmod(0o755)
    for top, folders, names in os.walk(folder):
        for name in folders:
            if not Path(top, name).is_symlink():
                Path(top, name).chmod(0o755)
        for name in names:
            path = Path(top, name)
            mode = path.lstat().st_mode
            if stat.S_ISREG(mode):
                path.chmod(0o755 if mode & stat.S_IXUSR else 0o644)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
