"""Reading tar archives as a stream: ustar, GNU long names and pax, and no dialect beyond.

Written for strangers' files instead of using `tarfile`: that module reads extension headers of
any size into memory and resolves contradictions silently. Layout: POSIX.1-2024, pax.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from concours.snapshots.errors import Code, SnapshotRefused
from concours.snapshots.meter import (
    Kind,
    Member,
    Meter,
    corrupt,
    inconsistent,
    trailing_data,
    truncated,
)
from concours.snapshots.names import safe_path, safe_target, shown
from concours.snapshots.paxheaders import Extensions, field, number

BLOCK = 512
_ZEROS = bytes(BLOCK)


class _Source:
    """Exact reads from an iterator of chunks."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._held = b""
        self._at = 0

    def some(self, count: int) -> bytes:
        """Between 1 and `count` bytes, b"" at the end."""
        while self._at == len(self._held):
            chunk = next(self._chunks, None)
            if chunk is None:
                return b""
            self._held, self._at = chunk, 0
        out = self._held[self._at : self._at + count]
        self._at += len(out)
        return out

    def exactly(self, count: int) -> bytes:
        """`count` bytes. Raises SnapshotRefused TRUNCATED."""
        return b"".join(self.slices(count))

    def slices(self, count: int) -> Iterator[bytes]:
        """`count` bytes in pieces. Raises SnapshotRefused TRUNCATED."""
        while count:
            out = self.some(count)
            if not out:
                raise truncated()
            count -= len(out)
            yield out


@dataclass(slots=True)
class _Header:
    """The fields of one header block that matter here."""

    name: bytes
    kind: bytes
    size: int
    target: bytes


def is_header(block: bytes) -> bool:
    """Whether `block` is a tar header by its checksum, or the zeros that end an archive."""
    return len(block) == BLOCK and (block == _ZEROS or _checksum_is_right(block))


def _checksum_is_right(block: bytes) -> bool:
    stated = number(block[148:156])
    return stated is not None and stated == sum(block) - sum(block[148:156]) + 8 * 0x20


def tar_members(chunks: Iterator[bytes], *, meter: Meter) -> Iterator[Member]:
    """The members of the tar that `chunks` hold, in order; the last is followed by nothing.

    A file whose `chunks` are not used is read over. Memory: one header and its extensions.
    Raises SnapshotRefused.
    """
    source = _Source(chunks)
    extensions = Extensions()
    while True:
        block = source.exactly(BLOCK)
        if block == _ZEROS:
            break
        meter.member()
        header = _parse(block)
        if header.kind in (b"x", b"g", b"L", b"K"):
            extensions.take(header.kind, _extension_data(source, header, meter), meter.limits)
            continue
        body = source.slices(header.size)
        yield _member(header, extensions, body, meter)
        for _ in body:
            pass
        _padding(source, header.size)
        extensions = Extensions()
    if extensions.waiting:
        raise truncated()
    _end(source)


def _parse(block: bytes) -> _Header:
    if not _checksum_is_right(block):
        raise corrupt("A header is damaged")
    name = field(block[0:100])
    # Only POSIX headers have a prefix; in GNU's the same bytes mean something else.
    if block[257:263] == b"ustar\0" and block[345]:
        name = field(block[345:500]) + b"/" + name
    size = number(block[124:136])
    if size is None or size < 0:
        raise corrupt("A size is unreadable", shown(name))
    return _Header(name, block[156:157], size, field(block[157:257]))


def _extension_data(source: _Source, header: _Header, meter: Meter) -> bytes:
    if header.size > meter.limits.max_header_bytes:
        raise SnapshotRefused(
            Code.HEADER_TOO_LARGE,
            "An extension header is too large; pack without extended attributes.",
        )
    data = source.exactly(header.size)
    _padding(source, header.size)
    return data


def _padding(source: _Source, size: int) -> None:
    source.exactly(-size % BLOCK)


def _end(source: _Source) -> None:
    """After the first block of zeros a second must follow, and then only zeros."""
    if source.exactly(BLOCK) != _ZEROS:
        raise trailing_data()
    while chunk := source.some(1 << 20):
        if chunk.count(0) != len(chunk):
            raise trailing_data()


def _member(header: _Header, extensions: Extensions, body: Iterator[bytes], meter: Meter) -> Member:
    raw, target = extensions.name(header.name), extensions.target(header.target)
    _refuse_kind(header, raw)
    if extensions.size not in (None, header.size):
        raise inconsistent(shown(raw))
    path = safe_path(raw, limits=meter.limits)
    folder = header.kind == b"5" or (header.kind != b"2" and raw.endswith(b"/"))
    if (folder or header.kind == b"2") and header.size:
        raise inconsistent(shown(raw))
    if folder:
        return Member(Kind.FOLDER, path, "", iter(()))
    if header.kind == b"2":
        return Member(Kind.SYMLINK, path, safe_target(target, limits=meter.limits), iter(()))
    return Member(Kind.FILE, path, "", body)


def _refuse_kind(header: _Header, raw: bytes) -> None:
    if header.kind in (b"0", b"\0", b"7", b"5", b"2"):
        return
    code, message = {
        b"1": (
            Code.HARD_LINK,
            "A hard link is inside; pack with `--hard-dereference`, or from a fresh copy.",
        ),
        b"S": (Code.SPARSE_FILE, "A sparse file is inside; pack without `--sparse`."),
    }.get(
        header.kind,
        (Code.SPECIAL_FILE, "A device, a pipe or another special entry is inside; leave it out."),
    )
    raise SnapshotRefused(code, message, shown(raw))
