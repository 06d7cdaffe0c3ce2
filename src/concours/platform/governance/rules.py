"""Who may see and do what in the foundation's governance."""

from __future__ import annotations

from typing import Any

import rules
from django.db.models import QuerySet

from concours.platform.accounts.domain.permissions import is_organiser, signed_in
from concours.platform.governance.enums import VoteState
from concours.platform.governance.models import (
    AccessReview,
    Ballot,
    Body,
    Charter,
    Comment,
    Membership,
    Vote,
)
from concours.platform.record.domain import name_of


@rules.predicate
def organises_all(user: Any, subject: Any) -> bool:
    """Governance is the foundation's, not a season's."""
    return is_organiser(user, None)


@rules.predicate
def is_of_electorate(user: Any, vote: Vote) -> bool:
    """Whether the user was of the electorate when the vote opened, with a vote or without."""
    if user.pk is None or not user.is_active:
        return False
    name = name_of(user)
    return any(one["voter"] == name for one in vote.electorate)


@rules.predicate
def is_of_body(user: Any, vote: Vote) -> bool:
    """Whether the user holds a role in the body now."""
    return (
        user.pk is not None
        and user.is_active
        and Membership.objects.filter(body=vote.body_id, user=user, until__isnull=True).exists()
    )


rules.add_perm("governance.adopt_charter", organises_all)
rules.add_perm("governance.seat_members", organises_all)
rules.add_perm("governance.note_meetings", organises_all)
rules.add_perm("governance.hold_reviews", organises_all)
rules.add_perm("governance.cast", is_of_electorate)
rules.add_perm("governance.stand_aside", is_of_electorate | is_of_body)
rules.add_perm("governance.comment", signed_in)


def visible_charters(user: Any) -> QuerySet[Charter]:
    """All of them: by what rules a foundation decides is public."""
    return Charter.objects.all()


def visible_bodies(user: Any) -> QuerySet[Body]:
    """All, with who sits in them: an office is public."""
    return Body.objects.all()


def visible_reviews(user: Any) -> QuerySet[AccessReview]:
    """All: what a project asks for, and what becomes of it, is public."""
    return AccessReview.objects.all()


def visible_comments(user: Any) -> QuerySet[Comment]:
    return Comment.objects.all()


def visible_votes(user: Any) -> QuerySet[Vote]:
    """All; whose ballots of them somebody may see is asked of `visible_ballots`."""
    return Vote.objects.all()


def visible_ballots(user: Any, vote: Vote) -> QuerySet[Ballot]:
    """Of an open vote all, changed ones too; of a secret vote the reader's own alone.

    A secret ballot is nobody else's: not the organisers', not after the end.
    """
    found = Ballot.objects.filter(vote=vote)
    if not vote.secret:
        return found
    return found.filter(voter_id=user.pk) if user.pk is not None else found.none()


def outcome_is_shown(vote: Vote) -> bool:
    """Whether how a vote stands may be told: of a secret one only when it is counted."""
    return vote.state == VoteState.CLOSED
