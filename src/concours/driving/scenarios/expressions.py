"""The `${...}` expressions of OpenSCENARIO 1.1 and later.

Grammar (ASAM OpenSCENARIO XML 1.3, "Expressions"; `**` and the comparisons are what other players
accept beside it), loosest first:

    or   and   not   == != < <= > >=   + -   * / %   unary -   **   atom
    atom: number | true | false | $name | word | function "(" arguments ")" | "(" expression ")"

Functions: abs, ceil, floor, max, min, pow, round (halves away from zero), sign, sqrt. Numbers are
IEEE doubles; `%` has the sign of the dividend. A bare word is a text, and `+` joins texts.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping

Value = float | bool | str

MAX_LENGTH = 10_000
MAX_NESTING = 50

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|\$(?P<name>[A-Za-z_][\w.]*)"
    r"|(?P<word>[A-Za-z_]\w*)"
    r"|(?P<sign>\*\*|==|!=|<=|>=|[-+*/%()<>,]))"
)


class BadExpression(ValueError):
    """The expression cannot be read or has no value."""


def evaluate(text: str, names: Mapping[str, Value]) -> Value:
    """The value of an expression (the part between `${` and `}`).

    names: value of each `$name`. Linear in the text's length.
    Raises: BadExpression for a text that is no expression, an unknown name, an operation that its
    operands do not have, a division by zero, a result that is not finite, a text longer than
    MAX_LENGTH or parentheses nested deeper than MAX_NESTING.
    """
    if len(text) > MAX_LENGTH:
        raise BadExpression(f"longer than {MAX_LENGTH} characters")
    parser = _Parser(_tokens(text), names)
    value = parser.disjunction()
    if parser.kind != "end":
        raise BadExpression(f"unexpected {parser.text!r}")
    return value


def as_text(value: Value) -> str:
    """The value as an attribute would be written: 3 and not 3.0, true and not True."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    end = len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            raise BadExpression(f"unexpected {text[at:].strip()[:20]!r}")
        kind = str(match.lastgroup)
        found.append((kind, match.group(kind)))
        at = match.end()
    return [*found, ("end", "the end")]


def _round(value: float) -> float:
    return math.copysign(math.floor(abs(value) + 0.5), value)


def _sign(value: float) -> float:
    return float((value > 0) - (value < 0))


def _divide(left: float, right: float) -> float:
    if right == 0:
        raise BadExpression("division by zero")
    return left / right


def _remainder(left: float, right: float) -> float:
    if right == 0:
        raise BadExpression("division by zero")
    return math.fmod(left, right)


_FUNCTIONS: dict[str, tuple[int, Callable[..., float]]] = {
    "abs": (1, abs),
    "ceil": (1, math.ceil),
    "floor": (1, math.floor),
    "max": (2, max),
    "min": (2, min),
    "pow": (2, math.pow),
    "round": (1, _round),
    "sign": (1, _sign),
    "sqrt": (1, math.sqrt),
}
_SUMS: dict[str, Callable[[float, float], float]] = {"+": operator.add, "-": operator.sub}
_PRODUCTS: dict[str, Callable[[float, float], float]] = {
    "*": operator.mul,
    "/": _divide,
    "%": _remainder,
}
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class _Parser:
    """Recursive descent over the tokens, evaluating as it goes."""

    def __init__(self, tokens: list[tuple[str, str]], names: Mapping[str, Value]) -> None:
        self._tokens = iter(tokens)
        self._names = names
        self._nesting = 0
        self.kind, self.text = next(self._tokens)

    def advance(self) -> str:
        text = self.text
        self.kind, self.text = next(self._tokens)
        return text

    def takes(self, kind: str, *texts: str) -> str | None:
        return self.advance() if self.kind == kind and self.text in texts else None

    def expect(self, text: str) -> None:
        if not self.takes("sign", text):
            raise BadExpression(f"{text!r} expected before {self.text!r}")

    def disjunction(self) -> Value:
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            raise BadExpression(f"nested deeper than {MAX_NESTING}")
        value = self.conjunction()
        while self.takes("word", "or"):
            right = _boolean(self.conjunction())
            value = _boolean(value) or right
        self._nesting -= 1
        return value

    def conjunction(self) -> Value:
        value = self.negation()
        while self.takes("word", "and"):
            right = _boolean(self.negation())
            value = _boolean(value) and right
        return value

    def negation(self) -> Value:
        turns = 0
        while self.takes("word", "not"):
            turns += 1
        value = self.comparison()
        return _boolean(value) != bool(turns % 2) if turns else value

    def comparison(self) -> Value:
        left = self.sum()
        while sign := self.takes("sign", "==", "!=", *_COMPARISONS):
            right = self.sum()
            if sign in {"==", "!="}:
                left = (left == right) == (sign == "==")
            else:
                left = _COMPARISONS[sign](_number(left), _number(right))
        return left

    def sum(self) -> Value:
        left = self.product()
        while sign := self.takes("sign", *_SUMS):
            right = self.product()
            if sign == "+" and (isinstance(left, str) or isinstance(right, str)):
                left = as_text(left) + as_text(right)
            else:
                left = _computed(_SUMS[sign], left, right)
        return left

    def product(self) -> Value:
        left = self.signed()
        while sign := self.takes("sign", *_PRODUCTS):
            left = _computed(_PRODUCTS[sign], left, self.signed())
        return left

    def signed(self) -> Value:
        turns = plus = 0
        while sign := self.takes("sign", "-", "+"):
            turns += sign == "-"
            plus += 1
        value = self.power()
        if plus:
            value = -_number(value) if turns % 2 else _number(value)
        return value

    def power(self) -> Value:
        base = self.atom()
        exponents = [base]
        while self.takes("sign", "**"):
            minus = bool(self.takes("sign", "-"))
            exponent = _number(self.atom())
            exponents.append(-exponent if minus else exponent)
        value = exponents.pop()
        while exponents:  # from the right, as usual
            value = _computed(math.pow, exponents.pop(), value)
        return value

    def atom(self) -> Value:
        if self.kind == "number":
            return _finite(float(self.advance()))
        if self.kind == "name":
            name = self.advance()
            if name not in self._names:
                raise BadExpression(f"unknown parameter ${name}")
            return self._names[name]
        if self.kind == "word":
            return self.word(self.advance())
        if self.takes("sign", "("):
            value = self.disjunction()
            self.expect(")")
            return value
        raise BadExpression(f"unexpected {self.text!r}")

    def word(self, word: str) -> Value:
        if word in {"true", "false"}:
            return word == "true"
        if word in {"and", "or", "not"}:
            raise BadExpression(f"unexpected {word!r}")
        if not self.takes("sign", "("):
            return word
        if word not in _FUNCTIONS:
            raise BadExpression(f"unknown function {word}")
        arguments = [self.disjunction()]
        while self.takes("sign", ","):
            arguments.append(self.disjunction())
        self.expect(")")
        wanted, function = _FUNCTIONS[word]
        if len(arguments) != wanted:
            raise BadExpression(f"{word} takes {wanted} argument(s)")
        return _computed(function, *arguments)


def _number(value: Value) -> float:
    if isinstance(value, bool) or not isinstance(value, float):
        raise BadExpression(f"{as_text(value)!r} is no number")
    return value


def _boolean(value: Value) -> bool:
    if not isinstance(value, bool):
        raise BadExpression(f"{as_text(value)!r} is neither true nor false")
    return value


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise BadExpression("the result is not finite")
    return value


def _computed(function: Callable[..., float], *operands: Value) -> float:
    try:
        return _finite(float(function(*(_number(operand) for operand in operands))))
    except (ValueError, OverflowError) as error:
        if isinstance(error, BadExpression):
            raise
        raise BadExpression("the result is not finite") from error
