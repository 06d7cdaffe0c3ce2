"""What has come of a track's result and money, as rows of text files. No person is in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from concours.platform.awards.enums import ResultState
from concours.platform.awards.models import Award, Movement, Result

RESULT_COLUMNS = ("entry", "position", "place", "tied", "total_numerator", "total_denominator")
AWARD_COLUMNS = ("pool", "entry", "place", "title", "currency", "amount_minor")
MONEY_COLUMNS = ("pool", "currency", "award", "kind", "from", "to", "amount_minor")

Row = list[str | int]


def published_result(*, track: Any) -> Result | None:
    """The track's published result, without its inputs."""
    return Result.objects.filter(track=track, state=ResultState.PUBLISHED).defer("inputs").first()


def result_rows(*, result: Result) -> Iterator[Row]:
    """A row a line of the result, in order; see RESULT_COLUMNS."""
    for line in result.lines.select_related("entry").order_by("position"):
        yield [
            line.entry.code,
            line.position,
            line.place,
            str(line.tied),
            line.total_numerator,
            line.total_denominator,
        ]


def award_rows(*, result: Result) -> list[Row]:
    """A row an award, by pool, place and entry; see AWARD_COLUMNS."""
    awards = Award.objects.filter(result=result).select_related("pool", "entry")
    rows: list[Row] = [
        [
            award.pool.code,
            award.entry.code,
            award.place,
            award.title,
            award.pool.currency,
            award.amount_minor,
        ]
        for award in awards
    ]
    return sorted(rows, key=lambda row: (row[0], row[2], row[1]))


def money_rows(*, track: Any) -> Iterator[Row]:
    """A row a movement, in the order of the record; see MONEY_COLUMNS."""
    rows = Movement.objects.filter(pool__track=track).select_related("pool", "payout")
    for row in rows.order_by("pk"):
        yield [
            row.pool.code,
            row.pool.currency,
            row.payout.code if row.payout else "",
            row.kind,
            row.source,
            row.target,
            row.amount_minor,
        ]
