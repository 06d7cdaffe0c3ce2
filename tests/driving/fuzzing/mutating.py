"""Mutations of XML that keep most of its structure, and of bytes."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable

from lxml import etree

from tests.driving.fuzzing.choice import Choice

Node = etree._Element

NUMBERS = (
    "0", "-0", "-1", "1", "2", "1e-9", "-1e-9", "1e9", "-1e9", "1e12", "1e300", "-1e300", "1e-300",
    "NaN", "INF", "-INF", "1e999", "3.14159", "50", "99.999999", "100.0000001", "999999999999",
    "99999999999999999999",
)  # fmt: skip
WORDS = (
    "", " ", "x", "true", "1,5", "0x10", "1_000", "start", "end", "road", "junction", "both", "LHT",
    "virtual", "direct", "normalized", "solid solid", "bidirectional", "Ego", "::", "$x", "${1/0}",
    "${", "${$x + 1}", "\u0663", "\U0001f697", "2020-13-01T00:00:00", "../../../../etc/passwd", "/",
    "${" + "(" * 60 + "1", "${2 ** 2 ** 2 ** 2 ** 2 ** 2}", "a" * 3000, "<&>\"'",
)  # fmt: skip
FACTORS = (-1.0, 0.0, 0.5, 2.0, 10.0, 1000.0, 1e6)
SHIFTS = (0.0, 1e-6, -1e-6, 1.0, -1.0)
DEEP = 150


def mutated(data: bytes, choice: Choice, *, most: int = 5) -> bytes:
    """The document after up to `most` changes of its tree, and now and then one of its bytes."""
    root = etree.fromstring(data)
    for _ in range(1 + choice.below(most)):
        _change(root, choice)
    data = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return choice.of(BYTES)(data, choice) if choice.chance(8) else data


def _change(root: Node, choice: Choice) -> None:
    nodes = list(root.iter(etree.Element))
    node = choice.of(nodes)
    if node.attrib and not choice.chance(3):
        choice.of(ATTRIBUTES)(node, nodes, choice)
    elif node is not root:
        choice.of(PLACES)(node, nodes, choice)


# Attributes


def _number(node: Node, nodes: list[Node], choice: Choice) -> None:
    node.set(choice.of(sorted(node.attrib)), choice.of(NUMBERS))


def _word(node: Node, nodes: list[Node], choice: Choice) -> None:
    node.set(choice.of(sorted(node.attrib)), choice.of(WORDS))


def _without(node: Node, nodes: list[Node], choice: Choice) -> None:
    del node.attrib[choice.of(sorted(node.attrib))]


def _scaled(node: Node, nodes: list[Node], choice: Choice) -> None:
    name = choice.of(sorted(node.attrib))
    try:
        value = float(node.get(name) or 0)
    except ValueError:
        return
    node.set(name, repr(value * choice.of(FACTORS) + choice.of(SHIFTS)))


def _from_elsewhere(node: Node, nodes: list[Node], choice: Choice) -> None:
    """Another value that stands in the document: references to the wrong thing, and circles."""
    name = choice.of(sorted(node.attrib))
    kind = name.lower()[-4:]
    like = [
        value
        for other in nodes
        for key, value in other.attrib.items()
        if key == name or key.lower().endswith(kind) or key in ("id", "name")
    ]
    node.set(name, choice.of(like))


def _parameter(node: Node, nodes: list[Node], choice: Choice) -> None:
    names = [each.get("name", "") for each in nodes if each.tag == "ParameterDeclaration"]
    node.set(choice.of(sorted(node.attrib)), "$" + choice.of(names or ["x"]).removeprefix("$"))


# Places


def _delete(node: Node, nodes: list[Node], choice: Choice) -> None:
    _parent(node).remove(node)


def _double(node: Node, nodes: list[Node], choice: Choice) -> None:
    for _ in range(choice.of((1, 1, 2, 30))):
        node.addnext(copy.deepcopy(node))


def _swap(node: Node, nodes: list[Node], choice: Choice) -> None:
    parent = _parent(node)
    parent.insert(choice.below(len(parent)), node)


def _rename(node: Node, nodes: list[Node], choice: Choice) -> None:
    node.tag = "Strange" if choice.chance(5) else choice.of(nodes).tag


def _move(node: Node, nodes: list[Node], choice: Choice) -> None:
    other = choice.of(nodes)
    if other is not node and node not in list(other.iterancestors()):
        other.append(node)


def _nest(node: Node, nodes: list[Node], choice: Choice) -> None:
    """A copy of the element inside itself, or very many of it."""
    for _ in range(choice.of((1, 1, 1, DEEP))):
        inner = etree.Element(node.tag, dict(node.attrib))
        node.append(inner)
        node = inner


def _empty(node: Node, nodes: list[Node], choice: Choice) -> None:
    for child in list(node):
        node.remove(child)


def _parent(node: Node) -> Node:
    parent = node.getparent()
    assert parent is not None
    return parent


# Bytes


def _truncated(data: bytes, choice: Choice) -> bytes:
    return data[: choice.below(len(data) + 1)]


def _spliced(data: bytes, choice: Choice) -> bytes:
    at = choice.below(len(data) + 1)
    new = bytes(choice.below(256) for _ in range(choice.below(4)))
    return data[:at] + new + data[at + choice.below(40) :]


def _with_namespace(data: bytes, choice: Choice) -> bytes:
    space = choice.of((b' xmlns="urn:x"', b' xmlns:a="urn:a" a:b="c"', b' xmlns=""', b' a:b="c"'))
    return re.sub(rb"<(OpenDRIVE|OpenSCENARIO)\b", lambda found: found.group(0) + space, data)


def _encoded(data: bytes, choice: Choice) -> bytes:
    text = data.decode("utf-8", "replace")
    code = choice.of(("utf-16", "utf-8-sig", "latin-1", "utf-32", "cp037"))
    said = text.replace("UTF-8", choice.of(("UTF-8", code, "no-such-code")), 1)
    return said.encode(code, "replace")


def _with_document_type(data: bytes, choice: Choice) -> bytes:
    bomb = b'<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    inner = choice.of((b"", bomb, b'<!ENTITY x SYSTEM "file:///etc/passwd">'))
    return data.replace(b"?>", b"?><!DOCTYPE x [" + inner + b"]>", 1)


Operation = Callable[[Node, list[Node], Choice], None]
ATTRIBUTES: tuple[Operation, ...] = (
    _number, _number, _word, _without, _scaled, _scaled, _from_elsewhere, _from_elsewhere,
    _parameter,
)  # fmt: skip
PLACES: tuple[Operation, ...] = (
    _delete, _delete, _double, _swap, _rename, _move, _move, _nest, _empty,
)  # fmt: skip
BYTES = (_truncated, _spliced, _with_namespace, _encoded, _with_document_type)
