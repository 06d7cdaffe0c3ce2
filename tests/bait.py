"""Looking for what must not be there."""

from __future__ import annotations

import re


def stands_in(text: str, word: str) -> bool:
    """Whether the word is in the text; a number by itself: tokens and codes hold any digits."""
    if word.isdigit():
        return re.search(rf"(?<![0-9A-Za-z_-]){word}(?![0-9A-Za-z_-])", text) is not None
    return word in text
