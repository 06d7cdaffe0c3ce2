"""Folders on their way to other machines: packed once, named by digest, unpacked once a machine."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tarfile
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from concours.evaluation.folder import SEASON, boundary, files_below, open_to_boxes
from concours.evaluation.manifest import Evaluator

KEPT_SECONDS = 3 * 86_400
"""How long an unpacked folder lies unused before it is taken away: no case runs for so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A tar of folders.

    Attributes:
        digest: SHA-256 of content. inside: the folder within that is meant.
    """

    digest: str
    inside: str
    content: bytes


def evaluator_parcel(evaluator: Evaluator) -> Parcel:
    """An evaluator with its data, lying to each other as they do here."""
    top = boundary(evaluator.folder)
    named = list(_below(evaluator.folder, top))
    if not evaluator.data.is_relative_to(evaluator.folder):
        named += [(SEASON, top / SEASON), *_below(evaluator.data, top)]
    return _packed(dict(named), evaluator.folder.relative_to(top).as_posix())


def folder_parcel(folder: Path) -> Parcel:
    """A folder with all that is in it."""
    return _packed(dict(files_below(folder)), ".")


def unpacked(parcel: Parcel, *, below: Path | None = None) -> Path:
    """The folder that is meant, unpacked where it was not yet. Raises OSError.

    below: where parcels lie; a folder of this user's own among the temporary files where None.
    """
    base = below or _base()
    target = base / parcel.digest
    if target.is_dir():
        os.utime(target)
    else:
        _tidy(base)
        made = Path(tempfile.mkdtemp(dir=base))
        _unpack(parcel, made)
        open_to_boxes(made)
        try:
            made.rename(target)
        except OSError:  # another process was quicker
            shutil.rmtree(made)
    return target / parcel.inside


def _unpack(parcel: Parcel, into: Path) -> None:
    """Write the plain files that `_packed` packs; tarfile's own filters want Python 3.11.4."""
    with tarfile.open(fileobj=io.BytesIO(parcel.content)) as archive:
        for member in archive:
            path = PurePosixPath(member.name)
            content = archive.extractfile(member) if member.isreg() else None
            if content is None or path.is_absolute() or ".." in path.parts:
                raise OSError(f"a parcel with {member.name!r}, which is no plain file within it")
            target = into / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                shutil.copyfileobj(content, file)
            target.chmod(0o755 if member.mode & 0o100 else 0o644)


def _tidy(base: Path) -> None:
    """Take away what nobody has used for long."""
    for one in base.iterdir():
        if time.time() - one.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(one, ignore_errors=True)


def _below(folder: Path, top: Path) -> Iterator[tuple[str, Path]]:
    for name, path in files_below(folder):
        yield (folder.relative_to(top) / name).as_posix(), path


def _packed(files: dict[str, Path], inside: str) -> Parcel:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, path in sorted(files.items()):
            info = tarfile.TarInfo(name)
            info.size = path.stat().st_size
            info.mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
            with path.open("rb") as file:
                archive.addfile(info, file)
    content = out.getvalue()
    return Parcel(digest=hashlib.sha256(content).hexdigest(), inside=inside, content=content)


def _base() -> Path:
    """A folder that this user alone can write to. Raises PermissionError for one of another's."""
    base = Path(tempfile.gettempdir(), f"concours-evaluation-{os.getuid()}")
    base.mkdir(mode=0o700, exist_ok=True)
    found = base.lstat()
    if found.st_uid != os.getuid() or found.st_mode & 0o077 or base.is_symlink():
        raise PermissionError(f"{base} belongs to somebody else")
    return base
