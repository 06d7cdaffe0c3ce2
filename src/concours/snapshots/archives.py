"""From an uploaded archive to a snapshot, without unpacking anything to disk."""

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from concours.snapshots.errors import Code, SnapshotRefused
from concours.snapshots.limits import Limits
from concours.snapshots.meter import CHUNK, Kind, Member, Meter, corrupt
from concours.snapshots.names import Names, shown
from concours.snapshots.snapshot import FileEntry, Skipped, Snapshot, build
from concours.snapshots.streams import compression_of, decompress
from concours.snapshots.tars import BLOCK, is_header, tar_members
from concours.snapshots.zips import zip_members

_PROGRAMS = (b"#!", b"\x7fELF")
_ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x06")


def inspect_archive(path: Path, *, limits: Limits | None = None) -> Snapshot:
    """Read the zip, tar, tar.gz, tar.bz2 or tar.xz at `path` and describe its content.

    The format is found by content, not by name. Nothing is extracted to disk; sizes that the
    archive declares are not trusted. Memory: a few hundred kB, the decoder's window (xz:
    `Limits.max_decoder_bytes` at most) and the list of files. Time: O(unpacked bytes), at most
    `Limits.max_seconds`. Raises SnapshotRefused; OSError if `path` cannot be read.
    """
    limits = limits or Limits()
    with path.open("rb") as file:
        size = _size(file)
        if size > limits.max_archive_bytes:
            raise SnapshotRefused(
                Code.ARCHIVE_TOO_LARGE,
                f"The archive is larger than {limits.max_archive_bytes} bytes; "
                "leave out data sets and built files.",
            )
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        meter = Meter(limits=limits, archive_bytes=size)
        archive_format, members = _open(file, size=size, meter=meter)
        files, skipped = _take_stock(members, meter)
    return build(
        archive_format=archive_format, digest=digest, size=size, files=files, skipped=skipped
    )


def read_member(
    path: Path, name: str, *, max_bytes: int, root: str = "", limits: Limits | None = None
) -> bytes:
    """The first `max_bytes` bytes of the file `name` (as in `Snapshot.files`) of an archive.

    `root` is `Snapshot.root`. The archive is read under `limits` (the bound on its own size
    aside), so that a file that was never inspected is safe to open too.
    Raises SnapshotRefused: NO_SUCH_MEMBER, and whatever is wrong on the way to the member.
    """
    wanted = f"{root}/{name}" if root else name
    with path.open("rb") as file:
        size = _size(file)
        _, members = _open(
            file, size=size, meter=Meter(limits=limits or Limits(), archive_bytes=size)
        )
        for member in members:
            if member.kind is Kind.FILE and member.path == wanted:
                return _first(member.chunks, max_bytes)
    raise SnapshotRefused(
        Code.NO_SUCH_MEMBER, "There is no such file in the archive; look at its list.", shown(name)
    )


def extract_archive(path: Path, into: Path, *, limits: Limits | None = None) -> Snapshot:
    """Unpack the archive at `path` into the empty folder `into`, and describe it.

    Folders that wrap everything (`Snapshot.root`) are left out, and so are links. Files come with
    the mode 644, or 755 where they begin as programs do ("#!", ELF). The archive is inspected
    first: of one that is refused nothing is written. Raises SnapshotRefused; OSError.
    """
    snapshot = inspect_archive(path, limits=limits)
    with path.open("rb") as file:
        size = _size(file)
        meter = Meter(limits=limits or Limits(), archive_bytes=size)
        _, members = _open(file, size=size, meter=meter)
        for member in members:
            if member.kind is Kind.FILE:
                _write(member, into / _below(member.path, snapshot.root))
    return snapshot


def _below(path: str, root: str) -> str:
    return path.removeprefix(f"{root}/") if root else path


def _write(member: Member, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    head = b""
    with target.open("xb") as out:
        for chunk in member.chunks:
            head = head or chunk[:4]
            out.write(chunk)
    target.chmod(0o755 if head.startswith(_PROGRAMS) else 0o644)


def _first(chunks: Iterator[bytes], count: int) -> bytes:
    held = bytearray()
    for chunk in chunks:
        held += chunk
        if len(held) >= count:
            break
    return bytes(held[:count])


def _size(file: BinaryIO) -> int:
    found = os.fstat(file.fileno())
    if not stat.S_ISREG(found.st_mode):
        raise SnapshotRefused(Code.UNKNOWN_FORMAT, "This is not a file; upload an archive.")
    return found.st_size


def _open(file: BinaryIO, *, size: int, meter: Meter) -> tuple[str, Iterator[Member]]:
    """The format by the first bytes, and the members to be."""
    if size == 0:
        raise SnapshotRefused(Code.EMPTY, "The file is empty; upload it again, whole.")
    file.seek(0)
    head = file.read(BLOCK)
    file.seek(0)
    if head.startswith(_ZIP_MAGICS):
        return "zip", zip_members(file, size=size, meter=meter)
    compression = compression_of(head)
    if compression is not None:
        chunks = decompress(file, compression=compression, meter=meter)
        return f"tar.{compression}", _tar_within(chunks, meter)
    if is_header(head):
        return "tar", tar_members(_plain(file, meter), meter=meter)
    raise _unknown()


def _unknown() -> SnapshotRefused:
    return SnapshotRefused(
        Code.UNKNOWN_FORMAT,
        "This is no archive that can be read here; pack as zip, tar, tar.gz, tar.bz2 or tar.xz.",
    )


def _tar_within(chunks: Iterator[bytes], meter: Meter) -> Iterator[Member]:
    """The members of a compressed tar, once its first block shows that it is one."""
    head = b""
    while len(head) < BLOCK and (chunk := next(chunks, None)) is not None:
        head += chunk
    if not is_header(head[:BLOCK]):
        raise _unknown()

    def joined() -> Iterator[bytes]:
        yield head
        yield from chunks

    yield from tar_members(joined(), meter=meter)


def _plain(file: BinaryIO, meter: Meter) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        meter.unpacked(len(chunk))
        yield chunk


def _take_stock(members: Iterator[Member], meter: Meter) -> tuple[list[FileEntry], list[Skipped]]:
    """Hash every file and note every link; each name must be new."""
    names = Names()
    files: list[FileEntry] = []
    skipped: list[Skipped] = []
    for member in members:
        if member.kind is Kind.FOLDER:
            names.add_folder(member.path)
            continue
        if not member.path:
            raise corrupt("A file has no name")
        meter.leaf()
        names.add_leaf(member.path)
        if member.kind is Kind.SYMLINK:
            skipped.append(Skipped(member.path, "symlink", member.target))
        else:
            files.append(_hashed(member))
    return files, skipped


def _hashed(member: Member) -> FileEntry:
    digest, size = hashlib.sha256(), 0
    for chunk in member.chunks:
        digest.update(chunk)
        size += len(chunk)
    return FileEntry(member.path, size, digest.hexdigest())
