"""Results as pages and the API show them: names where they may be seen, prizes beside places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from concours.platform.awards.domain.queries import outcome_in
from concours.platform.awards.enums import Reason
from concours.platform.awards.formula import Weights
from concours.platform.awards.models import Award, PrizePool, Result, ResultLine
from concours.platform.core.access import permitted
from concours.platform.core.text import localised


@dataclass(frozen=True, kw_only=True)
class Won:
    """A prize as shown."""

    title: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line with the team's name, where the reader may know it, and what the entry wins."""

    line: ResultLine
    team: str
    own: bool
    prizes: tuple[Won, ...]


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of the formula: its weight, and its share of the whole in percent."""

    key: str
    label: str
    weight: int
    percent: float


def rows_for(*, user: Any, result: Result, lines: Iterable[ResultLine]) -> list[Row]:
    """The lines as `user` may read them; `lines` come with entry, team, track, season and phase."""
    lines = list(lines)
    won = _won(result, [line.entry for line in lines])
    return [
        Row(
            line=line,
            team=line.entry.team.name
            if permitted(user, "competitions.view_entry_name", line.entry)
            else "",
            own=permitted(user, "competitions.edit_entry", line.entry),
            prizes=tuple(won[line.entry_id]),
        )
        for line in lines
    ]


def with_entries(lines: Any) -> Any:
    """The lines with all that `rows_for` reads, in one query."""
    return lines.select_related("entry__team", "entry__track__season", "entry__track__phase")


def parts_of(weights: Weights) -> list[Part]:
    """The parts that count, as a small table."""
    labels = {"machine": _("machine score"), "peer": _("peer score"), "jury": _("jury score")}
    return [
        Part(
            key=key,
            label=labels[key],
            weight=getattr(weights, key),
            percent=round(100 * getattr(weights, key) / weights.total, 1),
        )
        for key in weights.needed
    ]


def sentence_of(weights: Weights) -> str:
    """The formula in words: "(50 × peer score + 50 × jury score) ÷ 100"."""
    parts = parts_of(weights)
    if len(parts) == 1:
        return _("Total = %(part)s") % {"part": parts[0].label}
    terms = " + ".join(f"{part.weight} × {part.label}" for part in parts)
    return _("Total = (%(terms)s) ÷ %(sum)d") % {"terms": terms, "sum": weights.total}


def weights_in(result: Result) -> Weights:
    return Weights(**result.formula["weights"])


def reason_of(line: ResultLine) -> str:
    return str(Reason(line.reason).label)


def _won(result: Result, entries: list[Any]) -> defaultdict[int, list[Won]]:
    """What each of those entries wins: awarded once published, else what the draft leads to."""
    found: defaultdict[int, list[Won]] = defaultdict(list)
    if result.published:
        awards = Award.objects.filter(result=result, entry__in=entries).select_related("pool")
        for award in awards.order_by("pool", "place"):
            found[award.entry_id].append(
                Won(
                    title=localised(award, "title"),
                    amount_minor=award.amount_minor,
                    currency=award.pool.currency,
                )
            )
        return found
    ids = {entry.code: entry.pk for entry in entries}
    pools = {pool.code: pool for pool in PrizePool.objects.filter(track_id=result.track_id)}
    for code, settlement in outcome_in(result=result).settlements.items():
        for share in settlement.shares:
            if share.code in ids and code in pools:
                found[ids[share.code]].append(
                    Won(
                        title=localised(share, "title"),
                        amount_minor=share.amount_minor,
                        currency=pools[code].currency,
                    )
                )
    return found
