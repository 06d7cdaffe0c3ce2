"""XML into plain elements with lines, in bounded time and memory.

Expat reads the text as a stream, so that a document type (and with it every entity and external
reference) is refused at the moment it is declared, and a limit stops the reading where it is
passed, before memory is spent. Namespaces and prefixes are dropped.
"""

from __future__ import annotations

import codecs
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers import expat

from concours.driving.scenarios.errors import BadScenario, Place

MAX_BYTES = 64 * 2**20
MAX_ELEMENTS = 500_000
MAX_DEPTH = 100
_MULTI_BYTE = {"gbk", "gb2312", "gb18030", "big5", "shift_jis", "cp932", "euc_jp", "euc_kr"}


@dataclass(slots=True)
class Element:
    """One element: name, attributes, children, line, and whether a reader has taken it."""

    tag: str
    line: int
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    text: str = ""
    seen: bool = False

    def child(self, tag: str) -> Element | None:
        """The first child of that name."""
        return next((child for child in self.children if child.tag == tag), None)

    def count(self) -> int:
        """How many elements this one and those inside are."""
        total, stack = 0, [self]
        while stack:
            element = stack.pop()
            total += 1
            stack.extend(element.children)
        return total


def read_file(path: Path) -> Element:
    """The root element of an XML file.

    Raises: BadScenario where the file cannot be opened, is larger than MAX_BYTES, is not
    well-formed, declares a document type, nests deeper than MAX_DEPTH or holds more than
    MAX_ELEMENTS elements. Time and memory grow linearly up to these limits.
    """
    place = Place(str(path), 0)
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BadScenario(f"cannot be read: {reason}", place=place, code="unreadable") from error
    return read_bytes(data, name=str(path))


def read_bytes(data: bytes, *, name: str) -> Element:
    """The root element of a document in memory; name stands in messages for the file."""
    if len(data) > MAX_BYTES:
        raise BadScenario(
            f"larger than {MAX_BYTES >> 20} MiB", place=Place(name, 0), code="too-large"
        )
    return _Reading(name).run(_as_utf8(data))


def _as_utf8(data: bytes) -> tuple[bytes, str | None]:
    """The data, and the encoding to insist on: expat knows no multi-byte ones but Unicode's."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data, None
    head = data[:200].decode("ascii", "replace")
    if not head.lstrip("\ufffd").startswith("<?xml") or "encoding" not in head.split("?>")[0]:
        return data, None
    label = head.split("encoding", 1)[1].lstrip(" =\t\"'").split('"')[0].split("'")[0]
    try:
        codec = codecs.lookup(label).name
        return (data.decode(codec).encode(), "utf-8") if codec in _MULTI_BYTE else (data, None)
    except (LookupError, UnicodeError, ValueError):
        return data, None  # expat says what is wrong, with the line


class _Reading:
    """One reading of one document."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.stack: list[Element] = []
        self.root: Element | None = None
        self.count = 0
        self.parser: Any = None

    def run(self, source: tuple[bytes, str | None]) -> Element:
        data, encoding = source
        self.parser = parser = expat.ParserCreate(encoding)
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        parser.StartDoctypeDeclHandler = self.doctype
        try:
            parser.ParseFile(io.BytesIO(data))
        except expat.ExpatError as error:
            raise BadScenario(
                f"not well-formed XML: {expat.ErrorString(error.code)}, column {error.offset + 1}",
                place=Place(self.name, error.lineno),
                code="malformed",
            ) from error
        except (ValueError, LookupError, UnicodeError) as error:
            if isinstance(error, BadScenario):
                raise
            raise self.refused(f"cannot be decoded: {error}", "malformed") from error
        if self.root is None:
            raise self.refused("no element", "malformed")
        return self.root

    def refused(self, message: str, code: str) -> BadScenario:
        line = self.parser.CurrentLineNumber
        element = self.stack[-1].tag if self.stack else ""
        return BadScenario(message, place=Place(self.name, line), element=element, code=code)

    def doctype(self, name: str, *_: object) -> None:
        raise self.refused(
            f"declares a document type ({name}): entities are not read", "document-type"
        )

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MAX_ELEMENTS:
            raise self.refused(f"more than {MAX_ELEMENTS} elements", "too-many-elements")
        if len(self.stack) >= MAX_DEPTH:
            raise self.refused(f"nested deeper than {MAX_DEPTH} elements", "too-deep")
        if any(":" in name or name == "xmlns" for name in attributes):
            attributes = {
                name: value
                for name, value in attributes.items()
                if ":" not in name and name != "xmlns"
            }
        element = Element(tag.rpartition(":")[2], self.parser.CurrentLineNumber, attributes)
        if self.stack:
            self.stack[-1].children.append(element)
        else:
            self.root = element
        self.stack.append(element)

    def end(self, _: str) -> None:
        self.stack.pop()

    def characters(self, text: str) -> None:
        if self.stack and text.strip():
            self.stack[-1].text += text
