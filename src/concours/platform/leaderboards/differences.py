"""What a new ranking changes against an old one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from concours.platform.leaderboards.ranking import Line, Placed, Rules, places


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """An entry before and after; None where it has no line."""

    entry: str
    before: Placed | None
    after: Placed | None

    @property
    def moved(self) -> int:
        """Places won (positive) or lost; 0 where the entry is new or gone."""
        if self.before is None or self.after is None:
            return 0
        return self.before.place - self.after.place

    def value_change(self, column: str) -> float | None:
        """After minus before; None where a side is missing."""
        if self.before is None or self.after is None:
            return None
        old = self.before.line.run.values.get(column)
        new = self.after.line.run.values.get(column)
        return None if old is None or new is None else new - old


def differences(
    before: Sequence[Line], after: Sequence[Line], rules: Rules, *, apart: Collection[str] = ()
) -> list[Difference]:
    """Every entry whose place or run is another one, the largest change first.

    New and vanished entries come first, then by places moved, then by change of the main column,
    then by code. Entries `apart` are out of competition: see ranking.places.
    """
    old = {placed.line.run.entry: placed for placed in places(before, apart=apart)}
    new = {placed.line.run.entry: placed for placed in places(after, apart=apart)}
    found = [
        Difference(entry=entry, before=old.get(entry), after=new.get(entry))
        for entry in old.keys() | new.keys()
    ]
    return sorted(
        (one for one in found if _differs(one)), key=lambda one: _size(one, rules.main.name)
    )


def _differs(one: Difference) -> bool:
    if one.before is None or one.after is None:
        return True
    return one.moved != 0 or one.before.line.run != one.after.line.run


def _size(one: Difference, column: str) -> tuple[bool, int, float, str]:
    both = one.before is not None and one.after is not None
    return both, -abs(one.moved), -abs(one.value_change(column) or 0.0), one.entry
