"""JSON that everybody reads alike: read strictly, and written in one way (RFC 8785)."""

from __future__ import annotations

import json
from typing import Any, NoReturn

import rfc8785

from concours.credentials.why import BadDocument, Why

MOST_BYTES = 1 << 20
MOST_DEPTH = 40
LARGEST = 2**53 - 1
"""Beyond it, readers that keep numbers as doubles see another number than was signed."""


def read_json(given: bytes | str) -> Any:
    """The value of a JSON text in UTF-8.

    Raises BadDocument beyond MOST_BYTES and MOST_DEPTH, for a name twice in one object, NaN and
    infinities, numbers beyond LARGEST, and halves of characters.
    """
    raw = given.encode("utf-8", "surrogatepass") if isinstance(given, str) else given
    if len(raw) > MOST_BYTES:
        raise BadDocument(Why.TOO_LARGE)
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_once,
            parse_constant=_no_number,
            parse_int=_integer,
        )
    except BadDocument:
        raise
    except RecursionError:
        raise BadDocument(Why.TOO_DEEP) from None
    except ValueError as error:
        raise BadDocument(Why.NOT_JSON) from error
    require_sound(value)
    return value


def require_sound(value: Any, *, depth: int = 0) -> None:
    """Raise BadDocument for a value that `canonical` could not write, or readers not agree on."""
    if depth > MOST_DEPTH:
        raise BadDocument(Why.TOO_DEEP)
    if isinstance(value, dict):
        for name, inner in value.items():
            _require_text(name)
            require_sound(inner, depth=depth + 1)
    elif isinstance(value, list):
        for inner in value:
            require_sound(inner, depth=depth + 1)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        # Also refuses NaN, which is not smaller than anything.
        if not abs(value) <= LARGEST:
            raise BadDocument(Why.BAD_NUMBER)
    elif value is not None and not isinstance(value, bool):
        _require_text(value)


def canonical(value: Any) -> bytes:
    """The one text of `value`, RFC 8785. Raises BadDocument as `require_sound`."""
    require_sound(value)
    return rfc8785.dumps(value)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadDocument(Why.DUPLICATE_KEY)
    return found


def _no_number(_name: str) -> NoReturn:
    raise BadDocument(Why.BAD_NUMBER)


def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > LARGEST:
        raise BadDocument(Why.BAD_NUMBER)
    return int(digits)


def _require_text(text: Any) -> None:
    if not isinstance(text, str):
        raise BadDocument(Why.NOT_JSON, type(text).__name__)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadDocument(Why.BAD_TEXT) from None
