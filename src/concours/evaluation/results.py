"""The numbers that an organiser's program prints, read with distrust."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from concours.evaluation.errors import BadResult
from concours.evaluation.manifest import Column

MOST_BYTES = 65_536


def read_values(text: bytes, columns: Sequence[Column]) -> dict[str, float]:
    """A number for each column, from one JSON object {column: number}.

    Raises BadResult for whatever else stands there: nothing, more than 64 KiB, another shape, a
    column too few, too many or twice, NaN, infinities, values out of the column's bounds.
    """
    if not text.strip():
        raise BadResult("the scoring program printed no result")
    if len(text) > MOST_BYTES:
        raise BadResult(f"the scoring program printed more than {MOST_BYTES} bytes")
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise BadResult(f"the scoring program's result is no JSON object: {error}") from None
    if not isinstance(found, dict):
        raise BadResult("the scoring program's result is no JSON object")
    return checked(found, columns)


def checked(found: Mapping[str, Any], columns: Sequence[Column]) -> dict[str, float]:
    """The values in the columns' order, once all are there and are numbers. Raises BadResult."""
    names = [column.name for column in columns]
    if missing := [name for name in names if name not in found]:
        raise BadResult(f"the result lacks {', '.join(missing)}")
    if surplus := sorted(set(found) - set(names)):
        raise BadResult(f"the result has columns that are not declared: {shown(surplus)}")
    return {column.name: _number(found[column.name], column) for column in columns}


def shown(names: Sequence[str]) -> str:
    """Some names that strangers chose, short and printable."""
    return ", ".join(ascii(name[:40]) for name in names[:5])


def _number(value: Any, column: Column) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadResult(f"{column.name} is {ascii(value)[:40]}, which is no number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise BadResult(f"{column.name} is {number}: a finite number is needed")
    if not column.least <= number <= column.most:
        bounds = f"{column.least:g} to {column.most:g}"
        raise BadResult(f"{column.name} is {number:g}, where {bounds} is declared")
    return number + 0.0  # one zero only


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is there twice")
    return found


def _refuse(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")
