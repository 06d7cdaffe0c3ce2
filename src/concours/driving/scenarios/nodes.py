"""What the typed nodes share: where they stand, and how fields say which XML they come from.

A field of a plain type is an attribute named like it (lane_id: laneId); a field of a node type is
a child element named like its class; a tuple of nodes is a list of children; a union of nodes is
a choice. The helpers below say what differs.
"""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar, dataclass_transform

from concours.driving.scenarios.errors import Place

T = TypeVar("T")


def _field(default: Any, **metadata: Any) -> Any:
    if default is dataclasses.MISSING:
        return dataclasses.field(metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


def attribute(*names: str, default: Any = dataclasses.MISSING) -> Any:
    """An attribute whose name is not the field's; further names are older ones."""
    return _field(default, names=names)


def expected(default: Any) -> Any:
    """An attribute that the standard asks for and files lack: a warning tells what counts then."""
    return _field(default, expected=True)


def literal(*names: str, default: Any = dataclasses.MISSING) -> Any:
    """A name that is never replaced: what declares or assigns a parameter."""
    return _field(default, names=names, literal=True)


def reference(kind: str, *names: str, default: Any = dataclasses.MISSING) -> Any:
    """An attribute that names something: an "entity", "controller", "variable" ..."""
    return _field(default, names=names, refers=kind)


def child(*tags: str, default: Any = dataclasses.MISSING) -> Any:
    """A child element whose name is not its class's, or a choice wrapped in that element."""
    return _field(default, tags=tags)


def inside(*tags: str, default: Any = dataclasses.MISSING) -> Any:
    """A node that stands, under its own name or as a catalog reference, inside that element."""
    return _field(default, tags=tags, wrapped=True)


def inline(default: Any = dataclasses.MISSING) -> Any:
    """A choice among children of this very element."""
    return _field(default, inline=True)


def text(default: Any = "") -> Any:
    """The text inside the element."""
    return _field(default, text=True)


@dataclass_transform(
    frozen_default=True,
    kw_only_default=True,
    field_specifiers=(attribute, expected, literal, reference, child, inside, inline, text),
)
def node(cls: type[T]) -> type[T]:
    """A frozen dataclass with slots whose arguments are keywords."""
    return dataclasses.dataclass(frozen=True, kw_only=True, slots=True)(cls)


@node
class Node:
    """Base of all nodes. place: file and line of the element it was read from."""

    place: Place = dataclasses.field(default=Place("", 0), compare=False, repr=False)

    @property
    def line(self) -> int:
        """The line of the element, 1 being the first."""
        return self.place.line


@node
class Unsupported(Node):
    """An element that stands where a choice is made, and that the reader does not know."""

    tag: str
