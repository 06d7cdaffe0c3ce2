"""Bytes as text and back, in the encodings that sources are kept in."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

HEAD = 8_192


@dataclass(frozen=True)
class Text:
    """`text` is what `encoding` makes of the bytes after `mark`; encoded again it is the same.

    `exact` is False where the encoding is unknown and bytes beyond ASCII mean nothing.
    """

    text: str
    encoding: str
    mark: bytes = b""
    exact: bool = True

    def encoded(self, text: str) -> bytes:
        """`text` in this encoding; a letter that it has not becomes a question mark."""
        return self.mark + text.encode(self.encoding, "replace")


_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def as_text(data: bytes) -> Text | None:
    """The bytes as text; None where they are none. O(len(data)).

    By their mark, else UTF-8, else GB 18030 where that gives the same bytes back, else Latin-1.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding, mark)
    if b"\0" in data[:HEAD]:
        return None
    return (
        _decoded(data, "utf-8")
        or _decoded(data, "gb18030")
        or Text(data.decode("latin-1"), "latin-1", exact=False)
    )


def _decoded(data: bytes, encoding: str, mark: bytes = b"") -> Text | None:
    try:
        text = data.decode(encoding)
        if text.encode(encoding) != data:
            return None
    except UnicodeError:
        return None
    return Text(text, encoding, mark)
