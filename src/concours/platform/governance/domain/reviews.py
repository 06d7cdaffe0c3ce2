"""Access reviews: asking, adding documents, deciding without a vote, taking back."""

from __future__ import annotations

import re
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.core.wording import one_line
from concours.platform.governance.domain.carrying import carry
from concours.platform.governance.domain.charters import charter_needed, parsed
from concours.platform.governance.domain.words import MOST_NOTE, MOST_SUMMARY, needed
from concours.platform.governance.enums import LIVE_STATES, ReviewState
from concours.platform.governance.models import AccessReview, ReviewDocument
from concours.platform.record import domain as record
from concours.platform.register import domain as register

MOST_DOCUMENTS = 50
_DIGEST = re.compile(r"[0-9a-f]{64}")


@transaction.atomic
def open_review(
    *,
    actor: Any,
    project: Any,
    to: str,
    summary: str,
    spokesperson: Any = None,
    cause: str = "",
) -> AccessReview:
    """Ask for a project's next stage, under the charter in force; to archive it, for a `cause`.

    Raises Refused for a step that the charter does not know (one stage at a time, or archived), and
    while another review of the project is open.
    """
    require(actor, "governance.hold_reviews")
    project = lock(project)
    charter = charter_needed()
    register.refuse_cause(cause, to=to)
    if parsed(charter).transition(origin=project.stage, to=to) is None:
        raise Refused(
            "no-such-step",
            _("The charter knows no step from this project’s stage to that one."),
        )
    try:
        with transaction.atomic():
            review = AccessReview.objects.create(
                project=project,
                charter=charter,
                origin=project.stage,
                to=to,
                summary=needed(summary, most=MOST_SUMMARY),
                spokesperson=spokesperson,
                cause=cause,
                asked_at=clock.now(),
            )
    except IntegrityError:
        raise Refused("review-open", _("An access review of this project is open.")) from None
    note(
        actor=actor,
        verb="access-review.opened",
        review=review,
        origin=review.origin,
        to=to,
        charter=charter.digest,
        spokesperson=spokesperson.code if spokesperson else "",
        **({"cause": cause} if cause else {}),
    )
    return review


@transaction.atomic
def add_document(
    *, actor: Any, review: AccessReview, title: str, url: str, digest: str = ""
) -> ReviewDocument:
    """Add a document to an open review, by its address."""
    review = open_one(review)
    require(actor, "governance.hold_reviews")
    digest = digest.strip().lower()
    if digest and not _DIGEST.fullmatch(digest):
        raise Refused("bad-digest", _("A digest is the SHA-256 in 64 characters 0–9 and a–f."))
    if not url.startswith("https://"):
        raise Refused("bad-address", _("Give an address that begins with https://."))
    if review.documents.count() >= MOST_DOCUMENTS:
        raise Refused("too-many", _("A review has at most 50 documents."))
    title = one_line(title, most=200)
    if not title:
        raise Refused("text-needed", _("Name the document."))
    document = ReviewDocument.objects.create(
        review=review,
        title=title,
        url=one_line(url, most=500),
        digest=digest,
        added_at=clock.now(),
    )
    note(actor=actor, verb="access-review.document-added", review=review, digest=digest)
    return document


@transaction.atomic
def decide_by_office(
    *, actor: Any, review: AccessReview, passes: bool, reason: str
) -> AccessReview:
    """Decide a review whose step the charter puts to no vote, with its reasons."""
    lock(review.project)
    review = open_one(review)
    require(actor, "governance.hold_reviews")
    if votes_of(review):
        raise Refused("vote-needed", _("The charter puts this step to a vote."))
    end(
        actor=actor,
        review=review,
        state=ReviewState.PASSED if passes else ReviewState.REFUSED,
        reason=needed(reason, most=MOST_NOTE),
    )
    if passes:
        carry(actor=actor, review=review)
    return review


@transaction.atomic
def withdraw_review(*, actor: Any, review: AccessReview, reason: str) -> AccessReview:
    """Take the question back. Raises Refused while a vote about it is under way."""
    review = open_one(review)
    require(actor, "governance.hold_reviews")
    if review.votes.filter(state__in=LIVE_STATES).exists():
        raise Refused("vote-live", _("Call the vote off first."))
    reason = needed(reason, most=MOST_NOTE)
    end(actor=actor, review=review, state=ReviewState.WITHDRAWN, reason=reason)
    return review


def votes_of(review: AccessReview) -> tuple[str, ...]:
    """The rules by which the review's step is voted on, in order; () where the office decides."""
    way = parsed(review.charter).transition(origin=review.origin, to=review.to)
    return way.votes if way is not None else ()


def open_one(review: AccessReview) -> AccessReview:
    """The review as it is now, locked. Raises Refused unless it is open."""
    found = lock(review)
    if found.state != ReviewState.OPEN:
        raise Refused("review-ended", _("This access review has ended."))
    return found


def end(*, actor: Any, review: AccessReview, state: ReviewState, reason: str) -> None:
    """End a locked review; within the caller's transaction."""
    review.state, review.reason, review.ended_at = state, reason, clock.now()
    review.save(update_fields=["state", "reason", "ended_at"])
    note(actor=actor, verb=f"access-review.{state}", review=review)


def note(*, actor: Any, verb: str, review: AccessReview, **data: Any) -> None:
    record.append(
        actor=actor,
        verb=verb,
        subject=review,
        data={"project": review.project.slug, **data},
    )
