"""What the platform keeps of an evaluator's manifest."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from concours.evaluation import Column, Split
    from concours.evaluation import Evaluator as Declared

COLUMN = ("name", "title", "title_zh", "unit", "better", "public", "decimals", "aggregate")


def manifest_of(declared: Declared) -> dict[str, Any]:
    """JSON with columns, splits, sort, ties, rule, limits and points; of cases their number."""
    return {
        "columns": [_column(column) for column in declared.columns],
        "splits": {name: _split(split) for name, split in declared.splits.items()},
        "sort": list(declared.sort),
        "ties": str(declared.ties),
        "rule": str(declared.rule),
        "limits": asdict(declared.limits),
        "points": None if declared.points is None else asdict(declared.points),
    }


def _column(column: Column) -> dict[str, Any]:
    kept = {name: getattr(column, name) for name in COLUMN}
    return {**kept, "better": str(column.better), "aggregate": str(column.aggregate)}


def _split(split: Split) -> dict[str, Any]:
    return {
        "public": split.public,
        "sealed": split.sealed > 0,
        "cases": len(split.cases),
        "quota_day": split.quota_day or None,
        "quota_total": split.quota_total or None,
    }
