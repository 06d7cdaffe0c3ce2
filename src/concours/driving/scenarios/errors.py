"""What the reader of scenarios raises: a ValueError that a person can act on."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """Where something stands: a file's path as text, and a line (1 is the first, 0 is unknown)."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


class BadScenario(ValueError):
    """A file that cannot be played; the message names file, line and element.

    Attributes:
        place: file and line.
        element: the XML element's name, or "" where the file as a whole is meant.
        code: a short stable word, as in `Finding.code`.
    """

    def __init__(self, message: str, *, place: Place, element: str = "", code: str = "bad") -> None:
        at = f"{place}: <{element}>" if element else str(place)
        super().__init__(f"{at}: {message}")
        self.place = place
        self.element = element
        self.code = code
        self.message = message
