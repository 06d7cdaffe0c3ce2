"""Which XML each field of a node class comes from, worked out once a class from its annotations."""

from __future__ import annotations

import dataclasses
import types
import typing
from enum import Enum
from typing import Any

from concours.driving.scenarios.nodes import Node, Unsupported


class Kind(Enum):
    """Where a field's value stands."""

    ATTRIBUTE = 1
    CHILD = 2  # one element of one class
    CHOICE = 3  # an element in which one of several classes stands
    INLINE = 4  # one of several classes stands among the children
    TEXT = 5


@dataclasses.dataclass(frozen=True, slots=True)
class Slot:
    """How to read one field.

    names: attributes or child tags, the current one first. choices: tag -> class. many: the field
    is a tuple. scalar: float, int, bool, str, datetime or an enumeration.
    """

    field: str
    kind: Kind
    names: tuple[str, ...]
    default: Any
    many: bool = False
    scalar: type = str
    choices: dict[str, type[Node]] = dataclasses.field(default_factory=dict)
    open: bool = False  # the choice may hold what the reader does not know
    literal: bool = False
    refers: str = ""
    expected: bool = False  # a warning is due where it is missing

    @property
    def required(self) -> bool:
        return self.default is dataclasses.MISSING


def camel(name: str) -> str:
    """lane_id: laneId."""
    head, *rest = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


def tags_of(cls: type[Node]) -> tuple[str, ...]:
    """The element names of a class: its own, or those it lists."""
    return typing.cast("tuple[str, ...]", getattr(cls, "TAGS", (cls.__name__,)))


_SLOTS: dict[type[Node], tuple[Slot, ...]] = {}
_ATTRIBUTES: dict[type[Node], frozenset[str]] = {}


def slots_of(cls: type[Node]) -> tuple[Slot, ...]:
    """The slots of a class, in the order of its fields; worked out once."""
    if cls not in _SLOTS:
        _SLOTS[cls] = _worked_out(cls)
    return _SLOTS[cls]


def attribute_names(cls: type[Node]) -> frozenset[str]:
    """The names of all attributes that a class reads."""
    if cls not in _ATTRIBUTES:
        slots = (slot for slot in slots_of(cls) if slot.kind is Kind.ATTRIBUTE)
        _ATTRIBUTES[cls] = frozenset(name for slot in slots for name in slot.names)
    return _ATTRIBUTES[cls]


def _worked_out(cls: type[Node]) -> tuple[Slot, ...]:
    hints = typing.get_type_hints(cls)
    fields = dataclasses.fields(cls)
    return tuple(_slot(field, hints[field.name]) for field in fields if field.name != "place")


def _slot(field: dataclasses.Field[Any], hint: Any) -> Slot:
    options, many = _options(hint)
    metadata = field.metadata
    default = () if many and field.default is dataclasses.MISSING else field.default
    if metadata.get("text"):
        return Slot(field.name, Kind.TEXT, (), default)
    if not issubclass(options[0], Node):
        names = metadata.get("names") or (camel(field.name),)
        return Slot(
            field.name,
            Kind.ATTRIBUTE,
            names,
            default,
            scalar=options[0],
            literal=metadata.get("literal", False),
            refers=metadata.get("refers", ""),
            expected=metadata.get("expected", False),
        )
    known = [option for option in options if option is not Unsupported]
    is_open = len(known) < len(options)
    choices = {tag: option for option in known for tag in tags_of(option)}
    if metadata.get("inline"):
        kind, names = Kind.INLINE, tuple(choices)
    elif len(known) > 1 or is_open or metadata.get("wrapped"):
        kind, names = Kind.CHOICE, metadata["tags"]
    else:
        kind, names = Kind.CHILD, metadata.get("tags") or tags_of(known[0])
    return Slot(field.name, kind, names, default, many=many, choices=choices, open=is_open)


def _options(hint: Any) -> tuple[list[type], bool]:
    """The types that a field may hold, without None, and whether it is a tuple of them."""
    if typing.get_origin(hint) is tuple:
        return _options(typing.get_args(hint)[0])[0], True
    if typing.get_origin(hint) in {types.UnionType, typing.Union}:
        inner = [option for option in typing.get_args(hint) if option is not types.NoneType]
        found = [_options(option) for option in inner]
        return [each for options, _ in found for each in options], any(many for _, many in found)
    return [hint], False
