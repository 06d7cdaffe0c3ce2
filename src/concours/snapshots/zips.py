"""Reading zip archives: the records at the end, then each member in the order of its bytes.

Written for strangers' files instead of using `zipfile`: that module holds the whole directory in
memory, trusts it alone and accepts overlaps. Here members must tile the file without gap or
overlap, and both descriptions of a member must agree. Layout: APPNOTE.TXT 6.3.10, section 4.3.
"""

import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from concours.snapshots.errors import Code, SnapshotRefused
from concours.snapshots.meter import (
    CHUNK,
    Kind,
    Member,
    Meter,
    corrupt,
    inconsistent,
    trailing_data,
    truncated,
)
from concours.snapshots.names import safe_path, safe_target, shown
from concours.snapshots.streams import Inflate
from concours.snapshots.zipdirectory import Record, read_directory

_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_LOCAL_SIGNATURE = b"PK\x03\x04"
_DESCRIPTOR_SIGNATURE = b"PK\x07\x08"
_HAS_DESCRIPTOR = 0x0008
_SAME_FLAGS = 0x0001 | _HAS_DESCRIPTOR | 0x0040 | 0x2000


def zip_members(file: BinaryIO, *, size: int, meter: Meter) -> Iterator[Member]:
    """The members of the zip in `file` (seekable, `size` bytes) in the order of their bytes.

    A file whose `chunks` are not used is not decompressed. Memory: the directory's records,
    bounded by `Limits.max_members`. Raises SnapshotRefused.
    """
    directory = read_directory(file, size=size, meter=meter)
    records = sorted(directory.records, key=lambda record: record.offset)
    position = 0
    for number, record in enumerate(records):
        if record.offset != position:
            raise _overlap(record) if record.offset < position else trailing_data()
        last = number + 1 == len(records)
        following = directory.offset if last else records[number + 1].offset
        start = _check_local(file, record)
        if start + record.packed > following:
            raise _overlap(record)
        _check_descriptor(file, record, start + record.packed, following)
        yield _member(file, record, start, meter)
        position = following
    if position != directory.offset:
        raise trailing_data()


def _overlap(record: Record) -> SnapshotRefused:
    return SnapshotRefused(
        Code.OVERLAPPING_MEMBERS,
        "Members share the same bytes, as in a zip bomb; pack the files afresh.",
        shown(record.name),
    )


def _check_local(file: BinaryIO, record: Record) -> int:
    """Compare the header before the data with the directory; returns where the data starts."""
    file.seek(record.offset)
    header = file.read(_LOCAL.size)
    if len(header) < _LOCAL.size:
        raise truncated(shown(record.name))
    signature, _, flags, method, _, _, crc, packed, unpacked, name_size, extra_size = _LOCAL.unpack(
        header
    )
    name = file.read(name_size)
    if signature != _LOCAL_SIGNATURE:
        raise corrupt("A member is not where the directory says", shown(record.name))
    same = name == record.name and method == record.method
    same = same and (flags & _SAME_FLAGS) == (record.flags & _SAME_FLAGS)
    for here, there, later in (
        (crc, record.crc, 0),
        (packed, record.packed, 0xFFFFFFFF),
        (unpacked, record.unpacked, 0xFFFFFFFF),
    ):
        # With a descriptor the header may say 0; with zip64 all ones stand for "in the extra".
        deferred = here == 0 and flags & _HAS_DESCRIPTOR
        same = same and (here == there or bool(deferred) or (later != 0 and here == later))
    if not same:
        raise inconsistent(shown(record.name))
    return record.offset + _LOCAL.size + int(name_size) + int(extra_size)


def _check_descriptor(file: BinaryIO, record: Record, end: int, following: int) -> None:
    """Between a member and the next may stand its descriptor, and nothing else."""
    gap = following - end
    if gap == 0:
        return
    if not record.flags & _HAS_DESCRIPTOR or gap not in (12, 16, 20, 24):
        raise trailing_data()
    file.seek(end)
    data = file.read(gap)
    if gap in (16, 24):
        if not data.startswith(_DESCRIPTOR_SIGNATURE):
            raise trailing_data()
        data = data[4:]
    layout = "<III" if len(data) == 12 else "<IQQ"
    if struct.unpack(layout, data) != (record.crc, record.packed, record.unpacked):
        raise inconsistent(shown(record.name))


def _member(file: BinaryIO, record: Record, start: int, meter: Meter) -> Member:
    path = safe_path(record.name, limits=meter.limits)
    kind = _kind(record)
    if kind is Kind.FOLDER:
        if record.unpacked:
            raise inconsistent(shown(record.name))
        return Member(kind, path, "", iter(()))
    chunks = _data(file, record, start, meter)
    if kind is Kind.SYMLINK:
        if record.unpacked > meter.limits.max_path_bytes:
            raise SnapshotRefused(
                Code.PATH_TOO_LONG,
                "The target of a symbolic link is too long; shorten it.",
                shown(record.name),
            )
        target = safe_target(b"".join(chunks), limits=meter.limits)
        return Member(kind, path, target, iter(()))
    return Member(kind, path, "", chunks)


def _kind(record: Record) -> Kind:
    # The mode is looked at whatever system the archive claims to come from: unpackers differ.
    form = stat.S_IFMT(record.attributes >> 16)
    folder = record.name.endswith(b"/")
    if form == stat.S_IFLNK and not folder:
        return Kind.SYMLINK
    if form not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise SnapshotRefused(
            Code.SPECIAL_FILE,
            "A device, a pipe or a socket is inside; leave it out.",
            shown(record.name),
        )
    if form and (form == stat.S_IFDIR) != folder:
        raise inconsistent(shown(record.name))
    return Kind.FOLDER if folder else Kind.FILE


@dataclass(slots=True)
class _Tally:
    """What came out of one member so far."""

    size: int = 0
    crc: int = 0


def _data(file: BinaryIO, record: Record, start: int, meter: Meter) -> Iterator[bytes]:
    """A member's bytes, checked against its declared size and CRC-32 at the end."""
    tally = _Tally()
    file.seek(start)
    source = _inflated(file, record) if record.method == 8 else _slices(file, record.packed)
    for chunk in source:
        tally.size += len(chunk)
        tally.crc = zlib.crc32(chunk, tally.crc)
        meter.unpacked(len(chunk))
        if tally.size > record.unpacked:
            raise inconsistent(shown(record.name))
        if chunk:
            yield chunk
    if tally.size != record.unpacked:
        raise inconsistent(shown(record.name))
    if tally.crc != record.crc:
        raise corrupt("A checksum is wrong", shown(record.name))


def _slices(file: BinaryIO, count: int) -> Iterator[bytes]:
    while count:
        data = file.read(min(CHUNK, count))
        if not data:
            raise truncated()
        count -= len(data)
        yield data


def _inflated(file: BinaryIO, record: Record) -> Iterator[bytes]:
    decoder = Inflate(-15)
    slices = _slices(file, record.packed)
    data = next(slices, b"")
    while not decoder.ended:
        try:
            out = decoder.feed(data)
        except zlib.error as error:
            raise corrupt("The compressed data is damaged", shown(record.name)) from error
        yield out
        data = b""
        if not decoder.ended and decoder.hungry:
            data = next(slices, b"")
            if not data and not out:
                raise truncated(shown(record.name))
    if decoder.unused or next(slices, b""):
        raise trailing_data()
