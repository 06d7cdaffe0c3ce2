"""What other apps keep of people, and what they answer when a person moves or goes.

Accounts stand below those apps and cannot ask them by name: each appends its own in
`AppConfig.ready()`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from concours.platform.accounts.models import User


@dataclass(frozen=True, kw_only=True)
class Exported:
    """What one app knows of a person: `data` as JSON takes it, `files` as {name: stored name}."""

    data: dict[str, Any]
    files: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Erasing:
    """Who goes: the row, and every word that names them, longest first."""

    user: User
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Holding:
    """One app's part. The first two answer with reasons against it, each a sentence to read.

    `moved` runs in the transaction of a merge, after foreign keys have moved from the first person
    to the second; `erased` in that of an erasure.
    """

    name: str
    against_merging: Callable[[User, User], Iterable[str]]
    against_erasing: Callable[[User], Iterable[str]]
    exported: Callable[[User], Exported]
    moved: Callable[[User, User], None]
    erased: Callable[[Erasing], None]


holdings: list[Holding] = []
