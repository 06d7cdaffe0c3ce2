"""From a board's values to the 0..100 points that a result is computed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from concours.platform.leaderboards.ranking import Column, Rules

FULL = 100_000
"""A hundred points in thousandths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Points are linear in `column`: 0 at `zero`, 100 at `hundred`, cut off beyond both."""

    column: str
    zero: float
    hundred: float

    def points_milli(self, values: Mapping[str, float]) -> int:
        """Thousandths of a point, 0..100,000, halves up; exact, in fractions.

        Raises KeyError where the column has no value.
        """
        value = Fraction(values[self.column])
        zero = Fraction(self.zero)
        share = (value - zero) / (Fraction(self.hundred) - zero)
        milli = int(FULL * share + Fraction(1, 2)) if share > 0 else 0
        return min(FULL, milli)


def scale_of(manifest: Mapping[str, Any], rules: Rules) -> Scale | None:
    """The scale that the evaluator's manifest declares under `points`, with the keys `column`,
    `zero` and `hundred`.

    Without one, the main column as it is if more of it is better; else None: nobody can guess what
    is worth a hundred points. Raises ValueError for a declaration that is none.
    """
    declared = manifest.get("points")
    if declared is None:
        return _plain(rules.main)
    try:
        scale = Scale(
            column=str(declared["column"]),
            zero=float(declared["zero"]),
            hundred=float(declared["hundred"]),
        )
    except (KeyError, TypeError, ValueError):
        raise ValueError("points: say column, zero and hundred") from None
    if scale.column not in rules.by_name or scale.zero == scale.hundred:
        raise ValueError("points: a column of the board, and two different values")
    return scale


def _plain(main: Column) -> Scale | None:
    if main.better != "higher":
        return None
    return Scale(column=main.name, zero=0.0, hundred=100.0)
