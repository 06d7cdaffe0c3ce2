"""Figures of health as JSON that names its own digest, and read back strictly."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from concours.contribution.health import (
    MOST_MONTHS,
    MOST_NAMED,
    MOST_YEARS,
    Health,
    Month,
    Organisation,
    Retention,
    Year,
)

FORMAT = "concours-health-report/1"
MAX_BYTES = 2**20
MAX_COUNT = 2**31 - 1
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_HEAD = re.compile(r"[0-9a-f]{40}")
_LISTS = {"named": MOST_NAMED, "months": MOST_MONTHS, "years": MOST_YEARS}
_AGES = frozenset({"days_since_commit", "days_since_release"})


class BadHealth(Exception):
    """A report of health that is damaged or not of this format."""


@dataclass(frozen=True, kw_only=True)
class StoredHealth:
    """A report as it was read; `digest` is that of its content, recomputed."""

    digest: str
    repository: str
    head: str
    health: Health


def to_json(health: Health, *, name: str, head: str) -> str:
    """The report as JSON: equal inputs give equal bytes. Its digest is over all other keys."""
    content: dict[str, Any] = {
        "format": FORMAT,
        "at": health.at.isoformat(),
        "repository": {"name": name, "head": head},
        "figures": figures_of(health),
    }
    content["digest"] = digest_of(content)
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def figures_of(health: Health) -> dict[str, Any]:
    """The figures as JSON takes them, without their moment."""
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in asdict(health).items()
        if key != "at"
    }


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON of all keys but `digest`, in hex."""
    kept = {key: value for key, value in content.items() if key != "digest"}
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read_health(raw: bytes) -> StoredHealth:
    """A report that `to_json` made. Raises BadHealth for any other, and for a changed one."""
    if len(raw) > MAX_BYTES:
        raise BadHealth(f"The report has more than {MAX_BYTES} bytes.")
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        raise BadHealth("This is no JSON; give the file that `--json` wrote.") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise BadHealth(f"This is no report of the format {FORMAT}.")
    if content.get("digest") != digest_of(content):
        raise BadHealth("The report was changed after it was made; make it again.")
    try:
        return _stored(content)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BadHealth("Parts of the report are missing; make it again.") from None


def _stored(content: dict[str, Any]) -> StoredHealth:
    at = datetime.fromisoformat(content["at"])
    if at.tzinfo is None or not 1970 <= at.year <= 9998:
        raise ValueError("no time zone, or no time of git's")
    head = content["repository"]["head"]
    if not isinstance(head, str) or not _HEAD.fullmatch(head):
        raise ValueError("no commit")
    return StoredHealth(
        digest=content["digest"],
        repository=_text(content["repository"]["name"]),
        head=head,
        health=health_from(content["figures"], at=at),
    )


def health_from(figures: dict[str, Any], *, at: datetime) -> Health:
    """The figures that `figures_of` wrote. Raises ValueError or TypeError for others."""
    if {one.name for one in fields(Health)} != {*figures, "at"}:
        raise ValueError("other figures")
    for key, most in _LISTS.items():
        if not isinstance(figures[key], list) or len(figures[key]) > most:
            raise ValueError(f"{key} is too long")
    numbers: dict[str, Any] = {
        key: _age(value) if key in _AGES else _count(value)
        for key, value in figures.items()
        if key not in {*_LISTS, "retention"}
    }
    return Health(
        at=at,
        retention=Retention(**{key: _count(one) for key, one in figures["retention"].items()}),
        named=tuple(Organisation(**_row(one, "domain", _text)) for one in figures["named"]),
        months=tuple(Month(**_row(one, "month", _month)) for one in figures["months"]),
        years=tuple(Year(**_row(one, "year", _count)) for one in figures["years"]),
        **numbers,
    )


def _row(row: dict[str, Any], key: str, check: Any) -> dict[str, Any]:
    """A row whose values are counts, and `key` what `check` takes."""
    return {name: check(one) if name == key else _count(one) for name, one in row.items()}


def _count(value: object) -> int:
    if type(value) is not int or not 0 <= value <= MAX_COUNT:
        raise ValueError("a count is expected")
    return value


def _age(value: object) -> int | None:
    return None if value is None else _count(value)


def _month(value: object) -> str:
    if not isinstance(value, str) or not _MONTH.fullmatch(value):
        raise ValueError("a month is expected")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > 300 or not value.isprintable():
        raise ValueError("a short text is expected")
    return value
