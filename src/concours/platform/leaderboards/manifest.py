"""The rules of a board, read from its evaluator's manifest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from concours.platform.leaderboards.ranking import Column, Rules


def rules_in(manifest: Mapping[str, Any], *, rule: str = "") -> Rules:
    """The board's columns, sort and ties as the manifest declares them; `rule` (best, last or
    selected) overrides the manifest's.

    Raises ValueError where the manifest has no column or names one that is not there.
    """
    columns = tuple(_column(item) for item in manifest.get("columns", ()))
    names = manifest.get("sort") or [column.name for column in columns[:1]]
    return Rules(
        columns=columns,
        sort=tuple(names),
        ties=manifest.get("ties", "shared"),
        rule=rule or manifest.get("rule", "best"),
    )


def _column(item: Mapping[str, Any]) -> Column:
    return Column(
        name=item["name"],
        title=item.get("title", ""),
        title_zh=item.get("title_zh", ""),
        unit=item.get("unit", ""),
        better=item.get("better", "higher"),
        public=bool(item.get("public", True)),
        decimals=int(item.get("decimals", 3)),
    )
