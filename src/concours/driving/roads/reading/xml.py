"""XML from strangers: no entities, no DTD, no network, bounded in size; attributes with lines."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator

from lxml import etree

from concours.driving.roads import limits
from concours.driving.roads.errors import Findings, Severity

Node = etree._Element


def top_level(data: bytes, findings: Findings) -> Iterator[Node]:
    """The root, then each of its children with all that is inside, freed after use.

    Namespaces are taken off. Raises BadMap where the bytes are not well-formed XML, hold a
    document type (and with it entities), or more elements than are bounded here.
    """
    if len(data) > limits.MAX_BYTES:
        raise findings.bad("too-large", f"more than {limits.MAX_BYTES // 2**20} MB")
    if not data.strip():
        raise findings.bad("not-xml", "the file is empty")
    try:
        yield from _walk(data, findings)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
        raise findings.bad("not-xml", f"not well-formed XML: {error.msg}", line=line) from None


def _walk(data: bytes, findings: Findings) -> Iterator[Node]:
    events = etree.iterparse(
        io.BytesIO(data),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root: Node | None = None
    depth = total = inside = 0
    for event, node in events:
        if event == "start":
            depth, total, inside = depth + 1, total + 1, inside + 1
            node.tag = node.tag.rpartition("}")[2]
            if root is None:
                root = node
                _refuse_document_type(root, findings)
                yield root
            if inside > limits.MAX_ELEMENTS_AT_ONCE or total > limits.MAX_ELEMENTS:
                most = (
                    limits.MAX_ELEMENTS
                    if total > limits.MAX_ELEMENTS
                    else limits.MAX_ELEMENTS_AT_ONCE
                )
                raise findings.bad(
                    "too-large",
                    f"more than {most:,} elements",
                    line=line_of(node),
                    element=node.tag,
                )
            continue
        depth -= 1
        if depth == 1 and root is not None:
            yield node
            inside = 0
            node.clear()
            while node.getprevious() is not None:
                del root[0]


def _refuse_document_type(root: Node, findings: Findings) -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise findings.bad(
            "document-type", "a document type (<!DOCTYPE ...>) is not read; take it out", line=1
        )


def line_of(node: Node) -> int:
    """The line of an element; 0 where lxml does not know it."""
    line: int | None = node.sourceline  # type: ignore[assignment]
    return line or 0


class Reader:
    """Attributes and children of elements, with findings for what is not as it should be.

    `path` names the element for findings. Numbers that shape the road are demanded (BadMap
    where they are missing or not finite); others fall back to a default with a finding.
    """

    def __init__(self, findings: Findings) -> None:
        self.findings = findings

    def text(self, node: Node, name: str, default: str = "") -> str:
        """An attribute, stripped and cut to a sane length."""
        return (node.get(name) or default).strip()[: limits.MAX_TEXT]

    def needed(self, node: Node, name: str) -> str:
        """An attribute that must be there. Raises BadMap."""
        value = self.text(node, name)
        if not value:
            raise self.bad("missing-attribute", f"has no attribute {name}", node)
        return value

    def number(self, node: Node, name: str, default: float | None = None) -> float:
        """A finite number that shapes the road. Raises BadMap; the default is for absence only."""
        given = node.get(name)
        if given is None or not given.strip():
            if default is None:
                raise self.bad("missing-attribute", f"has no attribute {name}", node)
            return default
        value = _finite(given)
        if value is None:
            raise self.bad("bad-number", f"{name}={given[:40]!r} is not a finite number", node)
        return value

    def soft(self, node: Node, name: str, default: float = 0.0) -> float:
        """A number that nothing depends on: the default and a finding where it is not finite."""
        given = node.get(name)
        if given is None or not given.strip():
            return default
        value = _finite(given)
        if value is None:
            self.warn("bad-number", f"{name} is not a finite number: {default:g} is used", node)
            return default
        return value

    def integer(self, node: Node, name: str) -> int:
        """A whole number that must be there. Raises BadMap."""
        value = self.number(node, name)
        if value != int(value) or abs(value) > 2**31 - 1:
            raise self.bad("bad-number", f"{name}={value:g} is not a whole number", node)
        return int(value)

    def bad(self, code: str, message: str, node: Node) -> Exception:
        """An error about an element, to raise."""
        return self.findings.bad(code, message, line=line_of(node), element=path_of(node))

    def warn(
        self, code: str, message: str, node: Node, severity: Severity = Severity.WARNING
    ) -> None:
        """A finding about an element."""
        self.findings.add(
            code, message, line=line_of(node), element=path_of(node), severity=severity
        )


def path_of(node: Node) -> str:
    """Names from below the root to the element: "road/planView/geometry"."""
    names = [node.tag]
    for parent in node.iterancestors():
        names.append(parent.tag)
    return "/".join(reversed(names[:-1] if len(names) > 1 else names))


def _finite(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) <= limits.MAX_NUMBER else None
