"""Tricks of tars and of their compression: each has its refusal."""

import bz2
import gzip
import lzma
import tarfile
from collections.abc import Callable

import pytest

from concours.snapshots import Code, Limits, inspect_archive
from tests.snapshots.packing import (
    END,
    Raw,
    code_of,
    header,
    make_tar,
    padded,
    seal,
    special,
)


@pytest.mark.parametrize(
    ("kind", "code"),
    [(tarfile.LNKTYPE, Code.HARD_LINK), (tarfile.CHRTYPE, Code.SPECIAL_FILE),
     (tarfile.BLKTYPE, Code.SPECIAL_FILE), (tarfile.FIFOTYPE, Code.SPECIAL_FILE),
     (b"S", Code.SPARSE_FILE), (b"M", Code.SPECIAL_FILE), (b"D", Code.SPECIAL_FILE)],
)  # fmt: skip
def test_special_members_of_tars(raw: Raw, kind: bytes, code: Code) -> None:
    assert code_of(raw(make_tar("ok", special("x", kind, "ok")))) is code


def test_nothing_lies_beneath_a_link(raw: Raw) -> None:
    link = special("p/l", tarfile.SYMTYPE, "d")
    assert code_of(raw(make_tar("p/d/ok", link, "p/l/x"))) is Code.DUPLICATE
    assert code_of(raw(make_tar("p/l/x", link))) is Code.DUPLICATE


def test_gzip_of_more_streams_than_anyone_needs(raw: Raw) -> None:
    empty = gzip.compress(b"", mtime=0)
    data = gzip.compress(make_tar("a")) + empty * 50
    assert inspect_archive(raw(data)).files[0].path == "a"
    assert code_of(raw(data), Limits(max_streams=20)) is Code.CORRUPT


def test_xz_that_asks_for_memory(raw: Raw) -> None:
    data = lzma.compress(make_tar("a"), preset=6)  # a window of 8 MiB
    assert inspect_archive(raw(data)).files[0].path == "a"
    limits = Limits(max_decoder_bytes=4 << 20)
    assert code_of(raw(data), limits) is Code.NEEDS_TOO_MUCH_MEMORY


@pytest.mark.parametrize("compress", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_every_truncation_of_a_tar_is_refused(raw: Raw, compress: Callable[[bytes], bytes]) -> None:
    whole = compress(make_tar("a", "b", data=b"data" * 200)[: 512 * 8])
    inspect_archive(raw(whole))
    for length in range(0, len(whole), max(len(whole) // 60, 1)):
        code_of(raw(whole[:length]))


@pytest.mark.parametrize(
    ("records", "code"),
    [
        (b"22 GNU.sparse.major=1\n", Code.SPARSE_FILE),
        (b"12 size=999\n", Code.INCONSISTENT),
        (b"13 size=-999\n", Code.CORRUPT),
        (b"10 path=a\n10 path=b\n", Code.INCONSISTENT),
        (b"21 hdrcharset=BINARY\n", Code.NAME_NOT_UTF8),
        (b"99999 path=a\n", Code.CORRUPT),
        (b"0 path=a\n", Code.CORRUPT),
        (b"path=a\n", Code.CORRUPT),
        (b"13 path=../x\n", Code.UNSAFE_PATH),
    ],
)
def test_pax_tricks(raw: Raw, records: bytes, code: Code) -> None:
    pax = seal(header(b"p", size=len(records), kind=b"x"))
    assert code_of(raw(pax + padded(records) + header(b"y") + END)) is code


def test_extension_headers_are_bounded_and_come_once(raw: Raw) -> None:
    for kind in (b"x", b"g", b"L", b"K"):
        huge = seal(header(b"p", size=1 << 32, kind=kind))
        assert code_of(raw(huge + END)) is Code.HEADER_TOO_LARGE
    name = seal(header(b"p", size=2, kind=b"L")) + padded(b"a\0")
    assert code_of(raw(name + name + header(b"y") + END)) is Code.INCONSISTENT
    assert code_of(raw(name + END)) is Code.TRUNCATED
    pax = seal(header(b"p", size=10, kind=b"x")) + padded(b"10 path=b\n")
    assert code_of(raw(name + pax + header(b"y") + END)) is Code.INCONSISTENT
    for_all = seal(header(b"p", size=10, kind=b"g")) + padded(b"10 path=b\n")
    assert code_of(raw(for_all + header(b"y") + END)) is Code.INCONSISTENT


def test_sizes_that_are_none(raw: Raw) -> None:
    for size, code in ((b"\xff" * 12, Code.CORRUPT), (b"-1234567890\0", Code.CORRUPT),
                       (b"\x80" + b"\xff" * 11, Code.TRUNCATED)):  # fmt: skip
        block = header(b"a")
        block[124:136] = size
        assert code_of(raw(seal(block) + END)) is code
    assert code_of(raw(seal(header(b"a", size=9, kind=b"5")) + END)) is Code.INCONSISTENT
