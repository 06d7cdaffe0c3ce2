"""A project moved by hand: what a body decided outside, carried out by the office."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.core.wording import one_line
from concours.platform.governance.domain.charters import charter_needed, parsed
from concours.platform.governance.domain.reviews import note
from concours.platform.governance.domain.words import MOST_NOTE, digest_of_text, needed
from concours.platform.governance.enums import ReviewState
from concours.platform.governance.models import AccessReview, Body
from concours.platform.register import domain as register

MOST_DECIDED = 300


@transaction.atomic
def move_by_office(
    *, actor: Any, project: Any, to: str, on: date, body: Body, decided: str, reason: str
) -> AccessReview:
    """Move a project at once where the charter in force leaves the step to the office.

    `decided` names the decision of `body` that is carried out (minutes, a number, an address), `on`
    its day. The move has an access review of its own, which passed, so that it can be read and
    found like any other. Raises Refused for a step that the charter does not know or puts to a
    vote, while a review of the project is open, and for what the register refuses: a day to come
    or before the change before, and a project of another register.
    """
    require(actor, "governance.hold_reviews")
    project = lock(project)
    charter = charter_needed()
    way = parsed(charter).transition(origin=project.stage, to=to)
    if way is None:
        raise Refused(
            "no-such-step",
            _("The charter knows no step from this project’s stage to that one."),
        )
    if way.votes:
        raise Refused(
            "vote-needed", _("The charter puts this step to a vote: open an access review.")
        )
    if project.access_reviews.filter(state=ReviewState.OPEN).exists():
        raise Refused(
            "review-open", _("An access review of this project is open: decide that one.")
        )
    named = one_line(decided, most=MOST_DECIDED)
    if not named:
        raise Refused("text-needed", _("Name the decision that is carried out."))
    reason = needed(reason, most=MOST_NOTE)
    moment = clock.now()
    review = AccessReview.objects.create(
        project=project,
        charter=charter,
        origin=project.stage,
        to=to,
        summary=f"{body.name}: {named}",
        state=ReviewState.PASSED,
        asked_at=moment,
        ended_at=moment,
        moved_at=moment,
        reason=reason,
    )
    register.carry_out(
        actor=actor, project=project, to=to, on=on, reason=reason, decision=review.code
    )
    note(
        actor=actor,
        verb="access-review.passed",
        review=review,
        origin=review.origin,
        to=to,
        charter=charter.digest,
        body=body.slug,
        decided=digest_of_text(named),
        on=on.isoformat(),
    )
    return review
