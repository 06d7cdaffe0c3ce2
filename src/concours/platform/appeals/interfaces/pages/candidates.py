"""What of one entry could be changed: its reviews, its jurors' scores, its place in the track."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from concours.platform.appeals.interfaces.forms import JuryPointsForm, PointsForm
from concours.platform.awards.domain import counting_scores, jurors_of
from concours.platform.competitions.enums import EntryState
from concours.platform.review.domain import Counting, counting_reviews, round_of


@dataclass(frozen=True, kw_only=True)
class Panel:
    """`reviews`: (what counts, [(criterion, points)], form); `jury`: (juror, points, form)."""

    entry: Any
    reviews: list[tuple[Counting, list[tuple[Any, int]], PointsForm]]
    jury: list[tuple[Any, int | None, JuryPointsForm]]
    entered: bool
    disqualified: bool


def panel_of(*, entry: Any) -> Panel:
    """The panel of an entry, for those who stage changes."""
    return Panel(
        entry=entry,
        reviews=_reviews(entry),
        jury=_jury(entry),
        entered=entry.state == EntryState.ENTERED,
        disqualified=entry.state == EntryState.DISQUALIFIED,
    )


def _reviews(entry: Any) -> list[tuple[Counting, list[tuple[Any, int]], PointsForm]]:
    round_ = round_of(track=entry.track)
    if round_ is None:
        return []
    criteria = list(round_.rubric.criteria.order_by("position"))
    rows = []
    for counting in counting_reviews(round=round_, entry=entry):
        points = [(one, counting.scores[one.key]) for one in criteria]
        initial = {f"score-{one.key}": value for one, value in points}
        form = PointsForm(criteria=criteria, initial=initial, auto_id=f"id_{counting.alias}_%s")
        rows.append((counting, points, form))
    return rows


def _jury(entry: Any) -> list[tuple[Any, int | None, JuryPointsForm]]:
    scores = counting_scores(track=entry.track)[entry.pk]
    return [
        (juror, scores.get(juror.pk), JuryPointsForm(auto_id=f"id_jury_{juror.pk}_%s"))
        for juror in jurors_of(track=entry.track)
    ]
