"""Issues and pull requests as a forge's API gives them: when each was asked and first answered."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from concours.criteria.errors import BadForge
from concours.tables import Fault

MAX_BYTES = 256 * 2**20
MAX_ROWS = 1_000_000
ISSUE, PULL = "issue", "pull"
_PLACE = re.compile(r"/(issues|pulls?|merge_requests)/([A-Za-z0-9_-]+)")
_BOT = re.compile(r".*(?:\[bot\]|[-_]bot)", re.IGNORECASE)
Key = tuple[str, str]
_BROKEN = (KeyError, TypeError, ValueError, AttributeError, OverflowError)


@dataclass(frozen=True, slots=True)
class Asked:
    """An issue or a pull request. `answers` are the seconds since 1970 at which others answered."""

    kind: str
    number: str
    at: int
    answers: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Forge:
    """What could be read, and the rows that could not; `digest` is the SHA-256 of the file."""

    asked: tuple[Asked, ...]
    unread: tuple[Fault, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class _Item:
    key: Key
    author: str
    at: int
    ended: tuple[tuple[str, int], ...]


def read_forge(path: Path) -> Forge:
    """The file `path`: an object of the lists `issues`, `pulls` and `comments`, or issues alone.

    Rows are those of the APIs of GitHub, Gitee and AtomGit; lists of pages are taken as one list.
    An answer is a comment, a merge or a closing by somebody else than the author, robots aside.
    O(bytes). Raises BadForge for what is no such file; rows that cannot be read are told.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise BadForge(f"{path}: {error.strerror}.") from None
    if len(raw) > MAX_BYTES:
        raise BadForge(f"{path}: at most {MAX_BYTES} bytes are read; export a shorter time.")
    lists = _lists(path, raw)
    faults: list[Fault] = []
    items: dict[Key, _Item] = {}
    answers: dict[Key, list[tuple[str, int]]] = defaultdict(list)
    for name, kind in (("issues", ISSUE), ("pulls", PULL)):
        for place, row in _rows(lists, name, faults, path.name):
            try:
                item = _item(row, kind)
                items.setdefault(item.key, item)
                within = row.get("comments")
                for one in within if isinstance(within, list) else []:
                    answers[item.key].append(_who_and_when(one, "created_at"))
            except _BROKEN as error:
                faults.append(Fault(path.name, place, _told(error)))
    for place, row in _rows(lists, "comments", faults, path.name):
        try:
            answers[_about(row, items)].append(_who_and_when(row, "created_at"))
        except _BROKEN as error:
            faults.append(Fault(path.name, place, _told(error)))
    return Forge(
        asked=tuple(_asked(item, answers[item.key]) for item in items.values()),
        unread=tuple(faults),
        digest=hashlib.sha256(raw).hexdigest(),
    )


def _lists(path: Path, raw: bytes) -> dict[str, Any]:
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        raise BadForge(f"{path}: this is no JSON.") from None
    if isinstance(content, list):
        content = {"issues": content}
    if not isinstance(content, dict) or not content.keys() & {"issues", "pulls"}:
        raise BadForge(f"{path}: give an object with the lists issues, pulls and comments.")
    return content


def _rows(
    lists: dict[str, Any], name: str, faults: list[Fault], file: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """(place, row) of a list, pages within it taken as one; what is no row is a fault."""
    given = lists.get(name, [])
    if not isinstance(given, list):
        raise BadForge(f"{file}: {name} is no list.")
    pages = [one if isinstance(one, list) else [one] for one in given]
    for number, row in enumerate(row for page in pages for row in page):
        if number >= MAX_ROWS:
            raise BadForge(f"{file}: at most {MAX_ROWS} {name} are read; export a shorter time.")
        place = f"{name}[{number}]"
        if isinstance(row, dict):
            yield place, row
        else:
            faults.append(Fault(file, place, "is no object"))


def _item(row: dict[str, Any], kind: str) -> _Item:
    if row.get("pull_request"):
        kind = PULL
    author, at = _who_and_when(row, "created_at")
    ended = []
    for who, when in (("closed_by", "closed_at"), ("merged_by", "merged_at")):
        if row.get(who) and row.get(when):
            ended.append((_login(row[who]), _moment(row[when])))
    return _Item((kind, _number(row["number"])), author, at, tuple(ended))


def _about(row: dict[str, Any], items: dict[Key, _Item]) -> Key:
    """What a comment is of. A forge that numbers both alike says issues of pull requests too."""
    found = _named(row)
    other = (PULL if found[0] == ISSUE else ISSUE, found[1])
    return other if found not in items and other in items else found


def _named(row: dict[str, Any]) -> Key:
    target = row.get("target")
    if isinstance(target, dict):
        for kind, name in ((ISSUE, "issue"), (PULL, "pull_request")):
            if isinstance(target.get(name), dict):
                return kind, _number(target[name]["number"])
    for name in ("issue_url", "pull_request_url", "html_url"):
        place = _PLACE.search(row[name]) if isinstance(row.get(name), str) else None
        if place is not None:
            return ISSUE if place[1] == "issues" else PULL, place[2]
    raise ValueError("names no issue or pull request")


def _asked(item: _Item, answers: list[tuple[str, int]]) -> Asked:
    others = sorted(
        at
        for who, at in (*answers, *item.ended)
        if who and who != item.author and not _BOT.fullmatch(who) and at >= item.at
    )
    return Asked(item.key[0], item.key[1], item.at, tuple(others))


def _who_and_when(row: dict[str, Any], key: str) -> tuple[str, int]:
    return _login(row.get("user") or row.get("author")), _moment(row[key])


def _login(person: Any) -> str:
    """A person's name at the forge; empty for a robot and a deleted account."""
    if person is None:
        return ""
    if person.get("type") == "Bot":
        return ""
    name = person.get("login") or person.get("username")
    if not isinstance(name, str) or not name:
        raise ValueError("names a person without a login")
    return name


def _moment(text: Any) -> int:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return int(moment.astimezone(UTC).timestamp())


def _number(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | str) or not str(value):
        raise ValueError("has no number")
    return str(value)[:40]


def _told(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"lacks {error.args[0]}"
    if isinstance(error, TypeError | AttributeError):
        return "is not as the API gives it"
    return str(error)[:200]
