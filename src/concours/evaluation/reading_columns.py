"""The columns of an evaluator's results."""

from __future__ import annotations

from concours.evaluation.manifest import Aggregate, Better, Column, Kind, Take
from concours.tables import Table

MOST = 60
LARGE = 1e300


def columns_of(table: Table, kind: Kind) -> tuple[Column, ...]:
    """All columns, names once each; faults are left in the table's folder."""
    found: list[Column] = []
    for item in table.tables("columns", most=MOST):
        column = _column(item, kind)
        if column.name in {one.name for one in found}:
            item.fault("name", f"{column.name!r} is there twice", "give each column its own name")
        found.append(column)
        item.done()
    if not found:
        table.fault("columns", "is missing", "write [[columns]] with name and title, once or more")
    return tuple(found)


def _column(item: Table, kind: Kind) -> Column:
    name = item.slug("name", most=40)
    least = item.number("least", low=-LARGE, high=LARGE, default=-LARGE)
    most = item.number("most", low=-LARGE, high=LARGE, default=LARGE)
    on_failure = item.number("on_failure", low=-LARGE, high=LARGE)
    if not least <= on_failure <= most:
        item.fault("on_failure", "is outside of least and most", "name a value that can occur")
    return Column(
        name=name,
        title=item.text("title"),
        title_zh=item.text("title_zh", default=""),
        unit=item.text("unit", most=20, default=""),
        better=Better(item.choice("better", list(Better))),
        public=item.boolean("public", default=True),
        decimals=item.integer("decimals", low=0, high=9, default=2),
        aggregate=Aggregate(item.choice("aggregate", list(Aggregate), default=Aggregate.MEAN)),
        on_failure=on_failure,
        least=least,
        most=most,
        source=_source(item) if kind is Kind.DRIVING else "",
        take=Take(item.choice("take", list(Take), default=Take.VALUE))
        if kind is Kind.DRIVING
        else Take.VALUE,
    )


def _source(item: Table) -> str:
    from concours.driving.scoring import PRESETS

    source = item.text("source", most=80)
    if source.partition("/")[0] not in PRESETS:
        item.fault("source", f"{source!r} is no score", f"begin with one of {', '.join(PRESETS)}")
    return source
