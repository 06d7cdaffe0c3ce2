"""What people say of a review in public."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.governance.domain.reviews import note, open_one
from concours.platform.governance.domain.words import MOST_REASON, digest_of_text, needed
from concours.platform.governance.models import AccessReview, Comment

MOST_BY_ONE = 50


@transaction.atomic
def write_comment(*, actor: Any, review: AccessReview, text: str) -> Comment:
    """Comment on a review while it is open. Raises Refused once it has ended, and after fifty."""
    review = open_one(review)
    require(actor, "governance.comment", review)
    text = needed(text, most=MOST_REASON)
    if review.comments.filter(author=actor).count() >= MOST_BY_ONE:
        raise Refused("too-many", _("These are too many comments on one review."))
    comment = Comment.objects.create(review=review, author=actor, text=text, written_at=clock.now())
    note(
        actor=actor,
        verb="access-review.commented",
        review=review,
        comment=comment.code,
        digest=digest_of_text(text),
    )
    return comment
