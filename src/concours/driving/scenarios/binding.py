"""From elements to typed nodes; whatever is not taken is reported, never dropped in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from concours.driving.scenarios.budget import Budget
from concours.driving.scenarios.candidates import candidates, mark, what_is_missing
from concours.driving.scenarios.elements import Element
from concours.driving.scenarios.errors import Place
from concours.driving.scenarios.findings import Findings, Severity
from concours.driving.scenarios.nodes import Node, Unsupported
from concours.driving.scenarios.parameters import ParameterDeclaration, Scope, resolved
from concours.driving.scenarios.slots import Kind, Slot, attribute_names, slots_of
from concours.driving.scenarios.values import BadValue, member, moment, number, truth, whole

N = TypeVar("N", bound=Node)


_READERS: dict[type, Callable[[str], Any]] = {
    float: number,
    int: whole,
    bool: truth,
    datetime: moment,
}


class Broken(Exception):
    """An element could not be read; what is wrong has been noted."""


class Catalogs(Protocol):
    """Where references to catalogs are looked up."""

    def entry(self, asked: Element, choices: dict[str, type[Node]], reader: Reader) -> Node:
        """The node that the reference stands for; raises Broken where there is none (noted)."""
        ...


class Reader:
    """Binds the elements of one file; readers of catalogs share findings and the count of nodes.

    Every element bound is marked as seen, so that `note_unread` finds what was left.
    """

    def __init__(self, file: str, *, findings: Findings, catalogs: Catalogs) -> None:
        self.file = file
        self.findings = findings
        self.catalogs = catalogs
        self.budget = Budget()
        self.scope = Scope()
        self.overrides: dict[str, str] = {}

    def elsewhere(self, file: str, *, scope: Scope, overrides: dict[str, str]) -> Reader:
        """A reader of another file that shares findings, catalogs and budget with this one."""
        other = Reader(file, findings=self.findings, catalogs=self.catalogs)
        other.budget, other.scope, other.overrides = self.budget, scope, overrides
        return other

    def place(self, element: Element) -> Place:
        return Place(self.file, element.line)

    def note(self, code: str, message: str, element: Element, severity: Severity) -> None:
        self.findings.add(
            code, message, place=self.place(element), element=element.tag, severity=severity
        )

    def broken(self, code: str, message: str, element: Element) -> Broken:
        """Note an error; raise what is returned."""
        self.note(code, message, element, Severity.ERROR)
        return Broken()

    def read(self, cls: type[N], element: Element) -> N:
        """The node of an element.

        Raises: Broken where the element cannot be read (noted), BadScenario past MAX_NODES.
        """
        self.budget.spend(self.place(element), element.tag)
        element.seen = True
        with self.inner_scope(element):
            return self._bound(cls, element)

    def _bound(self, cls: type[N], element: Element) -> N:
        values: dict[str, Any] = {"place": self.place(element)}
        failed = False
        for slot in slots_of(cls):
            try:
                values[slot.field] = self._value(slot, element)
            except Broken:
                failed = True
        self._note_unknown_attributes(cls, element)
        if failed:
            raise Broken
        return cls(**values)

    @contextmanager
    def inner_scope(self, element: Element) -> Iterator[None]:
        """Parameters declared in the element are known inside it alone."""
        declared = element.child("ParameterDeclarations")
        if declared is None or element.tag == "ParameterDeclarations":
            yield
            return
        outer, overrides = self.scope, self.overrides
        self.scope, self.overrides = Scope(outer), {}
        try:
            self._declare(declared, overrides)
            yield
        finally:
            self.scope = outer

    def _declare(self, element: Element, overrides: dict[str, str]) -> None:
        element.seen = True
        for each in element.children:
            if each.tag != "ParameterDeclaration":
                continue
            try:  # one after another: a later one may use those before it
                declaration = self.read(ParameterDeclaration, each)
                value = overrides.get(declaration.name, declaration.value)
                wrong = self.scope.declare(declaration, value)
                if wrong:
                    self.note(
                        "bad-parameter", f"{declaration.name}: {wrong}", each, Severity.WARNING
                    )
            except BadValue as error:
                self.note("bad-parameter", f"{declaration.name}: {error}", each, Severity.ERROR)
            except Broken:
                continue

    def _value(self, slot: Slot, element: Element) -> Any:
        match slot.kind:
            case Kind.ATTRIBUTE:
                return self._attribute(slot, element)
            case Kind.TEXT:
                return element.text.strip()
            case Kind.INLINE:
                return self._choice(slot, element, [element], alone=slot.open)
            case Kind.CHOICE:
                wrappers = [each for each in element.children if each.tag in slot.names]
                return self._choice(slot, element, wrappers, alone=True)
            case _:
                return self._children(slot, element)

    def _attribute(self, slot: Slot, element: Element) -> Any:
        raw = None
        for name in slot.names:
            raw = element.attributes.get(name)
            if raw is not None:
                break
        if raw is None:
            if slot.required:
                raise self.broken("missing", f"{slot.names[0]} is missing", element)
            if slot.expected:
                message = f"{slot.names[0]} is missing: {slot.default:g} counts"
                self.note("missing", message, element, Severity.WARNING)
            return slot.default
        if slot.literal or slot.refers in {"parameter", "variable"}:
            return raw.removeprefix("$")
        try:
            return self._converted(slot, raw)
        except BadValue as error:
            message = f"{slot.names[0]}: {error}"
            if slot.required or not issubclass(slot.scalar, StrEnum):
                raise self.broken("bad-value", message, element) from error
            self.note("bad-value", f"{message}; left out", element, Severity.WARNING)
            return slot.default

    def _converted(self, slot: Slot, raw: str) -> Any:
        text = resolved(raw, self.scope)
        if slot.scalar is str:
            return text
        if issubclass(slot.scalar, StrEnum):
            return member(text, slot.scalar)
        return _READERS[slot.scalar](text)

    def _children(self, slot: Slot, element: Element) -> Any:
        (cls,) = set(slot.choices.values())
        found = [each for each in element.children if each.tag in slot.names]
        if slot.many:
            return tuple(self._each(cls, found))
        if not found:
            if slot.required:
                raise self.broken("missing", f"<{slot.names[0]}> is missing", element)
            return slot.default
        for more in found[1:]:
            self._repeated(more)
        return self.read(cls, found[0])

    def _each(self, cls: type[N], elements: Iterable[Element]) -> list[N]:
        nodes, failed = [], False
        for element in elements:
            try:
                nodes.append(self.read(cls, element))
            except Broken:
                failed = True
        if failed:
            raise Broken
        return nodes

    def _repeated(self, element: Element) -> None:
        self.budget.left_out += element.count()
        mark(element)
        self.note(
            "repeated", "stands more than once; only the first is read", element, Severity.WARNING
        )

    def _choice(self, slot: Slot, element: Element, within: list[Element], *, alone: bool) -> Any:
        nodes: list[Node] = []
        failed = False
        for wrapper in within:
            wrapper.seen = True
            for found in candidates(wrapper, slot, alone=alone):
                if nodes and not slot.many:
                    self._repeated(found)
                    continue
                try:
                    nodes.append(self._chosen(slot, found))
                except Broken:
                    failed = True
        if failed:
            raise Broken
        if slot.many:
            return tuple(nodes)
        if nodes:
            return nodes[0]
        if slot.required:
            raise self.broken("missing", what_is_missing(slot), element)
        return slot.default

    def _chosen(self, slot: Slot, element: Element) -> Node:
        if element.tag == "CatalogReference":
            element.seen = True
            return self.catalogs.entry(element, slot.choices, self)
        cls = slot.choices.get(element.tag)
        if cls is not None and slot.open and getattr(cls, "MOVES_NOTHING", False):
            return self._tolerated(cls, element)
        if cls is not None:
            return self.read(cls, element)
        mark(element)
        if not slot.open:
            raise self.broken("unknown-element", "is not known here", element)
        self.note("unsupported", "is not known", element, Severity.UNSUPPORTED)
        return Unsupported(place=self.place(element), tag=element.tag)

    def _tolerated(self, cls: type[Node], element: Element) -> Node:
        """An action that moves nothing: where it is broken, the rest is played without it."""
        start = len(self.findings.all)
        try:
            return self.read(cls, element)
        except Broken:
            self.findings.demote(start)
            mark(element)
            return Unsupported(place=self.place(element), tag=element.tag)

    def _note_unknown_attributes(self, cls: type[Node], element: Element) -> None:
        if not element.attributes:
            return
        known = attribute_names(cls)
        for name in element.attributes:
            if name not in known:
                self.note(
                    "unknown-attribute", f"attribute {name} is not known", element, Severity.WARNING
                )

    def read_root(self, cls: type[N], element: Element) -> N:
        """The node of a root element, whose parameters stay in scope afterwards."""
        element.seen = True
        declared = element.child("ParameterDeclarations")
        if declared is not None:
            self._declare(declared, self.overrides)
        self.overrides = {}
        return self._bound(cls, element)

    def note_unread(self, root: Element) -> None:
        """Report the topmost elements that nothing has taken, and count what they hold."""
        stack = [root]
        while stack:
            element = stack.pop()
            if element.seen:
                stack.extend(reversed(element.children))
                continue
            inside = element.count()
            self.budget.left_out += inside
            self.note(
                "unknown-element",
                f"is not known here; it and what it holds ({inside} in all) are left out",
                element,
                Severity.UNSUPPORTED,
            )
