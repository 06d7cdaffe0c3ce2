from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concours.evaluation.errors import BadResult
from concours.evaluation.manifest import Column
from concours.evaluation.results import read_values

COLUMNS = (Column(name="right", title="Right", least=0, most=100), Column(name="error", title="E"))


def test_numbers_come_in_the_columns_order() -> None:
    found = read_values(b'{"error": -0.0, "right": 50}\n', COLUMNS)
    assert list(found.items()) == [("right", 50.0), ("error", 0.0)]
    assert str(found["error"]) == "0.0"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"", "printed no result"),
        (b" \n", "printed no result"),
        (b"[1, 2]", "no JSON object"),
        (b"50", "no JSON object"),
        (b'{"right": 50', "no JSON object"),
        (b'{"right": NaN, "error": 0}', "NaN is no number of JSON"),
        (b'{"right": 50, "error": -Infinity}', "-Infinity is no number of JSON"),
        (b'{"right": 50, "error": 1e999}', "error is inf: a finite number is needed"),
        (b'{"right": 50, "error": 1' + b"0" * 400 + b"}", "error is inf"),
        (b'{"right": 50}', "lacks error"),
        (b"{}", "lacks right, error"),
        (b'{"right": 50, "error": 0, "rank": 1}', "not declared: 'rank'"),
        (b'{"right": 50, "error": 0, "error": 1}', "a name is there twice"),
        (b'{"right": "50", "error": 0}', "right is '50', which is no number"),
        (b'{"right": true, "error": 0}', "right is True, which is no number"),
        (b'{"right": null, "error": 0}', "right is None, which is no number"),
        (b'{"right": 100.1, "error": 0}', "right is 100.1, where 0 to 100 is declared"),
        (b"\xff\xfe{}", "no JSON object"),
        (b"[" * 60_000, "no JSON object"),
        (b" " * 70_000 + b"{}", "more than 65536 bytes"),
        (b'{"right": 50, "error": 0} and more', "no JSON object"),
    ],
)
def test_what_is_no_result_is_the_evaluators_fault(text: bytes, told: str) -> None:
    with pytest.raises(BadResult) as caught:
        read_values(text, COLUMNS)
    assert told in str(caught.value)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(text: bytes) -> None:
    try:
        found = read_values(text, COLUMNS)
    except BadResult:
        return
    assert list(found) == ["right", "error"]


@given(st.floats(0, 100), st.floats(-1e300, 1e300))
def test_what_is_printed_is_what_is_read(right: float, error: float) -> None:
    text = json.dumps({"right": right, "error": error}).encode()
    assert read_values(text, COLUMNS) == {"right": right, "error": error}
