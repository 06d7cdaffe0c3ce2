"""Expressions: known values, properties against Python's own arithmetic, and refusals."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concours.driving.scenarios.expressions import BadExpression, Value, as_text, evaluate


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7.0),
        ("(1 + 2) * 3", 9.0),
        ("10 - 2 - 3", 5.0),
        ("12 / 3 / 2", 2.0),
        ("-7 % 3", -1.0),
        ("2 ** 3 ** 2", 512.0),
        ("-2 ** 2", -4.0),
        ("2 ** -1", 0.5),
        ("- -3", 3.0),
        ("250/3.6", 250 / 3.6),
        ("1.5e2 + .5", 150.5),
        ("round(2.5) + round(-2.5)", 0.0),
        ("floor(-1.2)", -2.0),
        ("ceil(-1.2)", -1.0),
        ("sqrt(pow(3, 2) + pow(4, 2))", 5.0),
        ("max(1, min(5, 3))", 3.0),
        ("sign(-3) + sign(0) + sign(9)", 0.0),
        ("abs(-3.5)", 3.5),
        ("not true or true and true", True),
        ("not (1 > 2) and 3 >= 3", True),
        ("not not true", True),
        ("1 == 1", True),
        ("$speed / 2", 5.0),
        ("$on and false", False),
        ("$name == north", True),
        ("pre + _ + $speed", "pre_10"),
    ],
)
def test_known_values(text: str, value: Value) -> None:
    names: dict[str, Value] = {"speed": 10.0, "on": True, "name": "north"}
    result = evaluate(text, names)
    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 +",
        "(1",
        "1)",
        "1 2",
        "$nobody",
        "1 / 0",
        "1 % 0",
        "sqrt(-1)",
        "10 ** 400",
        "1e999",
        "open(1)",
        "max(1)",
        "max(1, 2, 3)",
        "true + 1",
        "1 and true",
        "not 3",
        "north * 2",
        "-north",
        "().__class__",
        "1; 2",
        "$",
        "or",
    ],
)
def test_what_has_no_value_is_refused(text: str) -> None:
    with pytest.raises(BadExpression):
        evaluate(text, {})


def test_a_bare_word_is_a_text_and_nothing_more() -> None:
    assert evaluate("__import__", {}) == "__import__"


def test_long_and_deep_expressions_are_refused() -> None:
    with pytest.raises(BadExpression, match="longer"):
        evaluate("1+" * 10_000 + "1", {})
    with pytest.raises(BadExpression, match="nested"):
        evaluate("(" * 200 + "1" + ")" * 200, {})
    assert evaluate("-" * 9_000 + "1", {}) == 1.0
    assert evaluate("not " * 2_000 + "true", {}) is True


@pytest.mark.parametrize(
    ("value", "text"), [(3.0, "3"), (-0.5, "-0.5"), (True, "true"), ("x", "x"), (1e20, "1e+20")]
)
def test_values_as_an_attribute_would_say_them(value: Value, text: str) -> None:
    assert as_text(value) == text


_numbers = st.floats(min_value=-1e6, max_value=1e6, allow_nan=False)
_leaves = st.one_of(_numbers.map(lambda value: (f"({value!r})", value)), st.just(("$x", 3.25)))


def _combine(
    children: st.SearchStrategy[tuple[str, float]],
) -> st.SearchStrategy[tuple[str, float]]:
    def infix(sign: str, left: tuple[str, float], right: tuple[str, float]) -> tuple[str, float]:
        value = {"+": left[1] + right[1], "-": left[1] - right[1], "*": left[1] * right[1]}[sign]
        return f"({left[0]} {sign} {right[0]})", value

    def call(name: str, inner: tuple[str, float]) -> tuple[str, float]:
        functions = {"abs": abs, "floor": math.floor, "ceil": math.ceil}
        return f"{name}({inner[0]})", float(functions[name](inner[1]))

    return st.one_of(
        st.builds(infix, st.sampled_from("+-*"), children, children),
        st.builds(call, st.sampled_from(["abs", "floor", "ceil"]), children),
    )


@given(st.recursive(_leaves, _combine, max_leaves=12))
def test_arithmetic_is_pythons(pair: tuple[str, float]) -> None:
    text, expected = pair
    if math.isfinite(expected):
        assert evaluate(text, {"x": 3.25}) == expected


@given(st.text(alphabet="0123456789.+-*/%()$xyz <>=!,andortfue", max_size=60))
def test_any_text_has_a_value_or_is_refused(text: str) -> None:
    try:
        value = evaluate(text, {"x": 1.0, "y": True, "z": "s"})
    except BadExpression:
        return
    assert isinstance(value, float | bool | str)
    assert not isinstance(value, float) or math.isfinite(value)
