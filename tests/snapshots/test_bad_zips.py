"""Tricks of zips: each has its refusal."""

import io
import stat
import struct
import zipfile
import zlib

import pytest

from concours.snapshots import Code, SnapshotRefused, inspect_archive
from tests.snapshots.packing import Raw, code_of, make_zip


@pytest.mark.parametrize("form", [stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK])
def test_special_members_of_zips(raw: Raw, form: int) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("x")
        info.create_system, info.external_attr = 3, (form | 0o644) << 16
        archive.writestr(info, b"")
    assert code_of(raw(out.getvalue())) is Code.SPECIAL_FILE


def test_encrypted_and_unusual_methods(raw: Raw) -> None:
    plain = make_zip("a")
    at = plain.index(b"PK\x01\x02")
    for flag in (0x01, 0x40, 0x2000):
        data = bytearray(plain)
        struct.pack_into("<H", data, 6, flag)
        struct.pack_into("<H", data, at + 8, flag)
        assert code_of(raw(bytes(data))) is Code.ENCRYPTED
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        assert code_of(raw(make_zip("a", method=method))) is Code.UNSUPPORTED_METHOD


def test_declared_sizes_are_not_trusted(raw: Raw) -> None:
    """A member that says 1 byte and unpacks to a megabyte."""
    data = bytearray(make_zip("a", data=bytes(1 << 20)))
    struct.pack_into("<I", data, 22, 1)
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, 1)
    assert code_of(raw(bytes(data))) is Code.INCONSISTENT


def overlapping() -> bytes:
    """Fifield's zip bomb in small: many directory entries for one and the same data."""
    kernel = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = kernel.compress(bytes(100_000)) + kernel.flush()
    crc = zlib.crc32(bytes(100_000))
    sizes = struct.pack("<III", crc, len(packed), 100_000)
    local = struct.pack("<4sHHHHH", b"PK\3\4", 20, 0, 8, 0, 0x21) + sizes + b"\1\0\0\0a" + packed
    central = b"".join(
        struct.pack("<4sHHHHHH", b"PK\1\2", 20, 20, 0, 8, 0, 0x21) + sizes
        + struct.pack("<HHHHHII", 1, 0, 0, 0, 0, 0, 0) + b"a"
        for _ in range(50)
    )  # fmt: skip
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 50, 50, len(central), len(local), 0)
    return local + central + end


def test_overlapping_members(raw: Raw) -> None:
    assert code_of(raw(overlapping())) is Code.OVERLAPPING_MEMBERS


def test_zip_within_quoted_data_overlaps(raw: Raw) -> None:
    """A member whose packed data spans the next member's header (the full-overlap bomb)."""
    data = bytearray(make_zip("a", "b", data=b"x" * 100, method=zipfile.ZIP_STORED))
    at = data.index(b"PK\x01\x02")
    for offset in (18, 22, at + 20, at + 24):
        struct.pack_into("<I", data, offset, 180)
    assert code_of(raw(bytes(data))) is Code.OVERLAPPING_MEMBERS


def test_zip_that_says_two_things(raw: Raw) -> None:
    plain = make_zip("aaaa", "bbbb")
    for old, new in ((b"aaaa", b"cccc"), (b"\x08\x00", b"\x00\x00")):
        assert code_of(raw(plain.replace(old, new, 1))) is Code.INCONSISTENT
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("a")
        info.extra = struct.pack("<HHBI", 0x7075, 8, 1, 0) + b"../"
        archive.writestr(info, b"")
    assert code_of(raw(out.getvalue())) is Code.INCONSISTENT


def test_checksums_are_verified(raw: Raw) -> None:
    stored = make_zip("a", data=b"content", method=zipfile.ZIP_STORED)
    assert code_of(raw(stored.replace(b"content", b"contest"))) is Code.CORRUPT


def with_descriptor(*, claimed: int) -> bytes:
    """A zip whose member's size stands behind its data, and in the directory."""
    data = bytearray(make_zip("a", data=b"12345678", method=zipfile.ZIP_STORED))
    at = data.index(b"PK\x01\x02")
    for flags in (6, at + 8):
        struct.pack_into("<H", data, flags, 8)
    descriptor = struct.pack("<4sIII", b"PK\7\x08", zlib.crc32(b"12345678"), 8, claimed)
    struct.pack_into("<I", data, len(data) - 6, at + len(descriptor))
    return bytes(data[:at] + descriptor + data[at:])


def test_descriptor_must_agree(raw: Raw) -> None:
    assert inspect_archive(raw(with_descriptor(claimed=8))).files[0].size == 8
    assert code_of(raw(with_descriptor(claimed=9))) is Code.INCONSISTENT


def test_two_ends_of_one_zip(raw: Raw) -> None:
    """A comment that is itself an end record: tools differ in which they believe."""
    data = make_zip("a")
    twice = data[:-2] + struct.pack("<H", 22) + data[-22:]
    assert code_of(raw(twice)) is Code.INCONSISTENT


def test_every_damaged_byte_of_a_zip_is_refused_or_harmless(raw: Raw) -> None:
    whole = make_zip("a", "b", data=b"data" * 20)
    good = inspect_archive(raw(whole))
    for at in range(len(whole)):
        data = bytearray(whole)
        data[at] ^= 0x5A
        try:
            got = inspect_archive(raw(bytes(data)))
        except SnapshotRefused:
            continue
        assert {one.sha256 for one in got.files} == {one.sha256 for one in good.files}
