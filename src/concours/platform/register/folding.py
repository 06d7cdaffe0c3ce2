"""Letters as a search compares them, the same in every database."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """`text` without differences of case, width or composition, and with single spaces."""
    return " ".join(
        unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).split()
    )
