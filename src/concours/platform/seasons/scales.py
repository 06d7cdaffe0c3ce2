"""Scores of any scale as the whole points of a rubric's criteria."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

from concours.peerreview.errors import BadInput
from concours.peerreview.files import table

USUAL = (5, 10, 20, 50, 100)
MAX_COLUMNS = 20
NOT_CRITERIA = frozenset({"reviewer", "entry"})


@dataclass(frozen=True)
class Column:
    """A criterion: whole points 0 .. `most`, a score times `factor`; `rounds` if that is lossy."""

    key: str
    title: str
    most: int
    factor: float
    name: str = ""
    rounds: bool = False

    def points(self, cell: str, path: Path, line: int) -> int:
        """The points of a score. Raises BadInput for a cell that is no number in the scale."""
        value = number_in(cell, path, line, self.name)
        points = round(value * self.factor)
        if points > self.most:
            raise BadInput(f"{path}:{line}: {self.name} {cell} is beyond the scale")
        return points


def columns_of(path: Path, *, scale: float | None = None) -> list[Column]:
    """The criteria of a file of reviews: all columns but reviewer and entry, with their scales.

    Whole scores up to 100 are points as they are. Others become hundredths of the scale, which is
    `scale`, or the smallest usual number that no score exceeds.
    """
    best: dict[str, float] = {}
    whole: dict[str, bool] = {}
    for line, row in table(path, ["reviewer", "entry"]):
        names = [name for name in row if name not in NOT_CRITERIA]
        if not names or len(names) > MAX_COLUMNS:
            raise BadInput(f"{path}:1: 1 to {MAX_COLUMNS} columns of scores are wanted")
        if any(row[name] for name in names):
            for name in names:
                value = number_in(row[name], path, line, name)
                best[name] = max(best.get(name, 0.0), value)
                whole[name] = whole.get(name, True) and value.is_integer()
    if not best:
        raise BadInput(f"{path}: there is no score in it")
    keys: set[str] = set()
    columns = []
    for number, name in enumerate(best, start=1):
        column = _column(name, number, best=best[name], whole=whole[name], scale=scale)
        if column.key in keys:
            raise BadInput(f"{path}:1: the columns {name!r} and another are too alike")
        keys.add(column.key)
        columns.append(column)
    return columns


def number_in(cell: str, path: Path, line: int, name: str) -> float:
    """A score: a finite number of at least 0."""
    try:
        value = float(cell)
    except ValueError:
        raise BadInput(f"{path}:{line}: {name} {cell!r} is not a number") from None
    if not math.isfinite(value) or value < 0:
        raise BadInput(f"{path}:{line}: {name} {cell!r}: a finite number from 0 is wanted")
    return value


def _column(name: str, number: int, *, best: float, whole: bool, scale: float | None) -> Column:
    key = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-")
    key = key or f"criterion-{number}"
    title = name[:200]
    top = scale if scale is not None else _usual(best, whole=whole)
    if whole and top <= 100 and float(top).is_integer():
        return Column(key, title, int(top), 1.0, name)
    return Column(key, title, 100, 100 / top, name, rounds=True)


def _usual(best: float, *, whole: bool) -> float:
    """The least of 5, 10, 20, 50, 100 and the powers of ten beyond that is not below `best`;
    1 for fractions up to 1."""
    if best <= 1 and not whole:
        return 1.0
    for usual in USUAL:
        if best <= usual:
            return float(usual)
    return 10.0 ** math.ceil(math.log10(best))
