"""How useful a review was, said by the team that received it before it sees the scores."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import permitted, require
from concours.platform.core.errors import Refused
from concours.platform.record import domain as record
from concours.platform.review.domain.answering import answers_open, received_review
from concours.platform.review.domain.consequences import withheld_from
from concours.platform.review.domain.rounds import lock_round
from concours.platform.review.enums import RoundState
from concours.platform.review.models import ReviewRound, UsefulnessRating

LOWEST, HIGHEST = 1, 5


def comments_shown(*, user: Any, round: ReviewRound, entry: Any) -> bool:  # noqa: A002
    """Whether the entry's team may read the comments of its reviews now.

    While they may be answered, and once standings are published in a phase that shows scores; not
    while the team's own undone duty withholds them.
    """
    if not permitted(user, "competitions.edit_entry", entry):
        return False
    if withheld_from(entry=entry, round=round):
        return False
    if answers_open(round):
        return True
    phase = round.track.phase
    return round.state == RoundState.PUBLISHED and phase is not None and phase.scores_visible


@transaction.atomic
def rate_review(*, actor: Any, entry: Any, alias: str, rating: int | None) -> UsefulnessRating:
    """Say how useful the review by the reviewer of that alias was: 1 to 5, or None for no answer.

    Said once, for good; only then the team sees the review's scores, so that it is not the scores
    that are rated. Raises NotPermitted for whoever is not of the team, Refused while comments
    are not shown, a second time, and for another number.
    """
    require(actor, "competitions.edit_entry", entry)
    review = received_review(entry=entry, alias=alias)
    round_ = lock_round(review.assignment.round)
    if not comments_shown(user=actor, round=round_, entry=entry):
        raise Refused("not-shown", _("The reviews are not shown yet."))
    if rating is not None and (type(rating) is not int or not LOWEST <= rating <= HIGHEST):
        raise Refused("bad-rating", _("Rate from 1 to 5, or choose not to say."))
    if UsefulnessRating.objects.filter(review=review).exists():
        raise Refused("rated-already", _("Your team has rated this review already."))
    made = UsefulnessRating.objects.create(
        review=review, rating=rating, rated_by=actor, rated_at=clock.now()
    )
    record.append(
        actor=actor,
        verb="review.rated",
        subject=entry,
        season=round_.track.season.slug,
        data={"reviewer": alias, "rating": rating},
    )
    return made
