"""Tracks with appeal phases, appeals and change sets, made through the domain functions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from concours.platform.accounts.models import User
from concours.platform.appeals import domain
from concours.platform.appeals.enums import AppealKind, ChangeKind
from concours.platform.appeals.models import Appeal, AppealJudge, ChangeSet
from concours.platform.awards.domain import compute_result, publish_result
from concours.platform.competitions import domain as competing
from concours.platform.competitions.domain.phases import PhasePlan
from concours.platform.competitions.enums import PhaseKind
from concours.platform.competitions.models import Entry, Track
from concours.platform.core import clock
from concours.platform.review.domain import counting_reviews, round_of
from tests.factories import awards, competitions, review
from tests.factories.competitions import ACTOR, captain_of, day
from tests.factories.people import person

OPENS, CLOSES = day(2023, 5, 1), day(2023, 5, 15)
DURING = day(2023, 5, 10)
LATER = day(2023, 7, 5)
"""In the second appeal phase, which follows the final."""

PHASES = [
    *competitions.PHASES[:2],
    PhasePlan(kind=PhaseKind.APPEAL, starts_at=OPENS, ends_at=CLOSES, scores_visible=True),
    PhasePlan(kind=PhaseKind.FINAL, starts_at=CLOSES, ends_at=day(2023, 7, 1)),
    PhasePlan(
        kind=PhaseKind.APPEAL,
        starts_at=day(2023, 7, 1),
        ends_at=day(2023, 7, 15),
        scores_visible=True,
    ),
    PhasePlan(
        kind=PhaseKind.RESULT,
        starts_at=day(2023, 7, 15),
        ends_at=day(2023, 12, 1),
        scores_visible=True,
        names_visible=True,
    ),
]


def track(**fields: Any) -> Track:
    """A running track with an appeal phase before its final and one after."""
    with clock.frozen_at(review.SPRING):
        made = competitions.draft_track(**fields)
        competing.plan_phases(actor=ACTOR, track=made, phases=PHASES)
        return competing.start_track(actor=ACTOR, track=made)


def judged(*, folder: Path, entries: int = 6, finalists: int = 3, **fields: Any) -> Track:
    """A track in its first appeal phase, its standings published."""
    made = track(reviews_per_entry=2, finalists=finalists, **fields)
    review.published(track=made, entries=entries, folder=folder)
    return competitions.advance(made, to=PhaseKind.APPEAL)


def ended(*, folder: Path, **fields: Any) -> Track:
    """A track in its second appeal phase: jury scored, prizes funded, result published."""
    made = competitions.advance(judged(folder=folder, **fields), to=PhaseKind.FINAL)
    for _ in range(2):
        awards.juror(of=made)
    awards.score_all(track=made)
    awards.pool(of=made)
    made = competitions.advance(made, to=PhaseKind.APPEAL)
    with clock.frozen_at(LATER):
        publish_result(actor=ACTOR, result=compute_result(actor=ACTOR, track=made))
    made.refresh_from_db()
    return made


def ranked(made: Track) -> list[Entry]:
    """The track's entries in the order of the published standings."""
    snapshot = round_of(track=made).snapshots.get(published=True)
    rows = snapshot.standings.order_by("position").select_related("entry__team")
    return [row.entry for row in rows]


def captain(entry: Entry) -> User:
    return captain_of(entry.team)


def alias_on(entry: Entry) -> str:
    """The first alias of those who reviewed the entry."""
    found = counting_reviews(round=round_of(track=entry.track), entry=entry)
    return found[0].alias


def appeal(*, by: Entry, **fields: Any) -> Appeal:
    """An appeal of the entry against its standing, in the first appeal phase."""
    with clock.frozen_at(fields.pop("at", DURING)):
        return domain.file_appeal(
            actor=captain(by),
            entry=by,
            kind=fields.pop("kind", AppealKind.STANDING),
            subject=fields.pop("subject", "Rank too low"),
            reason=fields.pop("reason", "A reviewer did not run the code."),
            **fields,
        )


def admitted(*, by: Entry, **fields: Any) -> Appeal:
    return domain.admit_appeal(actor=ACTOR, appeal=appeal(by=by, **fields))


def judge(*, of: Track, user: User | None = None) -> AppealJudge:
    return domain.appoint_judge(actor=ACTOR, track=of, user=user or person())


def change_set(*, of: Track, **fields: Any) -> ChangeSet:
    return domain.draft_changes(
        actor=ACTOR,
        track=of,
        title=fields.pop("title", "A review that breaks the rules"),
        reason=fields.pop("reason", "The appeal was upheld."),
        **fields,
    )


def strike(*, of: Track, entry: Entry, alias: str = "", **fields: Any) -> ChangeSet:
    """A draft that strikes a review of the entry."""
    made = change_set(of=of, **fields)
    domain.add_change(
        actor=ACTOR,
        change_set=made,
        kind=ChangeKind.STRIKE,
        entry=entry,
        alias=alias or alias_on(entry),
    )
    return made


def apply(made: ChangeSet) -> ChangeSet:
    """Preview and apply, by the system."""
    made = domain.preview_changes(actor=ACTOR, change_set=made)
    return domain.apply_changes(
        actor=ACTOR,
        change_set=made,
        expected=made.preview_digest,
        signature=domain.Signature(),
    )
