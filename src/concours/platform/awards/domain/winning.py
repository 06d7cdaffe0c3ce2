"""Who won what by a track's published result."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from concours.platform.awards.enums import ResultState
from concours.platform.awards.models import Award, Result, ResultLine


@dataclass(frozen=True, kw_only=True)
class Win:
    """An entry's line in the published result, with its awards by pool and place.

    `wins` says that it won: it has an award, or the first place where the track gives none.
    """

    result: Result
    line: ResultLine
    awards: tuple[Award, ...]
    wins: bool

    @property
    def entry(self) -> Any:
        return self.line.entry


def winners_in(*, track: Any) -> list[Win]:
    """The winners of the track's published result, best first; [] without one. Three queries."""
    return [one for one in _lines(track) if one.wins]


def win_of(*, entry: Any) -> Win | None:
    """The entry's line in the published result of its track; None where it has none."""
    return next((one for one in _lines(entry.track, entry) if one.entry.pk == entry.pk), None)


def _lines(track: Any, entry: Any = None) -> list[Win]:
    result = Result.objects.filter(track=track, state=ResultState.PUBLISHED).first()
    if result is None:
        return []
    result.track = track
    awards: defaultdict[int, list[Award]] = defaultdict(list)
    rows = Award.objects.filter(result=result).select_related("pool")
    for award in rows.order_by("pool__code", "place", "pk"):
        awards[award.entry_id].append(award)
    lines = result.lines.select_related(
        "entry__team", "entry__track__season", "entry__track__phase"
    )
    # Who has neither a place in front nor an award is no winner: not all lines of a large track.
    wanted = lines.filter(entry=entry) if entry is not None else _in_front(lines, awards)
    return [
        Win(
            result=result,
            line=line,
            awards=tuple(awards[line.entry_id]),
            wins=bool(awards[line.entry_id]) if awards else line.place == 1,
        )
        for line in wanted.order_by("position")
    ]


def _in_front(lines: Any, awards: dict[int, list[Award]]) -> Any:
    return lines.filter(entry_id__in=list(awards)) if awards else lines.filter(place=1)
