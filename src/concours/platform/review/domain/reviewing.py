"""Writing a review, and saying that one must not be written."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.domain.declarations import (
    NOTHING,
    Declaration,
    checked_declaration,
)
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.digests import keyed_digest
from concours.platform.core.errors import Refused
from concours.platform.record import domain as record
from concours.platform.record.chain import canonical
from concours.platform.review.domain.letters import tell
from concours.platform.review.domain.refilling import next_number, refill
from concours.platform.review.domain.rounds import lock_round
from concours.platform.review.domain.rubrics import points_milli
from concours.platform.review.enums import AssignmentState, Cause, DeclaredKind, RoundState
from concours.platform.review.models import Assignment, Review

MAX_COMMENT = 20_000
MAX_REASON = 2_000
GONE = {
    AssignmentState.LIFTED: (
        "duty-lifted",
        _("You have declared a conflict; this duty is lifted."),
    ),
    AssignmentState.REPLACED: ("duty-replaced", _("This review was given to somebody else.")),
    AssignmentState.EXCUSED: ("duty-excused", _("You are excused from this review.")),
}
_OWN_COLUMNS = [field.name for field in Assignment._meta.concrete_fields]


@transaction.atomic
def submit_review(
    *,
    actor: Any,
    assignment: Assignment,
    scores: Mapping[str, int],
    comment: str,
    private_comment: str = "",
    declaration: Declaration = NOTHING,
) -> Review:
    """Write the review of a duty, or write it anew until the round's deadline.

    `scores` gives each criterion whole points from 0 to its most. The record holds the review's
    salted digest, not its content: content beside the true actor would tell who reviewed what.
    Raises NotPermitted for anyone but the reviewer, Refused outside the round's time, for a lifted
    duty, for scores that are not complete, whole and within bounds, and for a declaration that
    the track's rules refuse. 9 queries.
    """
    duty = _lock(assignment)
    require(actor, "review.submit_review", duty)
    _require_time_for_reviews(duty)
    checked = checked_scores(duty.round.params["criteria"], scores)
    comment = _checked_text(comment, most=MAX_COMMENT)
    private_comment = _checked_text(private_comment, most=MAX_COMMENT)
    said = checked_declaration(declaration, track=duty.round.track)
    # Read after the lock: joined to it, PostgreSQL would show it as it was before the wait.
    review = Review.objects.filter(assignment=duty).first()
    moment = clock.now()
    if review is None:
        review = Review(assignment=duty, submitted_at=moment)
    else:
        review.edits += 1
    review.scores = checked
    review.points_milli = points_milli(criteria=duty.round.params["criteria"], scores=checked)
    review.comment, review.private_comment = comment, private_comment
    review.llm_used, review.llm_text = said.used, said.text
    review.salt = secrets.token_hex(16)
    review.updated_at = moment
    review.save()
    if duty.state != AssignmentState.SUBMITTED:
        duty.state = AssignmentState.SUBMITTED
        duty.save(update_fields=["state"])
    record.append(
        actor=actor,
        verb="review.submitted" if review.edits == 0 else "review.edited",
        subject=duty,
        season=duty.round.track.season.slug,
        data={"digest": digest_of(review), "edits": review.edits},
    )
    return review


def digest_of(review: Review) -> str:
    """What the record holds of a review: SHA-256 of its salt and content as canonical JSON."""
    content: dict[str, Any] = {
        "salt": review.salt,
        "scores": review.scores,
        "points_milli": review.points_milli,
        "comment": review.comment,
        "private_comment": review.private_comment,
    }
    if review.llm_used is not None:
        content |= {"llm_used": review.llm_used, "llm_text": review.llm_text}
    return hashlib.sha256(canonical(content).encode()).hexdigest()


@transaction.atomic
def declare_conflict(
    *,
    actor: Any,
    assignment: Assignment,
    reason: str,
    kind: DeclaredKind = DeclaredKind.CLOSE,
) -> Assignment:
    """The reviewer says why they must not judge this entry: the duty is lifted for staff to see,
    and goes to somebody else at once.

    Raises Refused without a reason, after the deadline, and once the review is written.
    """
    locked = lock_round(assignment.round)
    duty = _lock(assignment)
    require(actor, "review.declare_conflict", duty)
    _require_time_for_reviews(duty, before_opening=True)
    if duty.state == AssignmentState.SUBMITTED:
        raise Refused("reviewed-already", _("You have reviewed this entry already."))
    reason = _checked_text(reason, most=MAX_REASON)
    if not reason:
        raise Refused("reason-needed", _("Say what the conflict is; the organisers read it."))
    duty.state, duty.lifted_reason, duty.declared = AssignmentState.LIFTED, reason, kind
    duty.lost_in = next_number(locked)
    duty.save(update_fields=["state", "lifted_reason", "declared", "lost_in"])
    record.append(
        actor=actor,
        verb="duty.lifted",
        subject=duty,
        season=duty.round.track.season.slug,
        data={"kind": str(kind), "reason_digest": keyed_digest("conflict", reason)},
    )
    tell(locked, given=refill(actor=actor, locked=locked, cause=Cause.CONFLICT))
    return duty


def _lock(assignment: Assignment) -> Assignment:
    # Only the columns that writing a review asks for: at the deadline this is what all wait for.
    return (
        Assignment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("round__track__season", "round__track__phase")
        .only(
            *_OWN_COLUMNS,
            "round__state",
            "round__opens_at",
            "round__closes_at",
            "round__params",
            "round__track__season__slug",
            "round__track__llm_policy",
            "round__track__phase__may_review",
        )
        .get(pk=assignment.pk)
    )


def _require_time_for_reviews(duty: Assignment, *, before_opening: bool = False) -> None:
    round_, moment = duty.round, clock.now()
    if duty.state in GONE:
        code, message = GONE[AssignmentState(duty.state)]
        raise Refused(code, message)
    if (
        moment >= round_.closes_at
        or round_.state != RoundState.ASSIGNED
        or duty.state == AssignmentState.DEFAULTED
    ):
        raise Refused("reviews-closed", _("The deadline of reviews has passed."))
    if moment < round_.opens_at and not before_opening:
        raise Refused("reviews-not-open", _("Reviews have not opened yet."))
    phase = round_.track.phase
    if phase is None or not phase.may_review:
        raise Refused("reviews-closed", _("The track does not take reviews now."))


def checked_scores(criteria: list[dict[str, Any]], scores: Mapping[str, Any]) -> dict[str, int]:
    """The scores as kept. Raises Refused unless each criterion has whole points within bounds."""
    if not isinstance(scores, Mapping):
        raise Refused("bad-scores", _("Give whole points for each criterion."))
    known = {criterion["key"]: criterion["max_points"] for criterion in criteria}
    if missing := [key for key in known if key not in scores]:
        raise Refused(
            "scores-incomplete",
            _("Points are missing for: %(keys)s.") % {"keys": ", ".join(missing)},
        )
    if len(scores) != len(known):
        raise Refused("unknown-criterion", _("There are points for a criterion that is not asked."))
    for key, most in known.items():
        # bool is an int to isinstance, and 3.0 equals 3: only an int itself is whole points.
        if type(scores[key]) is not int or not 0 <= scores[key] <= most:
            raise Refused(
                "bad-scores",
                _("%(key)s: whole points from 0 to %(most)d are wanted.")
                % {"key": key, "most": most},
            )
    return {key: scores[key] for key in known}


def _checked_text(text: str, *, most: int) -> str:
    if not isinstance(text, str) or "\x00" in text:
        raise Refused("bad-text", _("This text holds characters that cannot be kept."))
    if len(text) > most:
        raise Refused("too-long", _("Keep the text to %(most)d characters.") % {"most": most})
    return text.strip()
