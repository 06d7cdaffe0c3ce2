"""What the state of a traffic signal means to somebody who drives up to it."""

from __future__ import annotations

import re
from enum import StrEnum


class Colour(StrEnum):
    """Red and amber together are RED: they still forbid to go on."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    DARK = ""


_WORDS = (
    (re.compile(r"red|stop|halt"), Colour.RED),
    (re.compile(r"yellow|amber|caution|attention"), Colour.YELLOW),
    (re.compile(r"green|\bgo\b"), Colour.GREEN),
)
_LAMPS = {3: (Colour.RED, Colour.YELLOW, Colour.GREEN), 2: (Colour.RED, Colour.GREEN)}
_FLASHING = re.compile(r"flash|blink")


def flashes(state: str) -> bool:
    """Whether a state, as scenarios write it, is one of a light that flashes."""
    return bool(_FLASHING.search(state.lower()))


def colour_of(state: str) -> Colour:
    """The colour of a state as scenarios write it.

    Either lamps from the top ("on;off;off"; of two the first is red, one alone is green), or words
    ("red", "Stop", "red-yellow").
    """
    parts = [part.strip() for part in state.lower().split(";")]
    lamps = [part in ("on", "true") or part.startswith("flash") for part in parts]
    if any(lamps):
        meanings = _LAMPS.get(len(parts), (Colour.GREEN,) if len(parts) == 1 else _LAMPS[3])
        return next((m for m, lit in zip(meanings, lamps, strict=False) if lit), Colour.DARK)
    for pattern, colour in _WORDS:
        if any(pattern.search(part) for part in parts):
            return colour
    return Colour.DARK
