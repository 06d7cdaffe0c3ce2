"""How a column becomes points, as an evaluator's manifest says."""

from __future__ import annotations

from concours.evaluation.manifest import Points
from concours.tables import Table

FAR = 1e12


def points_of(table: Table, names: set[str]) -> Points | None:
    """The table `points`, which may be absent; it names one of the columns."""
    found = table.table("points")
    if found is None or not names:  # without columns there is a fault already
        return None
    points = Points(
        column=found.choice("column", sorted(names)),
        zero=found.number("zero", low=-FAR, high=FAR),
        hundred=found.number("hundred", low=-FAR, high=FAR),
    )
    if points.zero == points.hundred:
        found.fault("hundred", "is the same as zero", "write two different values")
    found.done()
    return points
