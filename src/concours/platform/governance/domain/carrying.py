"""From a review that passed to the project's new stage."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from concours.platform.core import clock
from concours.platform.core.actors import System
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.governance.enums import ReviewState
from concours.platform.governance.models import AccessReview
from concours.platform.register import domain as register

CARRIER = System("governance")
MOST_LETTERS = 2_000


def carry(*, actor: Any, review: AccessReview) -> bool:
    """Move the project of a review that passed; whether it moved.

    Where the register refuses, the decision stands, the review says why it is stuck, and the next
    call tries again.
    """
    try:
        with transaction.atomic(), translation.override("en"):
            register.carry_out(
                actor=actor,
                project=review.project,
                to=review.to,
                on=clock.now().date(),
                reason=_reason(review),
                decision=review.code,
                cause=review.cause,
            )
    except Refused as refusal:
        review.stuck = str(refusal.message)[:300]
        review.save(update_fields=["stuck"])
        return False
    review.moved_at, review.stuck = clock.now(), ""
    review.save(update_fields=["moved_at", "stuck"])
    return True


def _reason(review: AccessReview) -> str:
    """What the project's history says; of an archived one why, which the vote's result is not."""
    if review.cause:
        return review.summary[:MOST_LETTERS]
    return review.reason or _("The access review passed.")


def carry_stuck() -> int:
    """Try again to move the projects of reviews that passed; how many moved."""
    waiting = AccessReview.objects.filter(state=ReviewState.PASSED, moved_at__isnull=True)
    return sum(_try_again(review) for review in waiting.order_by("pk"))


@transaction.atomic
def _try_again(review: AccessReview) -> bool:
    review = lock(review)
    if review.state != ReviewState.PASSED or review.moved_at is not None:
        return False
    return carry(actor=CARRIER, review=review)
