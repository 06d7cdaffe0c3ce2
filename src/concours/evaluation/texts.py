"""What strangers' programs say, made fit to be read: on a terminal, on a page, in a file."""

from __future__ import annotations

import re

REASON = 4_000
"""Characters of a reason at most."""
_UNFIT = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""What moves a cursor, ends a line or turns writing round, and halves of characters."""


def printable(text: str) -> str:
    """Its lines, with a mark in place of what is not fit to be shown."""
    return _UNFIT.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def in_short(text: str) -> str:
    """The same, REASON characters at most."""
    return printable(text[:REASON])
