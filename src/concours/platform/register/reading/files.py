"""The files of a source, read whole and with bounds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from concours.platform.register.reading.parts import Reading, Unusable

MOST_BYTES = 16 * 2**20
MOST_FILES = 20_000


@dataclass(frozen=True)
class SourceFile:
    """A file by its name; its content is looked at where a reader needs it.

    `content` is None where the file is larger than MOST_BYTES.
    """

    name: str
    content: bytes | None

    @property
    def text(self) -> str:
        """Raises Unusable for a file that is too large or not UTF-8."""
        if self.content is None:
            raise Unusable(f"larger than {MOST_BYTES // 2**20} MiB")
        try:
            return self.content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise Unusable(f"not UTF-8 at byte {error.start}") from None

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content."""
        return hashlib.sha256(self.content or b"").hexdigest()


def load_files(paths: Iterable[Path]) -> list[SourceFile]:
    """The files at `paths`, and of folders the *.yml files in them, sorted by name.

    Links inside folders are passed over. Raises OSError, and Unusable for too many files.
    """
    found = [file for path in paths for file in _files_at(path)]
    if len(found) > MOST_FILES:
        raise Unusable(f"more than {MOST_FILES:,} files")
    return found


def texts(files: Iterable[SourceFile], reading: Reading) -> Iterator[tuple[SourceFile, str]]:
    """Each file with its text; one that has none is noted in `reading` as unread."""
    for file in files:
        try:
            yield file, file.text
        except Unusable as fault:
            reading.refuse(file=file.name, line=0, text=file.name, reason=fault.reason)


def _files_at(path: Path) -> Iterator[SourceFile]:
    if not path.is_dir():
        yield _load(path, path.name)
        return
    for inside in sorted(path.rglob("*.yml")):
        if inside.is_file() and not inside.is_symlink():
            yield _load(inside, inside.relative_to(path).as_posix())


def _load(path: Path, name: str) -> SourceFile:
    with path.open("rb") as stream:
        content = stream.read(MOST_BYTES + 1)
    return SourceFile(name, None if len(content) > MOST_BYTES else content)
