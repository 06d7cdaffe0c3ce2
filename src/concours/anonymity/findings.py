"""What was done to a file, told without the value that was found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Action(StrEnum):
    """What became of what a rule found."""

    REMOVED = "removed"
    """The whole file is left out."""
    REPLACED = "replaced"
    OVERWRITTEN = "overwritten"
    """Bytes of a file that is no text, replaced by as many x."""
    LEFT = "left"
    """Still there: too short or too common a word to replace, for people to look at."""
    UNREAD = "unread"
    """Not looked into: packed or in a format that cannot be searched."""


@dataclass(frozen=True, order=True)
class Finding:
    """`count` places in `path` (as submitted) that met `rule`."""

    path: str
    rule: str
    action: Action
    count: int


@dataclass
class Report:
    """The findings of one archive, added up by path, rule and action."""

    _counts: Counter[tuple[str, str, Action]] = field(default_factory=Counter)

    def add(self, path: str, rule: str, action: Action, count: int = 1) -> None:
        if count:
            self._counts[path, rule, action] += count

    def findings(self) -> list[Finding]:
        """Sorted by path, rule and action."""
        return sorted(
            Finding(path, rule, action, count)
            for (path, rule, action), count in self._counts.items()
        )

    def totals(self) -> dict[str, int]:
        """{action: places}, for those that occurred."""
        found: Counter[str] = Counter()
        for (_path, _rule, action), count in self._counts.items():
            found[str(action)] += count
        return dict(sorted(found.items()))

    def as_json(self) -> list[list[Any]]:
        return [[one.path, one.rule, str(one.action), one.count] for one in self.findings()]
