"""Parameters, variables and monitors: declarations, constraints, assignments, scopes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from concours.driving.scenarios.enums import ParameterType, Rule
from concours.driving.scenarios.expressions import BadExpression, Value, as_text, evaluate
from concours.driving.scenarios.nodes import (
    Node,
    attribute,
    child,
    inline,
    literal,
    node,
    reference,
)
from concours.driving.scenarios.rules import BadComparison, holds
from concours.driving.scenarios.values import BadValue, guessed, typed


@node
class ValueConstraint(Node):
    """The value must stand in this relation."""

    rule: Rule
    value: str


@node
class ValueConstraintGroup(Node):
    """All constraints of one group hold."""

    constraints: tuple[ValueConstraint, ...] = child("ValueConstraint", default=())


@node
class ParameterDeclaration(Node):
    """A parameter; its value satisfies at least one group of constraints, if there are any."""

    name: str = literal("name")
    kind: ParameterType = attribute("parameterType", "type", default=ParameterType.STRING)
    value: str = ""
    constraint_groups: tuple[ValueConstraintGroup, ...] = child("ConstraintGroup", default=())


@node
class ParameterDeclarations(Node):
    """The parameters of one element."""

    declarations: tuple[ParameterDeclaration, ...] = child("ParameterDeclaration", default=())


@node
class ParameterAssignment(Node):
    """A value for a parameter of a catalog entry, or of one variation."""

    parameter_ref: str = literal("parameterRef")
    value: str


@node
class ParameterAssignments(Node):
    """Values for the parameters of a catalog entry."""

    assignments: tuple[ParameterAssignment, ...] = child("ParameterAssignment", default=())


@node
class VariableDeclaration(Node):
    """A value that actions change while the scenario runs."""

    name: str = literal("name")
    kind: ParameterType = attribute("variableType", default=ParameterType.STRING)
    value: str = ""


@node
class VariableDeclarations(Node):
    """The variables of a scenario."""

    declarations: tuple[VariableDeclaration, ...] = child("VariableDeclaration", default=())


@node
class MonitorDeclaration(Node):
    """A truth that the scenario tells to whoever evaluates it (1.3)."""

    name: str = literal("name")
    value: bool


@node
class MonitorDeclarations(Node):
    """The monitors of a scenario."""

    declarations: tuple[MonitorDeclaration, ...] = child("MonitorDeclaration", default=())


@node
class AddValue(Node):
    """Adds to a number."""

    value: float


@node
class MultiplyByValue(Node):
    """Multiplies a number."""

    value: float


@node
class ModifyAction(Node):
    """Changes a number by a rule."""

    rule: AddValue | MultiplyByValue = child("Rule")


@node
class SetAction(Node):
    """Sets a value."""

    value: str


@node
class ParameterAction(Node):
    """Changes a parameter while the scenario runs; attributes read before keep their values."""

    parameter_ref: str = reference("parameter", "parameterRef")
    change: SetAction | ModifyAction = inline()


@node
class VariableAction(Node):
    """Changes a variable."""

    variable_ref: str = reference("variable", "variableRef")
    change: SetAction | ModifyAction = inline()


class Scope(Mapping[str, Value]):
    """The parameters that an element sees: its own, then those around it."""

    def __init__(self, outer: Scope | None = None) -> None:
        self._outer = outer
        self._own: dict[str, tuple[str, Value]] = {}

    def _bound(self, name: str) -> tuple[str, Value]:
        scope: Scope | None = self
        while scope is not None:
            if name in scope._own:
                return scope._own[name]
            scope = scope._outer
        raise KeyError(name)

    def __getitem__(self, name: str) -> Value:
        return self._bound(name)[1]

    def text(self, name: str) -> str:
        """The value as it was written."""
        return self._bound(name)[0]

    def __iter__(self) -> Iterator[str]:
        seen = set(self._own)
        yield from self._own
        if self._outer is not None:
            yield from (name for name in self._outer if name not in seen)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def declare(self, declaration: ParameterDeclaration, value: str) -> str:
        """Bind a parameter of this scope.

        Returns: what is wrong with the value for the type, or "": some files keep words in numbers,
        and it is then bound as the text that it is.
        Raises: BadValue where the constraints refuse it.
        """
        wrong = ""
        try:
            known = typed(value, declaration.kind)
        except BadValue as error:
            known, wrong = guessed(value), str(error)
        check_constraints(declaration, value)
        if declaration.kind is ParameterType.STRING:
            known = guessed(value)
        self._own[declaration.name] = (value, known)
        return wrong


def check_constraints(declaration: ParameterDeclaration, value: str) -> None:
    """Raise BadValue unless one group of constraints holds in full (or there is none)."""
    groups = declaration.constraint_groups
    try:
        allowed = not groups or any(
            all(holds(value, each.rule, each.value, declaration.kind) for each in group.constraints)
            for group in groups
        )
    except BadComparison as error:
        raise BadValue(str(error)) from error
    if not allowed:
        raise BadValue(f"{value!r} breaks the constraints of parameter {declaration.name}")


def resolved(raw: str, scope: Scope) -> str:
    """The text of an attribute with `$name` or `${expression}` replaced.

    Raises: BadValue for an unknown parameter or an expression without a value.
    """
    if "$" not in raw:
        return raw
    text = raw.strip()
    try:
        if text.startswith("${") and text.endswith("}") and "${" not in text[2:]:
            return as_text(evaluate(text[2:-1], scope))
        if "${" in text:
            return _spliced(text, scope)
    except BadExpression as error:
        raise BadValue(f"{text[:60]!r}: {error}") from error
    if text.startswith("$"):
        if text[1:] in scope:
            return scope.text(text[1:])
        raise BadValue(f"unknown parameter {text[:60]}")
    return raw


def _spliced(text: str, scope: Scope) -> str:
    """Expressions inside a longer text."""
    parts = text.split("${")
    done = [parts[0]]
    for part in parts[1:]:
        expression, closed, rest = part.partition("}")
        if not closed:
            raise BadExpression("'}' is missing")
        done += [as_text(evaluate(expression, scope)), rest]
    return "".join(done)
