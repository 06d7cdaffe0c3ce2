"""What pictures and documents say of their makers, taken out where the format is plain enough.

Segments and chunks are left out whole; nothing is decoded, so that a picture stays as it is and a
hostile one costs no more than its bytes. A file that is not what it seems is returned unchanged.
"""

from __future__ import annotations

import re
import struct

PACKED = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "rar"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"%PDF", "pdf"),
    (b"\xd0\xcf\x11\xe0", "office"),
    (b"GIF8", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
)
"""(first bytes, format) of what is not searched within."""
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_SAYS = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"})
_JPEG = b"\xff\xd8\xff"
_JPEG_SAYS = frozenset({0xE1, 0xED, 0xFE})
_RIFF_SAYS = frozenset({b"EXIF", b"XMP "})
_PDF_FIELD = re.compile(rb"(/(?:Author|Creator|Producer)\s{0,8}[(<])([^()<>\\]{0,1000})(?=[)>])")


def unread_format(data: bytes) -> str | None:
    """The format of bytes whose inside is not searched; None where there is no such."""
    for magic, name in PACKED:
        if data.startswith(magic):
            return name
    return "media" if data[4:8] == b"ftyp" else None


def without_makers(data: bytes) -> tuple[bytes, int]:
    """A JPEG, PNG, WebP or PDF without what it says of its makers; and how much that was."""
    if data.startswith(_PNG):
        return _png(data)
    if data.startswith(_JPEG):
        return _jpeg(data)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _webp(data)
    if data.startswith(b"%PDF"):
        return _pdf(data)
    return data, 0


def _png(data: bytes) -> tuple[bytes, int]:
    kept, at, left_out = [_PNG], len(_PNG), 0
    while at + 12 <= len(data):
        (size,) = struct.unpack_from(">I", data, at)
        end = at + 12 + size
        if end > len(data):
            return data, 0
        kind = data[at + 4 : at + 8]
        if kind in _PNG_SAYS:
            left_out += 1
        else:
            kept.append(data[at:end])
        at = end
        if kind == b"IEND":
            # What follows belongs to no picture.
            return b"".join(kept), left_out + (at < len(data))
    return data, 0


def _jpeg(data: bytes) -> tuple[bytes, int]:
    kept, at, left_out = [data[:2]], 2, 0
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xDA:
            # From here on it is the picture itself.
            return b"".join(kept) + data[at:], left_out
        (size,) = struct.unpack_from(">H", data, at + 2)
        end = at + 2 + size
        if size < 2 or end > len(data):
            return data, 0
        if marker in _JPEG_SAYS:
            left_out += 1
        else:
            kept.append(data[at:end])
        at = end
    return data, 0


def _webp(data: bytes) -> tuple[bytes, int]:
    kept, at, left_out = [], 12, 0
    while at + 8 <= len(data):
        (size,) = struct.unpack_from("<I", data, at + 4)
        end = at + 8 + size + size % 2
        if end > len(data):
            return data, 0
        if data[at : at + 4] in _RIFF_SAYS:
            left_out += 1
        else:
            kept.append(data[at:end])
        at = end
    body = b"".join(kept)
    if not left_out:
        return data, 0
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body, left_out


def _pdf(data: bytes) -> tuple[bytes, int]:
    """Author, creator and producer overwritten where they lie open; offsets stay."""
    count = 0

    def put(match: re.Match[bytes]) -> bytes:
        nonlocal count
        count += 1
        filler = b"0" if match[1].endswith(b"<") else b" "
        return match[1] + filler * len(match[2])

    return _PDF_FIELD.sub(put, data), count
