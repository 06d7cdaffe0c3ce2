"""From what an entrant sent to a folder that can be run: unpacked, installed, compiled."""

from __future__ import annotations

import lzma
import os
import shutil
import stat
import tarfile
import zlib
from dataclasses import replace
from pathlib import Path

from concours.evaluation.building import compiled, installed
from concours.evaluation.errors import BadSubmission
from concours.evaluation.folder import digest_of, files_below, open_to_boxes
from concours.evaluation.manifest import Evaluator, Kind
from concours.evaluation.prepared import IMAGE, PROGRAM, Prepared, write_prepared
from concours.snapshots import Code, Limits, SnapshotRefused, extract_archive, inspect_archive

IMAGE_MARKS = ("oci-layout", "manifest.json")
IMAGE_BYTES = 4 * 2**30
"""Bytes of an image archive at most."""
UNREADABLE = (
    tarfile.TarError, OSError, EOFError, ValueError, OverflowError, zlib.error, lzma.LZMAError,
)  # fmt: skip
HEADERS = 4 * 1024
"""Bytes of an archive beside the content of each file at most."""
SECONDS = 600.0
"""For reading an archive; a machine that needs longer is at fault itself."""
LOOKED_AT = 10_000
"""Members of an archive among which the marks of an image are looked for."""


def prepare(evaluator: Evaluator, source: Path, into: Path) -> Prepared:
    """Make a submission ready in `into`, a folder that is empty or not there.

    source: a zip or tar archive, a folder, one file, or, where the evaluator takes one, an image
    archive (OCI or docker). What the entrant's files do while they are installed and compiled
    happens in a box. Raises BadSubmission: the entrant's fault. BoxMissing, BoxFault, OSError (a
    TimeoutError where this machine is too slow to unpack it): not theirs.
    """
    into.mkdir(parents=True, exist_ok=True)
    into = into.resolve()
    if evaluator.program is not None and evaluator.program.image and _is_image(source):
        prepared = _image(source, into)
    else:
        digest = _unpacked(source, into / PROGRAM)
        prepared = Prepared(root=into, digest=digest, entry=_entry(evaluator, into / PROGRAM))
        _refuse_lacking(evaluator, into / PROGRAM)
        open_to_boxes(prepared.folder)
        log = installed(evaluator.install, prepared) + compiled(evaluator.install, prepared)
        prepared = replace(prepared, log=log)
    write_prepared(prepared)
    return prepared


def _unpacked(source: Path, folder: Path) -> str:
    """The files of the submission; SHA-256 of their list."""
    folder.mkdir()
    try:
        if source.is_dir():
            return _copied(source, folder)
        if source.suffix in (".py", ".yml", ".yaml"):
            shutil.copyfile(source, folder / source.name)
            return _digest(folder)
        return extract_archive(source, folder, limits=_bounds()).content_digest
    except SnapshotRefused as refused:
        if refused.code == Code.TOO_SLOW:
            raise TimeoutError(str(refused.message)) from None
        where = f" ({refused.member})" if refused.member else ""
        raise BadSubmission("archive", refused.message + where) from None


def _bounds() -> Limits:
    """Of an archive by what is in it: a snapshot of a repository is not compressed, and a larger
    upload may have been allowed.
    """
    usual = Limits()
    whole = usual.max_unpacked_bytes + usual.max_files * HEADERS
    return Limits(max_archive_bytes=whole, max_unpacked_bytes=whole, max_seconds=SECONDS)


def _copied(source: Path, folder: Path) -> str:
    """Copy plain files, within the bounds of an archive; caches and hidden files stay behind."""
    bounds = Limits()
    count, size = 0, 0
    for top, folders, names in os.walk(source):
        folders[:] = [name for name in folders if name != "__pycache__" and name[0] != "."]
        for name in names:
            path = Path(top, name)
            found = path.lstat()
            if not stat.S_ISREG(found.st_mode) or name[0] == ".":
                continue
            count, size = count + 1, size + found.st_size
            if count > bounds.max_files or size > bounds.max_unpacked_bytes:
                raise BadSubmission("archive", "The folder is too large; leave out data sets.")
            target = folder / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            target.chmod(0o755 if found.st_mode & stat.S_IXUSR else 0o644)
    return _digest(folder)


def _digest(folder: Path) -> str:
    """As snapshots have it for an archive of the same files. Raises BadSubmission without any."""
    if not any(True for _ in files_below(folder)):
        raise BadSubmission("archive", "There is no file inside; pack the project's files.")
    return digest_of(folder, folder)


def _entry(evaluator: Evaluator, folder: Path) -> str:
    """The file that drives: the declared one, else the only one it can be."""
    if evaluator.kind is not Kind.DRIVING:
        return ""
    name = evaluator.driving.agent
    if (folder / name).is_file():
        return name
    found = sorted(path.name for path in folder.glob("*.py"))
    if len(found) != 1:
        raise BadSubmission(
            "missing", f"There is no {name} at the top; name the file that drives so."
        )
    return found[0]


def _refuse_lacking(evaluator: Evaluator, folder: Path) -> None:
    needs = evaluator.program.needs if evaluator.program else ()
    for name in needs:
        if not (folder / name).is_file():
            raise BadSubmission("missing", f"There is no {name}; the evaluator runs it.")


def _is_image(source: Path) -> bool:
    """Whether a file is a tar with an image's marks at its top."""
    try:
        with tarfile.open(source, "r:*") as archive:
            for number, member in enumerate(archive):
                if member.name.removeprefix("./") in IMAGE_MARKS:
                    return True
                if number >= LOOKED_AT:
                    return False
    except UNREADABLE:
        return False
    return False


def _image(source: Path, into: Path) -> Prepared:
    """Keep an image archive as it is: the box's container engine looks into it."""
    if source.stat().st_size > IMAGE_BYTES:
        raise BadSubmission("image", f"The image is larger than {IMAGE_BYTES} bytes; make it less.")
    bounds = Limits(
        max_archive_bytes=IMAGE_BYTES, max_unpacked_bytes=2 * IMAGE_BYTES, max_seconds=SECONDS
    )
    try:
        snapshot = inspect_archive(source, limits=bounds)
    except SnapshotRefused as refused:
        if refused.code == Code.TOO_SLOW:
            raise TimeoutError(str(refused.message)) from None
        reason = f"This is no image archive that can be read: {refused.message}"
        raise BadSubmission("image", reason) from None
    shutil.copyfile(source, into / IMAGE)
    (into / PROGRAM).mkdir()
    return Prepared(root=into, digest=snapshot.content_digest, image=True)
