"""Bad archives of every format: each trick has its refusal."""

import bz2
import gzip
import io
import lzma
import stat
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest

from concours.snapshots import Code, Limits, inspect_archive
from tests.snapshots.packing import (
    END,
    Raw,
    code_of,
    header,
    make_tar,
    make_zip,
    padded,
    seal,
    special,
)

UNSAFE = [
    "../x", "a/../../x", "/x", "//x", "C:/x", "c:x", "..", "a/..", "a\\b", "..\\x", "a//b", "a/./b",
    "a\nb", "a\rb", "a\x1bb", "a\x7fb", "a\u202eb", "a\u2028b", "a\x85b", ".//x", "./../x",
]  # fmt: skip


@pytest.mark.parametrize("name", UNSAFE)
def test_unsafe_paths(raw: Raw, name: str) -> None:
    assert code_of(raw(make_zip("ok", name))) is Code.UNSAFE_PATH
    assert code_of(raw(make_tar("ok", name, form=tarfile.GNU_FORMAT))) is Code.UNSAFE_PATH
    assert code_of(raw(make_tar("ok", name, form=tarfile.PAX_FORMAT))) is Code.UNSAFE_PATH


def test_nul_in_names(raw: Raw) -> None:
    assert code_of(raw(make_zip("a?b").replace(b"a?b", b"a\0b"))) is Code.UNSAFE_PATH
    pax = header(b"x", size=14, kind=b"x")
    body = padded(b"14 path=a\0bcd\n")
    assert code_of(raw(seal(pax) + body + header(b"y") + END)) is Code.UNSAFE_PATH
    long_name = seal(header(b"x", size=4, kind=b"L")) + padded(b"a\0b\0")
    assert code_of(raw(long_name + header(b"y") + END)) is Code.UNSAFE_PATH


@pytest.mark.parametrize("name", [".git/config", "p/.git/hooks/x", "p/.GIT/x", "p/.git", "GIT~1/x",
                                  "p/.g\u200cit/x", "p/.git. /x"])  # fmt: skip
def test_repository_inside(raw: Raw, name: str) -> None:
    expected = (Code.REPOSITORY_INSIDE, Code.UNSAFE_PATH)
    assert code_of(raw(make_zip("ok", name))) in expected
    assert code_of(raw(make_tar("ok", name))) in expected


@pytest.mark.parametrize(
    ("one", "other"),
    [("a", "a"), ("README", "readme"), ("\u00e9", "e\u0301"), ("stra\u00dfe", "STRASSE"),
     ("A/x", "a/y"), ("a", "a/b"), ("a/b", "a"), ("\u00c9/x", "e\u0301/y"), ("./a", "a")],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_names_that_are_one_file_somewhere(raw: Raw, one: str, other: str) -> None:
    assert code_of(raw(make_zip(one, other))) is Code.DUPLICATE
    assert code_of(raw(make_tar(one, other))) is Code.DUPLICATE


def test_long_names(raw: Raw) -> None:
    for name in ("a/" * 64 + "b", "d/" + "x" * 256, "/".join(["y" * 250] * 5)):
        assert code_of(raw(make_zip("ok", name))) is Code.PATH_TOO_LONG
        assert code_of(raw(make_tar("ok", name))) is Code.PATH_TOO_LONG


def test_names_that_are_not_utf8(raw: Raw) -> None:
    gbk = "\u6a21\u5757".encode("gbk")
    assert code_of(raw(make_zip("abcd").replace(b"abcd", gbk))) is Code.NAME_NOT_UTF8
    block = header(b"abcd")
    block[0:4] = gbk
    assert code_of(raw(seal(block) + END)) is Code.NAME_NOT_UTF8


@pytest.mark.parametrize(
    "target", ["/etc/passwd", "..", "../x", "../../x", "a/../../../x", "b/..", "", "../../../../x"]
)
@pytest.mark.parametrize("system", [0, 3])
def test_links_that_leave(raw: Raw, target: str, system: int) -> None:
    link = special("p/l", tarfile.SYMTYPE, target)
    assert code_of(raw(make_tar("p/ok", link))) is Code.LINK_LEAVES
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("p/ok", b"x")
        info = zipfile.ZipInfo("p/l")
        info.create_system, info.external_attr = system, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, target)
    assert code_of(raw(out.getvalue())) is Code.LINK_LEAVES


def test_bombs_by_ratio_total_and_count(raw: Raw) -> None:
    zeros = bytes(2 << 20)
    early = Limits(ratio_floor_bytes=1 << 20)
    assert inspect_archive(raw(make_zip("a", data=zeros))).unpacked_size == 2 << 20
    assert code_of(raw(make_zip("a", data=zeros)), early) is Code.RATIO_TOO_HIGH
    tar = make_tar("a", data=zeros)
    for compress in (gzip.compress, bz2.compress, lzma.compress):
        assert code_of(raw(compress(tar)), early) is Code.RATIO_TOO_HIGH
    small = Limits(max_unpacked_bytes=100_000, max_files=3)
    assert code_of(raw(tar), small) is Code.UNPACKED_TOO_LARGE
    assert code_of(raw(make_zip("a", "b", data=bytes(60_000))), small) is Code.UNPACKED_TOO_LARGE
    assert code_of(raw(make_zip(*"abcd")), small) is Code.TOO_MANY_FILES
    assert code_of(raw(make_tar(*"abcd")), small) is Code.TOO_MANY_FILES
    assert code_of(raw(make_zip("a", *[f"{n}/" for n in range(7)], data=b"")), small) is (
        Code.TOO_MANY_FILES
    )
    assert code_of(raw(make_zip("a")), Limits(max_archive_bytes=50)) is Code.ARCHIVE_TOO_LARGE
    assert code_of(raw(make_zip("a")), Limits(max_seconds=-1)) is Code.TOO_SLOW


def test_bytes_that_belong_to_nobody(raw: Raw) -> None:
    zipped, tar = make_zip("a"), make_tar("a")
    assert code_of(raw(zipped + b"x")) is Code.TRAILING_DATA
    assert code_of(raw(zipped + zipped)) is Code.TRAILING_DATA
    assert code_of(raw(tar + b"x")) is Code.TRAILING_DATA
    assert code_of(raw(tar + zipped)) is Code.TRAILING_DATA
    assert code_of(raw(gzip.compress(tar) + b"x")) is Code.TRAILING_DATA
    assert code_of(raw(gzip.compress(tar) + zipped)) is Code.TRAILING_DATA
    assert code_of(raw(bz2.compress(tar) + b"x")) is Code.TRAILING_DATA
    assert code_of(raw(gzip.compress(tar + tar))) is Code.TRAILING_DATA
    at = zipped.index(b"PK\x01\x02")
    hidden = bytearray(zipped[:at] + b"hidden" + zipped[at:])
    struct.pack_into("<I", hidden, len(hidden) - 6, at + 6)
    assert code_of(raw(bytes(hidden))) is Code.TRAILING_DATA


def test_empty_and_unknown(raw: Raw) -> None:
    for data in (b"", make_zip(), make_tar(), gzip.compress(make_tar()), make_zip("d/", data=b"")):
        assert code_of(raw(data)) is Code.EMPTY
    for data in (b"hello", b"x" * 2000, gzip.compress(b"hello"), b"\x7fELF" + bytes(600)):
        assert code_of(raw(data)) is Code.UNKNOWN_FORMAT
    assert code_of(Path("/dev/zero")) is Code.UNKNOWN_FORMAT
