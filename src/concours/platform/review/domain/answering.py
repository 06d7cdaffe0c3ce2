"""Teams answer their reviews; each reviewer may then amend scores once."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.digests import keyed_digest
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.core.wording import passage
from concours.platform.record import domain as record
from concours.platform.review.domain.identities import aliases_of
from concours.platform.review.domain.reviewing import checked_scores, digest_of
from concours.platform.review.domain.rounds import lock_round
from concours.platform.review.domain.rubrics import points_milli
from concours.platform.review.enums import AliasKind, RoundState
from concours.platform.review.models import (
    Assignment,
    Rebuttal,
    Review,
    ReviewRevision,
    ReviewRound,
)

MOST_ANSWER = 5_000
MOST_REASON = 2_000


@transaction.atomic
def plan_rebuttal(
    *,
    actor: Any,
    round: ReviewRound,  # noqa: A002
    rebuttal_closes_at: datetime,
    amend_closes_at: datetime,
) -> ReviewRound:
    """Let teams answer their reviews from the closing of the round until `rebuttal_closes_at`, and
    reviewers amend scores from then until `amend_closes_at`; standings wait for that.

    May be planned anew until reviews are closed. Raises Refused afterwards, and for dates that are
    not in this order behind the deadline of reviews.
    """
    locked = lock_round(round)
    require(actor, "review.run_round", locked)
    if locked.state not in {RoundState.PLANNED, RoundState.ASSIGNED}:
        raise Refused("round-closed", _("Reviews are closed; this comes too late."))
    if not locked.closes_at < rebuttal_closes_at < amend_closes_at:
        raise Refused(
            "dates-in-wrong-order",
            _("Answers end after the deadline of reviews, and amending after the answers."),
        )
    locked.rebuttal_closes_at, locked.amend_closes_at = rebuttal_closes_at, amend_closes_at
    locked.save(update_fields=["rebuttal_closes_at", "amend_closes_at"])
    record.append(
        actor=actor,
        verb="round.rebuttal_planned",
        subject=locked,
        season=locked.track.season.slug,
        data={
            "rebuttal_closes_at": rebuttal_closes_at.isoformat(),
            "amend_closes_at": amend_closes_at.isoformat(),
        },
    )
    return locked


def answers_open(round: ReviewRound) -> bool:  # noqa: A002
    """Whether teams may answer now: reviews are closed, and the end of answers is ahead."""
    end = round.rebuttal_closes_at
    return round.state == RoundState.CLOSED and end is not None and clock.now() < end


def amending_open(round: ReviewRound) -> bool:  # noqa: A002
    """Whether reviewers may amend now: between the end of answers and that of amending."""
    start, end = round.rebuttal_closes_at, round.amend_closes_at
    if round.state != RoundState.CLOSED or start is None or end is None:
        return False
    return start <= clock.now() < end


def require_answers_heard(round: ReviewRound) -> None:  # noqa: A002
    """Raises Refused while answers or amended scores may still come in."""
    if round.amend_closes_at is not None and clock.now() < round.amend_closes_at:
        raise Refused(
            "answers-open",
            _("Teams may still answer their reviews, or reviewers amend them; compute after that."),
        )


@transaction.atomic
def answer_review(*, actor: Any, entry: Any, alias: str, text: str) -> Rebuttal:
    """Answer the review that the reviewer of that alias wrote of `entry`; anew until the end.

    The record holds a digest of the answer under the reviewer's alias, never with the duty: that
    would tell who reviewed whom. Raises NotPermitted for whoever is not of the team and for an
    alias that reviewed something else, Refused outside the window and without a text.
    """
    require(actor, "competitions.edit_entry", entry)
    review = received_review(entry=entry, alias=alias)
    round_ = lock_round(review.assignment.round)
    if not answers_open(round_):
        raise Refused("answers-closed", _("Reviews cannot be answered now."))
    text = passage(text, most=MOST_ANSWER).strip()
    if not text:
        raise Refused("empty", _("Write an answer."))
    answer = Rebuttal.objects.filter(review=review).first() or Rebuttal(review=review, edits=-1)
    answer.text, answer.written_by, answer.written_at = text, actor, clock.now()
    answer.edits += 1
    answer.save()
    record.append(
        actor=actor,
        verb="review.answered",
        subject=entry,
        season=round_.track.season.slug,
        data={
            "reviewer": alias,
            "digest": keyed_digest("rebuttal", text),
            "edits": answer.edits,
        },
    )
    return answer


@transaction.atomic
def amend_after_answer(
    *, actor: Any, assignment: Assignment, scores: Mapping[str, int], reason: str
) -> Review:
    """Change the scores of a review that its team answered: once, with a reason; the old are kept.

    Raises NotPermitted for anyone but the reviewer, Refused outside the window, without an answer,
    a second time, without a reason, for the same scores, and as `checked_scores` does.
    """
    round_ = lock_round(assignment.round)
    duty = Assignment.objects.select_related("round__track__season").get(pk=assignment.pk)
    require(actor, "review.submit_review", duty)
    if not amending_open(round_):
        raise Refused("amending-closed", _("Scores cannot be amended now."))
    review = Review.objects.filter(assignment=duty).first()
    if review is None or not Rebuttal.objects.filter(review=review).exists():
        raise Refused("not-answered", _("Only a review that its team has answered is amended."))
    if ReviewRevision.objects.filter(review=review).exists():
        raise Refused("amended-already", _("You have amended this review already."))
    checked = checked_scores(round_.params["criteria"], scores)
    reason = passage(reason, most=MOST_REASON).strip()
    if not reason:
        raise Refused("reason-needed", _("Say why; the organisers read it."))
    if checked == review.scores:
        raise Refused("same-scores", _("These are the scores that you gave already."))
    was = digest_of(review)
    moment = clock.now()
    ReviewRevision.objects.create(
        review=review,
        scores=review.scores,
        points_milli=review.points_milli,
        salt=review.salt,
        reason=reason,
        amended_at=moment,
    )
    review.scores = checked
    review.points_milli = points_milli(criteria=round_.params["criteria"], scores=checked)
    review.salt, review.updated_at = secrets.token_hex(16), moment
    review.save()
    record.append(
        actor=actor,
        verb="review.amended_after_answer",
        subject=duty,
        season=round_.track.season.slug,
        data={
            "was": was,
            "digest": digest_of(review),
            "reason_digest": keyed_digest("amend", reason),
        },
    )
    return review


def received_review(*, entry: Any, alias: str) -> Review:
    """The review of `entry` by the reviewer of that alias.

    Raises NotPermitted where there is none, whoever else the alias may stand for.
    """
    reviews = Review.objects.filter(assignment__entry=entry).select_related(
        "assignment__round__track__season"
    )
    for review in reviews:
        duty = review.assignment
        found = aliases_of(
            round=duty.round, kind=AliasKind.REVIEWER, subject_ids=[duty.reviewer_id]
        )
        if found[duty.reviewer_id] == alias:
            return review
    raise NotPermitted("no-such-review", _("There is no such review."), hidden=True)
