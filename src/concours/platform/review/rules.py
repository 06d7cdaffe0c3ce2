"""Who may see and do what in peer review."""

from __future__ import annotations

from typing import Any

import rules
from django.db.models import Q, QuerySet

from concours.platform.accounts.domain.permissions import (
    is_organiser,
    organised_season_ids,
    signed_in,
)
from concours.platform.review.enums import AssignmentState
from concours.platform.review.models import Assignment, ReviewRound, StandingSnapshot


@rules.predicate
def organises_any(user: Any, subject: Any) -> bool:
    seasons = organised_season_ids(user)
    return seasons is None or bool(seasons)


@rules.predicate
def organises(user: Any, subject: Any) -> bool:
    """`subject` is a track, or anything that has or is of a round."""
    return is_organiser(user, _season_id(subject))


@rules.predicate
def is_the_reviewer(user: Any, assignment: Assignment) -> bool:
    return bool(user.pk is not None and assignment.reviewer_id == user.pk)


@rules.predicate
def standings_are_public(user: Any, snapshot: StandingSnapshot) -> bool:
    phase = snapshot.round.track.phase
    return snapshot.published and phase is not None and phase.scores_visible


def _season_id(subject: Any) -> int | None:
    if isinstance(subject, ReviewRound):
        return subject.track.season_id
    if isinstance(subject, (Assignment, StandingSnapshot)):
        return subject.round.track.season_id
    season_id: int | None = subject.season_id
    return season_id


rules.add_perm("review.create_rubric", organises_any)
rules.add_perm("review.run_round", organises)
rules.add_perm("review.submit_review", signed_in & is_the_reviewer)
rules.add_perm("review.declare_conflict", signed_in & is_the_reviewer)
rules.add_perm("review.reveal_identity", organises)
rules.add_perm("review.amend_standings", organises)
rules.add_perm("review.view_standings", standings_are_public | organises)


def visible_assignments(user: Any) -> QuerySet[Assignment]:
    """A reviewer's own duties; whoever runs the round sees counts and aliases, not reviews."""
    if user.pk is None or not user.is_active:
        return Assignment.objects.none()
    return Assignment.objects.filter(reviewer_id=user.pk)


def runnable_rounds(user: Any) -> QuerySet[ReviewRound]:
    """Rounds whose desk the user may open."""
    seasons = organised_season_ids(user)
    rounds = ReviewRound.objects.select_related("track__season", "track__phase", "rubric")
    return rounds if seasons is None else rounds.filter(track__season_id__in=seasons)


def visible_snapshots(user: Any) -> QuerySet[StandingSnapshot]:
    """Published standings of tracks that show scores now, and all of one's own seasons."""
    public = Q(published=True, round__track__phase__scores_visible=True)
    seasons = organised_season_ids(user)
    rows = StandingSnapshot.objects.select_related("round__track__season", "round__track__phase")
    if seasons is None:
        return rows
    return rows.filter(public | Q(round__track__season_id__in=seasons))


def written_assignments(user: Any) -> QuerySet[Assignment]:
    """The duties that the user has done: what they wrote is theirs to give away."""
    return visible_assignments(user).filter(state=AssignmentState.SUBMITTED)
