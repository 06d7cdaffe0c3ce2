"""Decompression by the chunk: gzip, bzip2, xz, each also as many streams one after another."""

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, Protocol

from concours.snapshots.errors import Code, SnapshotRefused
from concours.snapshots.limits import Limits
from concours.snapshots.meter import CHUNK, Meter, corrupt, trailing_data, truncated


class _Decoder(Protocol):
    """One compressed stream; at its end `unused` is what came after it."""

    def feed(self, data: bytes) -> bytes: ...
    @property
    def hungry(self) -> bool: ...
    @property
    def ended(self) -> bool: ...
    @property
    def unused(self) -> bytes: ...


class Inflate:
    """zlib's decoder with at most CHUNK bytes out for each call. `window`: 31 gzip, -15 raw."""

    def __init__(self, window: int) -> None:
        self._decoder = zlib.decompressobj(window)

    def feed(self, data: bytes) -> bytes:
        """The next bytes. Raises zlib.error."""
        return self._decoder.decompress(self._decoder.unconsumed_tail + data, CHUNK)

    @property
    def hungry(self) -> bool:
        """Whether more input is needed before more can come out."""
        return not self._decoder.unconsumed_tail

    @property
    def ended(self) -> bool:
        """Whether the stream is complete and its checksum right."""
        return self._decoder.eof

    @property
    def unused(self) -> bytes:
        """Input after the end of the stream."""
        return self._decoder.unused_data


class _Blocks:
    """bzip2 and xz, whose decoders have one interface in the standard library."""

    def __init__(self, decoder: bz2.BZ2Decompressor | lzma.LZMADecompressor) -> None:
        self._decoder = decoder

    def feed(self, data: bytes) -> bytes:
        return self._decoder.decompress(data, CHUNK)

    @property
    def hungry(self) -> bool:
        return self._decoder.needs_input

    @property
    def ended(self) -> bool:
        return self._decoder.eof

    @property
    def unused(self) -> bytes:
        return self._decoder.unused_data


_MAGIC = {"gz": b"\x1f\x8b", "bz2": b"BZh", "xz": b"\xfd7zXZ\x00"}


def compression_of(head: bytes) -> str | None:
    """ "gz", "bz2" or "xz" by the first bytes of a file, None if it is none of them."""
    return next((name for name, magic in _MAGIC.items() if head.startswith(magic)), None)


def _maker(compression: str, limits: Limits) -> Callable[[], _Decoder]:
    if compression == "gz":
        return lambda: Inflate(31)
    if compression == "bz2":
        return lambda: _Blocks(bz2.BZ2Decompressor())
    return lambda: _Blocks(lzma.LZMADecompressor(lzma.FORMAT_XZ, limits.max_decoder_bytes))


def decompress(file: BinaryIO, *, compression: str, meter: Meter) -> Iterator[bytes]:
    """The bytes of `file` from its position on, decompressed; every byte counted by `meter`.

    Zero bytes after a stream are padding; anything else there must be a further stream.
    Memory: a few CHUNKs and the decoder's window. Raises SnapshotRefused: CORRUPT, TRUNCATED,
    TRAILING_DATA, NEEDS_TOO_MUCH_MEMORY, and the meter's.
    """
    make = _maker(compression, meter.limits)
    rest = file.read(CHUNK)
    for _ in range(meter.limits.max_streams):
        decoder = make()
        yield from _one_stream(file, decoder, rest, meter)
        rest, padded = _after_padding(file, decoder.unused, meter)
        if not rest:
            return
        magic = _MAGIC[compression]
        rest += file.read(len(magic))
        if (padded and compression != "xz") or not rest.startswith(magic):
            raise trailing_data()
    raise SnapshotRefused(
        Code.CORRUPT,
        f"It is made of more than {meter.limits.max_streams} compressed streams; "
        "pack it in one go.",
    )


def _one_stream(file: BinaryIO, decoder: _Decoder, data: bytes, meter: Meter) -> Iterator[bytes]:
    while True:
        try:
            out = decoder.feed(data)
        except MemoryError:
            raise _too_much_memory() from None
        except lzma.LZMAError as error:
            if "emory" in str(error):
                raise _too_much_memory() from None
            raise corrupt("The compressed data is damaged") from error
        except (zlib.error, OSError, ValueError) as error:
            raise corrupt("The compressed data is damaged") from error
        meter.unpacked(len(out))
        if out:
            yield out
        if decoder.ended:
            return
        data = b""
        if decoder.hungry and not (data := file.read(CHUNK)) and not out:
            raise truncated()


def _too_much_memory() -> SnapshotRefused:
    return SnapshotRefused(
        Code.NEEDS_TOO_MUCH_MEMORY,
        "Unpacking asks for too much memory; compress it with the usual settings.",
    )


def _after_padding(file: BinaryIO, data: bytes, meter: Meter) -> tuple[bytes, bool]:
    """What follows zero bytes, and whether there were any."""
    padded = False
    while True:
        if not data and not (data := file.read(CHUNK)):
            return b"", padded
        rest = data.lstrip(b"\0")
        padded = padded or len(rest) < len(data)
        if rest:
            return rest, padded
        data = b""
        meter.tick()
