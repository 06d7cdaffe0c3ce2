"""Going through the nodes of a scenario."""

from __future__ import annotations

from collections.abc import Iterator

from concours.driving.scenarios.nodes import Node, Unsupported
from concours.driving.scenarios.slots import Kind, slots_of

_PLAIN = {Kind.ATTRIBUTE, Kind.TEXT}
_INNER: dict[type[Node], tuple[str, ...]] = {}
_REFERENCES: dict[type[Node], tuple[tuple[str, str], ...]] = {}


def walk(root: Node) -> Iterator[Node]:
    """The node and all inside it, in the order of the classes' fields. Linear."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        inner: list[Node] = []
        for name in inner_fields(type(node)):
            value = getattr(node, name)
            if isinstance(value, Node):
                inner.append(value)
            elif value:
                inner.extend(value)
        stack.extend(reversed(inner))


def inner_fields(cls: type[Node]) -> tuple[str, ...]:
    """The fields that hold nodes."""
    if cls not in _INNER:
        _INNER[cls] = tuple(slot.field for slot in slots_of(cls) if slot.kind not in _PLAIN)
    return _INNER[cls]


def reference_fields(cls: type[Node]) -> tuple[tuple[str, str], ...]:
    """(kind, field) of each attribute that names something."""
    if cls not in _REFERENCES:
        _REFERENCES[cls] = tuple((slot.refers, slot.field) for slot in slots_of(cls) if slot.refers)
    return _REFERENCES[cls]


def element_name(node: Node) -> str:
    """The XML element that a node is read from: by its class, or as the file has it."""
    if isinstance(node, Unsupported):
        return node.tag
    tags: tuple[str, ...] = getattr(node, "TAGS", (type(node).__name__,))
    return tags[0]
