"""The central directory of a zip: found at the end, bounded before it is read, read as a stream."""

import struct
from dataclasses import dataclass
from typing import BinaryIO

from concours.snapshots.errors import Code, SnapshotRefused
from concours.snapshots.meter import (
    Meter,
    corrupt,
    inconsistent,
    too_many_files,
    trailing_data,
    truncated,
)
from concours.snapshots.names import shown

_END = struct.Struct("<4sHHHHIIH")
_END_SIGNATURE = b"PK\x05\x06"
_LOCATOR = struct.Struct("<4sIQI")
_LOCATOR_SIGNATURE = b"PK\x06\x07"
_END64 = struct.Struct("<4sQHHIIQQQQ")
_END64_SIGNATURE = b"PK\x06\x06"
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_CENTRAL_SIGNATURE = b"PK\x01\x02"
_ENCRYPTED = 0x0001 | 0x0040 | 0x2000
_PATCH = 0x0020
_EXTRA_ZIP64 = 0x0001
_EXTRA_UNICODE_PATH = 0x7075
_EXTRA_AES = 0x9901
_ALL_ONES = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Record:
    """One member as the directory describes it; sizes and offsets in bytes."""

    name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    unpacked: int
    attributes: int
    offset: int


@dataclass(frozen=True, slots=True)
class Directory:
    """Where the directory starts, and its records in the order in which they stand there."""

    offset: int
    records: list[Record]


def read_directory(file: BinaryIO, *, size: int, meter: Meter) -> Directory:
    """The directory of the zip in `file`. O(members). Raises SnapshotRefused."""
    count, length, offset, end = _find(file, size)
    if count > meter.limits.max_members:
        raise too_many_files(meter.limits)
    if offset + length > end:
        raise truncated()
    if offset + length != end:
        raise trailing_data()
    file.seek(offset)
    records = []
    for _ in range(count):
        meter.member()
        records.append(_record(file, end))
    if file.tell() != end:
        raise trailing_data()
    return Directory(offset, records)


def _find(file: BinaryIO, size: int) -> tuple[int, int, int, int]:
    """Members, length and offset of the directory, and where it must end."""
    tail_size = min(size, _END.size + 0xFFFF)
    file.seek(size - tail_size)
    tail = file.read(tail_size)
    found = []
    at = tail.find(_END_SIGNATURE)
    while at >= 0:
        if at + _END.size <= len(tail):
            fields = _END.unpack_from(tail, at)
            if at + _END.size + fields[7] == len(tail):
                found.append((size - tail_size + at, fields))
        at = tail.find(_END_SIGNATURE, at + 1)
    if not found:
        # An end record that is not at the end: something was put behind the archive.
        raise trailing_data() if _END_SIGNATURE in tail else truncated()
    if len(found) > 1:
        raise inconsistent()
    end, (_, disk, first_disk, here, total, length, offset, _) = found[0]
    if disk != first_disk or here != total or disk not in (0, 0xFFFF):
        raise SnapshotRefused(
            Code.CORRUPT, "The archive is split into several files; pack it as one."
        )
    wide = _find_zip64(file, end)
    if wide is None:
        return total, length, offset, end
    for narrow, limit, value in (
        (total, 0xFFFF, wide[0]),
        (length, _ALL_ONES, wide[1]),
        (offset, _ALL_ONES, wide[2]),
    ):
        if narrow not in (limit, value):
            raise inconsistent()
    return wide


def _find_zip64(file: BinaryIO, end: int) -> tuple[int, int, int, int] | None:
    """The same figures from the zip64 records, None where there are none."""
    if end < _LOCATOR.size + _END64.size:
        return None
    file.seek(end - _LOCATOR.size)
    signature, disk, offset64, disks = _LOCATOR.unpack(file.read(_LOCATOR.size))
    if signature != _LOCATOR_SIGNATURE:
        return None
    if disk != 0 or disks > 1 or offset64 + _END64.size > end - _LOCATOR.size:
        raise corrupt("The directory's zip64 record is damaged")
    file.seek(offset64)
    fields = _END64.unpack(file.read(_END64.size))
    if fields[0] != _END64_SIGNATURE or offset64 + 12 + fields[1] != end - _LOCATOR.size:
        raise corrupt("The directory's zip64 record is damaged")
    _, _, _, _, _, _, here, total, length, offset = fields
    if here != total:
        raise corrupt("The archive is split into several files")
    return total, length, offset, offset64


def _record(file: BinaryIO, end: int) -> Record:
    header = file.read(_CENTRAL.size)
    if len(header) < _CENTRAL.size or not header.startswith(_CENTRAL_SIGNATURE):
        raise corrupt("The directory is damaged")
    (_, _, _, flags, method, _, _, crc, packed, unpacked, name_size, extra_size, comment_size,
     disk, _, attributes, offset) = _CENTRAL.unpack(header)  # fmt: skip
    if file.tell() + name_size + extra_size + comment_size > end:
        raise corrupt("The directory is damaged")
    name = file.read(name_size)
    extra = _extra(file.read(extra_size), name)
    file.seek(comment_size, 1)
    packed, unpacked, offset = _widen(extra, name, packed, unpacked, offset)
    _refuse_unreadable(name, flags, method, extra)
    if disk not in (0, 0xFFFF):
        raise corrupt("The archive is split into several files")
    if method == 0 and packed != unpacked:
        raise inconsistent(shown(name))
    return Record(name, flags, method, crc, packed, unpacked, attributes, offset)


def _extra(data: bytes, name: bytes) -> dict[int, bytes]:
    """The extra fields by their id; of a repeated id only those that matter here are refused."""
    fields: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(data):
        tag, size = struct.unpack_from("<HH", data, at)
        at += 4
        if at + size > len(data):
            break  # some writers leave padding that is no field
        if tag in fields and tag in (_EXTRA_ZIP64, _EXTRA_UNICODE_PATH):
            raise inconsistent(shown(name))
        fields[tag] = data[at : at + size]
        at += size
    other_name = fields.get(_EXTRA_UNICODE_PATH)
    if other_name is not None and other_name[5:] != name:
        raise inconsistent(shown(name))
    return fields


def _widen(
    extra: dict[int, bytes], name: bytes, packed: int, unpacked: int, offset: int
) -> tuple[int, int, int]:
    """Sizes and offset with those that are all ones taken from the zip64 field."""
    values = [unpacked, packed, offset]
    wide = extra.get(_EXTRA_ZIP64, b"")
    at = 0
    for index, value in enumerate(values):
        if value == _ALL_ONES:
            if at + 8 > len(wide):
                raise corrupt("A zip64 field is damaged", shown(name))
            values[index] = struct.unpack_from("<Q", wide, at)[0]
            at += 8
    return values[1], values[0], values[2]


def _refuse_unreadable(name: bytes, flags: int, method: int, extra: dict[int, bytes]) -> None:
    if flags & _ENCRYPTED or _EXTRA_AES in extra or method == 99:
        raise SnapshotRefused(
            Code.ENCRYPTED, "A member is encrypted; pack it without a password.", shown(name)
        )
    if method not in (0, 8) or flags & _PATCH:
        raise SnapshotRefused(
            Code.UNSUPPORTED_METHOD,
            "A member is compressed in an unusual way; pack with the usual method (deflate).",
            shown(name),
        )
