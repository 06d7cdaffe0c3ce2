"""What governance keeps of a person, and what a merge or an erasure means to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from concours.platform.accounts.domain.holdings import Erasing, Exported, Holding
from concours.platform.governance.domain.balloting import opened, without_words
from concours.platform.governance.enums import VoteState
from concours.platform.governance.models import Ballot, Comment, Membership, Recusal, Vote
from concours.platform.record.domain import name_of

GONE = "–"
"""What stands for words that were taken away: of a ballot it counts that there was a reason."""


def against_merging(first: Any, second: Any) -> Iterator[str]:
    """Ballots are committed to under a person's code: they cannot move to another's."""
    if Ballot.objects.filter(voter=first).exists():
        yield _("The account that goes has cast ballots: merge the other one into it.")
    elif _is_of_open_vote(first):
        # The electorate is frozen under that account's name: nobody could cast the ballot.
        yield _("The account that goes has a vote that is open: merge the other one into it.")
    for seat in Membership.objects.filter(user=first, until__isnull=True).select_related("body"):
        if Membership.objects.filter(user=second, body=seat.body, until__isnull=True).exists():
            yield _("Both accounts sit in “%(body)s”.") % {"body": seat.body}


def _is_of_open_vote(user: Any) -> bool:
    name = name_of(user)
    open_ones = Vote.objects.filter(state=VoteState.OPEN).values_list("electorate", flat=True)
    return any(one["voter"] == name for electorate in open_ones for one in electorate)


def against_erasing(user: Any) -> Iterator[str]:
    """Seats that are held: somebody else has to end them first."""
    for seat in Membership.objects.filter(user=user, until__isnull=True).select_related("body"):
        yield _("You sit in “%(body)s”: have an organiser end that first.") % {"body": seat.body}


def exported(user: Any) -> Exported:
    ballots = Ballot.objects.filter(voter=user).select_related("vote").order_by("pk")
    comments = Comment.objects.filter(author=user).order_by("pk")
    seats = Membership.objects.filter(user=user).order_by("pk")
    recusals = Recusal.objects.filter(user=user).order_by("pk")
    return Exported(
        data={
            "seats": list(seats.values("body__slug", "role", "since", "until")),
            "ballots": [
                {"vote": row.vote.code, "cast_at": row.cast_at, **vars(opened(row))}
                for row in ballots
            ],
            "recusals": list(recusals.values("vote__code", "reason", "declared_at")),
            "comments": list(comments.values("review__code", "text", "written_at")),
        }
    )


def moved(source: Any, target: Any) -> None:
    """Nothing beside the foreign keys."""


def erased(going: Erasing) -> None:
    """Ballots stay, without their words: the outcome follows from them. Comments lose theirs."""
    Comment.objects.filter(author=going.user).update(text=GONE)
    Recusal.objects.filter(user=going.user).update(reason=GONE)
    for ballot in Ballot.objects.filter(voter=going.user).select_related("vote").order_by("pk"):
        without_words(ballot, instead=GONE)


HOLDING = Holding(
    name="governance",
    against_merging=against_merging,
    against_erasing=against_erasing,
    exported=exported,
    moved=moved,
    erased=erased,
)
