"""What pages, API and other apps read of a review round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count

from concours.platform.core import clock
from concours.platform.core.access import permitted, require
from concours.platform.core.cursor import page_after
from concours.platform.record import domain as record
from concours.platform.review.domain.identities import aliases_of
from concours.platform.review.domain.reasons import phrase_reason
from concours.platform.review.enums import AliasKind, AssignmentState, RoundState
from concours.platform.review.models import (
    Assignment,
    Pseudonym,
    ReviewRound,
    Standing,
    StandingSnapshot,
)
from concours.platform.review.rules import visible_assignments

WRITABLE = (AssignmentState.PENDING, AssignmentState.SUBMITTED)


@dataclass(frozen=True, kw_only=True)
class PeerResult:
    """An entry's published peer result. `points_milli` is 0 .. 100,000 thousandths."""

    points_milli: int
    rank: int
    rank_low: int
    rank_high: int
    finalist: bool


@dataclass(frozen=True, kw_only=True)
class StandingRow:
    """A line of the standings as its reader may see it. `team` is None where names are hidden."""

    position: int
    rank: int
    rank_low: int
    rank_high: int
    points_milli: int
    chance: float | None
    reviews: int
    finalist: bool
    duty_fulfilled: bool
    reason_code: str
    reason: str
    reason_facts: dict[str, Any]
    entry_code: str
    title: str
    team: str | None
    own: bool


@dataclass(frozen=True, kw_only=True)
class StandingsPage:
    """`next` and `previous` are positions to continue after, None where there is nothing."""

    snapshot: StandingSnapshot
    rows: list[StandingRow]
    next: int | None
    previous: int | None


@dataclass(frozen=True, kw_only=True)
class Duty:
    """A reviewer's duty, blind: it names the entry by alias and title alone.

    One that is `further` was given in place of somebody else's.
    """

    code: str
    alias: str
    title: str
    state: str
    track: Any
    opens_at: datetime
    closes_at: datetime
    open: bool
    further: bool
    points_milli: int | None


@dataclass(frozen=True, kw_only=True)
class ReviewerProgress:
    """How far one reviewer is, by alias."""

    alias: str
    pending: int
    submitted: int
    defaulted: int
    lifted: int
    replaced: int
    excused: int

    @property
    def total(self) -> int:
        return self.pending + self.submitted + self.defaulted + self.replaced


def round_of(*, track: Any) -> ReviewRound | None:
    """The review round of a track, with what its pages need."""
    rounds = ReviewRound.objects.select_related("track__season", "track__phase", "rubric")
    return rounds.filter(track=track).first()


def snapshot_for(*, user: Any, track: Any) -> StandingSnapshot | None:
    """The standings that `user` sees of a track: the published; for its staff, else the latest."""
    rows = StandingSnapshot.objects.select_related(
        "round__track__season", "round__track__phase", "round__rubric"
    )
    newest = rows.filter(round__track=track).order_by("-published", "-number").first()
    if newest is None or not permitted(user, "review.view_standings", newest):
        return None
    return newest


def standings_page(
    *, user: Any, track: Any, after: int = 0, size: int = 50
) -> StandingsPage | None:
    """The `size` (1 .. 200) standings after position `after`; None where there are none to see.

    At most six queries whatever the page and the number of entries.
    """
    snapshot = snapshot_for(user=user, track=track)
    if snapshot is None:
        return None
    rows = Standing.objects.filter(snapshot=snapshot).select_related("entry__team")
    page = page_after(rows, field="position", after=max(0, after), size=min(200, max(1, size)))
    for row in page.items:
        row.entry.track = snapshot.round.track
    return StandingsPage(
        snapshot=snapshot,
        rows=[_row(user, row) for row in page.items],
        next=page.next,
        previous=page.previous,
    )


@transaction.atomic
def drawn_duties(*, actor: Any, round: ReviewRound) -> list[Assignment]:  # noqa: A002
    """Who reviews what in a round, by people and entries: for the operator's own simulations.

    Recorded, since it tells identities. Raises NotPermitted for whoever does not run the round.
    """
    require(actor, "review.run_round", round)
    duties = list(Assignment.objects.filter(round=round).select_related("reviewer").order_by("pk"))
    record.append(
        actor=actor,
        verb="identities.read",
        subject=round,
        season=round.track.season.slug,
        data={"duties": len(duties), "reason": "simulation"},
    )
    return duties


def peer_results(*, track: Any) -> dict[int, PeerResult]:
    """{key of entry: its result} of the published standings; empty before publication."""
    rows = Standing.objects.filter(snapshot__round__track=track, snapshot__published=True)
    return {
        entry: PeerResult(
            points_milli=points, rank=rank, rank_low=low, rank_high=high, finalist=finalist
        )
        for entry, points, rank, low, high, finalist in rows.order_by().values_list(
            "entry_id", "points_milli", "rank", "rank_low", "rank_high", "finalist"
        )
    }


def duties_of(*, user: Any) -> list[Duty]:
    """What `user` has to review, the nearest deadline first, then the rest; 2 queries."""
    moment = clock.now()
    rows = list(
        visible_assignments(user)
        .select_related("round__track__season", "round__track__phase", "entry", "review")
        .order_by("round__closes_at", "pk")
    )
    aliases = {
        (round_id, subject): alias
        for round_id, subject, alias in Pseudonym.objects.filter(
            kind=AliasKind.ENTRY,
            round_id__in={row.round_id for row in rows},
            subject_id__in={row.entry_id for row in rows},
        ).values_list("round_id", "subject_id", "alias")
    }
    duties = [_duty(row, aliases[row.round_id, row.entry_id], moment) for row in rows]
    waiting = {True: 0, False: 1}
    return sorted(
        duties,
        key=lambda duty: (
            waiting[duty.open and duty.state == AssignmentState.PENDING],
            duty.closes_at,
            duty.alias,
        ),
    )


def duty_of(*, assignment: Assignment) -> Duty:
    """One duty, of an assignment that its reader may see."""
    aliases = aliases_of(
        round=assignment.round, kind=AliasKind.ENTRY, subject_ids=[assignment.entry_id]
    )
    return _duty(assignment, aliases[assignment.entry_id], clock.now())


def progress_of(*, round: ReviewRound) -> list[ReviewerProgress]:  # noqa: A002
    """How far each reviewer is, those with the most left to do first; 2 queries."""
    aliases = aliases_of(round=round, kind=AliasKind.REVIEWER)
    counts: dict[int, dict[str, int]] = {reviewer: {} for reviewer in aliases}
    rows = Assignment.objects.filter(round=round).order_by()
    for reviewer, state, count in rows.values_list("reviewer_id", "state").annotate(Count("pk")):
        counts[reviewer][state] = count
    progress = [
        ReviewerProgress(
            alias=aliases[reviewer],
            **{str(state): found.get(state, 0) for state in AssignmentState.values},
        )
        for reviewer, found in counts.items()
    ]
    return sorted(progress, key=lambda one: (-one.pending, one.alias))


def _duty(row: Assignment, alias: str, moment: datetime) -> Duty:
    round_ = row.round
    review = getattr(row, "review", None)
    phase = round_.track.phase
    return Duty(
        code=row.code,
        alias=alias,
        title=row.entry.title,
        state=row.state,
        track=round_.track,
        opens_at=round_.opens_at,
        closes_at=round_.closes_at,
        open=round_.state == RoundState.ASSIGNED
        and row.state in WRITABLE
        and round_.opens_at <= moment < round_.closes_at
        and phase is not None
        and phase.may_review,
        further=bool(row.given_in),
        points_milli=None if review is None else review.points_milli,
    )


def _row(user: Any, row: Standing) -> StandingRow:
    entry = row.entry
    return StandingRow(
        position=row.position,
        rank=row.rank,
        rank_low=row.rank_low,
        rank_high=row.rank_high,
        points_milli=row.points_milli,
        chance=row.chance,
        reviews=row.reviews,
        finalist=row.finalist,
        duty_fulfilled=row.duty_fulfilled,
        reason_code=str(row.reason.get("code", "")),
        reason=phrase_reason(row.reason),
        reason_facts=row.reason,
        entry_code=entry.code,
        title=entry.title,
        team=entry.team.name if permitted(user, "competitions.view_entry_name", entry) else None,
        own=permitted(user, "competitions.edit_entry", entry) and not _is_system(user),
    )


def _is_system(user: Any) -> bool:
    return user.pk is None
