"""Names in files that are no text: overwritten where they lie, so that nothing moves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from concours.anonymity.identities import Identity, Kind
from concours.anonymity.spelling import LONG

SHORTEST_BYTES = 5
"""A name of fewer bytes would be found by chance in any large file."""
LONGEST = 1_024
_SPLIT = re.compile(r"[\s_.\-]+")


class Overwriter:
    """Finds identities among bytes, in UTF-8, UTF-16 and GB 18030, ASCII letters in any case."""

    def __init__(self, identities: Iterable[Identity]) -> None:
        found: dict[bytes, None] = {}
        for identity in identities:
            if not identity.weak:
                found |= dict.fromkeys(_patterns(identity))
        ordered = sorted(found, key=lambda one: (-len(one), one))
        self._pattern = re.compile(b"|".join(ordered), re.IGNORECASE) if ordered else None

    def overwrite(self, data: bytes) -> tuple[bytes, int]:
        """The bytes with every identity replaced by as many x, and how many there were."""
        if self._pattern is None:
            return data, 0
        held = bytearray(data)
        count = self._in_place(held)
        return bytes(held), count

    def stream(self, chunks: Iterable[bytes], counts: list[int]) -> Iterator[bytes]:
        """As `overwrite`, chunk by chunk; what was found is appended to `counts`."""
        held = bytearray()
        for chunk in chunks:
            held += chunk
            counts.append(self._in_place(held))
            if len(held) > LONGEST:
                yield bytes(held[:-LONGEST])
                del held[:-LONGEST]
        yield bytes(held)

    def _in_place(self, held: bytearray) -> int:
        if self._pattern is None:
            return 0
        count = 0
        for match in self._pattern.finditer(bytes(held)):
            start, end = match.span()
            held[start:end] = b"x" * (end - start)
            count += 1
        return count


def _patterns(identity: Identity) -> Iterator[bytes]:
    words = [word for word in _SPLIT.split(identity.text) if word] or [identity.text]
    if identity.kind in (Kind.EMAIL, Kind.DOMAIN):
        words = [identity.text]
    joined = "".join(words)
    short = joined.isascii() and len(joined) < LONG
    for encoding in ("utf-8", "utf-16-le", "gb18030"):
        parts = [word.encode(encoding, "ignore") for word in words]
        if sum(map(len, parts)) < SHORTEST_BYTES:
            continue
        wide = encoding == "utf-16-le"
        between = r"(?:[ _.\-]\x00)?" if wide else r"[ _.\-]?"
        pattern = between.join(_raw(part) for part in parts)
        if short and not wide:
            pattern = rf"(?<![A-Za-z0-9]){pattern}(?![A-Za-z])"
        yield pattern.encode("latin-1")


def _raw(part: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in part)
