"""Writing the TOML that a season's folder uses: keys with plain values, tables, lists of tables."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any


def table(values: Mapping[str, Any], *, under: str = "") -> str:
    """`values` as TOML text. Empty strings and None are left out: readers take them as defaults."""
    plain = {key: value for key, value in values.items() if not _is_nested(value)}
    lines = [f"{key} = {_value(value)}" for key, value in plain.items() if value not in ("", None)]
    blocks = ["\n".join(lines)] if lines else []
    for key, value in values.items():
        name = f"{under}.{key}" if under else key
        if isinstance(value, Mapping):
            blocks.append(f"[{name}]\n{table(value, under=name)}")
        elif _is_nested(value):
            blocks += [f"[[{name}]]\n{table(item, under=name)}" for item in value]
    return "\n\n".join(block.rstrip() for block in blocks) + "\n"


def _is_nested(value: Any) -> bool:
    if isinstance(value, Mapping):
        return True
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and any(isinstance(item, Mapping) for item in value)
    )


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str):
        # A JSON string is a TOML string, but for the one control character that JSON lets stand.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return "[" + ", ".join(_value(item) for item in value) + "]"
