"""Writing a tar whose bytes depend on nothing but names, modes and content."""

from collections.abc import Iterable
from typing import BinaryIO

from concours.snapshots.tars import BLOCK

_RECORD = 20 * BLOCK  # POSIX: archives are written in records of twenty blocks


def write_file(
    out: BinaryIO, *, path: str, size: int, executable: bool, chunks: Iterable[bytes]
) -> None:
    """Append a file of `size` bytes: time 0, owner 0, mode 644 or 755.

    Paths that are not ASCII of at most 100 bytes come in a pax record. Raises ValueError if
    `chunks` do not add up to `size`.
    """
    raw = path.encode()
    if len(raw) > 100 or not path.isascii():
        record = _pax_record(b"path", raw)
        # The name of an extension header is never used; a fixed one keeps it out of the digest.
        out.write(_header(b"PaxHeader", size=len(record), mode=0o644, kind=b"x"))
        out.write(_padded(record))
    name = raw[:100].decode("ascii", "replace").encode("ascii", "replace")[:100]
    out.write(_header(name, size=size, mode=0o755 if executable else 0o644, kind=b"0"))
    written = 0
    for chunk in chunks:
        out.write(chunk)
        written += len(chunk)
    if written != size:
        raise ValueError(f"{path}: {written} bytes came, {size} were announced")
    out.write(bytes(-size % BLOCK))


def finish(out: BinaryIO) -> None:
    """Append the end: two blocks of zeros, then zeros up to a whole record."""
    out.write(bytes(2 * BLOCK))
    out.write(bytes(-out.tell() % _RECORD))


def _header(name: bytes, *, size: int, mode: int, kind: bytes) -> bytes:
    block = bytearray(BLOCK)
    block[0 : len(name)] = name
    block[100:108] = b"%07o\0" % mode
    block[108:116] = block[116:124] = b"%07o\0" % 0
    block[124:136] = b"%011o\0" % size
    block[136:148] = b"%011o\0" % 0
    block[148:156] = b" " * 8
    block[156:157] = kind
    block[257:265] = b"ustar\x0000"
    block[329:337] = block[337:345] = b"%07o\0" % 0
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def _pax_record(key: bytes, value: bytes) -> bytes:
    rest = len(key) + len(value) + 3  # the space, the equals sign, the newline
    length = rest + len(str(rest))
    while length != rest + len(str(length)):
        length = rest + len(str(length))
    return b"%d %s=%s\n" % (length, key, value)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % BLOCK)
