"""From the text of an attribute to a value of its type."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import TypeVar

from concours.driving.scenarios.enums import ParameterType
from concours.driving.scenarios.expressions import Value

E = TypeVar("E", bound=StrEnum)

_DATE = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})T(\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d+)?(Z|[+-]\d{2}:?\d{2})?"
)
INTEGERS = {
    ParameterType.INT,
    ParameterType.INTEGER,
    ParameterType.UNSIGNED_INT,
    ParameterType.UNSIGNED_SHORT,
}


class BadValue(ValueError):
    """The text does not say a value of the type."""


def number(text: str) -> float:
    """A double; "INF" and "-INF" are numbers, "NaN" is refused."""
    try:
        value = float(text.strip().replace("_", "?"))
    except ValueError as error:
        raise BadValue(f"{text[:40]!r} is no number") from error
    if math.isnan(value):
        raise BadValue("NaN is no number")
    return value


def whole(text: str) -> int:
    """An integer; "3.0" is one as well."""
    value = number(text)
    if not math.isfinite(value) or value != int(value):
        raise BadValue(f"{text[:40]!r} is no whole number")
    return int(value)


def truth(text: str) -> bool:
    """A boolean: true, false, 1 or 0, in any case of letters."""
    known = {"true": True, "1": True, "false": False, "0": False}
    try:
        return known[text.strip().lower()]
    except KeyError as error:
        raise BadValue(f"{text[:40]!r} is neither true nor false") from error


def moment(text: str) -> datetime:
    """A date and time; without a zone it is taken as UTC."""
    match = _DATE.fullmatch(text.strip())
    if match is None:
        raise BadValue(f"{text[:40]!r} is no date and time")
    *fields, fraction, zone = match.groups()
    try:
        value = datetime(*(int(part) for part in fields), tzinfo=_zone(zone))  # type: ignore[arg-type, misc]
    except ValueError as error:
        raise BadValue(f"{text[:40]!r}: {error}") from error
    return value + timedelta(seconds=float(fraction or 0))


def _zone(text: str | None) -> timezone:
    if text is None or text == "Z":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def member(text: str, enumeration: type[E]) -> E:
    """A member of an enumeration, whatever the case of its letters."""
    wanted = text.strip()
    for candidate in enumeration:
        if candidate.value == wanted:
            return candidate
    for candidate in enumeration:
        if candidate.value.lower() == wanted.lower():
            return candidate
    raise BadValue(f"{text[:40]!r} is none of {', '.join(enumeration)}")


def typed(text: str, kind: ParameterType) -> Value:
    """The value of a parameter or variable of a declared type, as expressions see it.

    Integers come as doubles; a date as its text. Unsigned types refuse what is below zero.
    """
    if kind is ParameterType.DOUBLE:
        return number(text)
    if kind is ParameterType.BOOLEAN:
        return truth(text)
    if kind in INTEGERS:
        value = whole(text)
        if value < 0 and kind in {ParameterType.UNSIGNED_INT, ParameterType.UNSIGNED_SHORT}:
            raise BadValue(f"{text[:40]!r} is below zero")
        return float(value)
    if kind is ParameterType.DATE_TIME:
        moment(text)
    return text


def guessed(text: str) -> Value:
    """What a text of unknown type is to an expression: a number, a boolean, or itself."""
    for read in (number, truth):
        try:
            value = read(text)
        except BadValue:
            continue
        if not isinstance(value, bool) or text.strip().lower() in {"true", "false"}:
            return value
    return text
