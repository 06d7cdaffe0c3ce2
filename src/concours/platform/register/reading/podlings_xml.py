"""Apache's own register of podlings, podlings.xml: what stands in each element `podling`.

https://github.com/apache/incubator/blob/master/content/podlings.xml is the file. The document type
that it names is not fetched, and entities are not taken from anybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from concours.platform.register.reading.parts import MOST_SUMMARY, Unusable

MOST_PODLINGS = 20_000


@dataclass(frozen=True, kw_only=True)
class Podling:
    """An element with its attributes, and the line that it begins in."""

    line: int
    name: str
    status: str
    resource: str
    start: str
    end: str
    summary: str


@dataclass
class _Open:
    """The element that is being read."""

    line: int
    attributes: dict[str, str]
    words: list[str] = field(default_factory=list)


def is_xml(text: str) -> bool:
    return text.lstrip().startswith("<")


def podlings_in(text: str) -> Iterator[Podling]:
    """Every podling in order. Raises Unusable, with the line, for what is no such file, and for a
    document that declares entities: a few of them can stand for more than any memory holds."""
    reader = _Reader()
    try:
        reader.parser.Parse(text, True)  # noqa: FBT003  expat takes no name for it
    except expat.ExpatError as error:
        why = expat.ErrorString(error.code)
        raise Unusable(f"no XML: {why}", line=error.lineno) from None
    if not reader.is_register:
        raise Unusable("is no register of podlings: its first element is not podlings")
    yield from reader.found


class _Reader:
    def __init__(self) -> None:
        self.found: list[Podling] = []
        self.is_register = False
        self._open: _Open | None = None
        self._path: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = self._entity

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        if len(self._path) == 1:
            self.is_register = name == "podlings"
        elif name == "podling" and len(self._path) == 2:
            if len(self.found) >= MOST_PODLINGS:
                raise Unusable(f"more than {MOST_PODLINGS:,} podlings")
            self._open = _Open(self.parser.CurrentLineNumber, attributes)

    def _text(self, text: str) -> None:
        if self._open is not None and self._path[2:] == ["description"]:
            self._open.words.append(text)

    def _end(self, name: str) -> None:
        self._path.pop()
        if self._open is None or len(self._path) != 1:
            return
        said = self._open.attributes
        self.found.append(
            Podling(
                line=self._open.line,
                name=said.get("name", ""),
                status=said.get("status", ""),
                resource=said.get("resource", ""),
                start=said.get("startdate", ""),
                end=said.get("enddate", ""),
                summary=" ".join("".join(self._open.words).split())[:MOST_SUMMARY],
            )
        )
        self._open = None

    def _entity(self, *_declared: object) -> None:
        raise Unusable("declares entities; write them out", line=self.parser.CurrentLineNumber)
