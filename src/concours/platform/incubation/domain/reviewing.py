"""Annual reviews: the clock opens them, staff or the committee decide them."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.criteria import domain as criteria
from concours.platform.incubation.domain.health import latest_health
from concours.platform.incubation.domain.incubating import CLOCK, open_incubation
from concours.platform.incubation.domain.programmes import parsed
from concours.platform.incubation.domain.reporting import owed_by
from concours.platform.incubation.domain.words import needed
from concours.platform.incubation.enums import ActKind, MilestoneState, Outcome, ReviewState
from concours.platform.incubation.models import AnnualReview, Incubation
from concours.platform.incubation.timetable import reviews_due
from concours.platform.record import domain as record
from concours.platform.register.enums import ArchiveCause


def open_reviews() -> int:
    """Open the reviews whose day has come; how many. Called again it opens none twice.

    While one is open no other opens. Of several whose day passed meanwhile the last alone opens.
    """
    rows = Incubation.objects.filter(ended_on__isnull=True).select_related("project", "programme")
    return sum(_open(one) for one in rows.order_by("pk"))


@transaction.atomic
def decide_review(
    *, actor: Any, review: AnnualReview, outcome: str, reason: str, cause: str = ""
) -> AnnualReview:
    """Decide an open review, with what lies before whoever decides: that is kept with its digest.

    `cause` is an ArchiveCause where archiving is proposed. Nothing is moved by this: graduation and
    archiving are asked for by an access review. Raises NotPermitted, also for a maintainer of the
    project; Refused for one that is not open, and for an outcome or cause that is none.
    """
    incubation = open_incubation(review.incubation)
    review = lock(review)
    require(actor, "incubation.decide_review", review)
    if review.state != ReviewState.OPEN:
        raise Refused("review-ended", _("This review has ended."))
    if outcome not in Outcome.values:
        raise Refused("unknown-outcome", _("%(outcome)s is no outcome.") % {"outcome": outcome})
    if (outcome == Outcome.ARCHIVE) != bool(cause) or (cause and cause not in ArchiveCause.values):
        raise Refused("bad-cause", _("Name a cause where archiving is proposed, and only there."))
    review.held = what_lies_before(incubation)
    review.held_digest = _digest(review.held)
    review.state, review.outcome, review.cause = ReviewState.DECIDED, outcome, cause
    review.reason, review.decided_by, review.closed_at = needed(reason), _person(actor), clock.now()
    review.save()
    record.append(
        actor=actor,
        verb="annual-review.decided",
        subject=review,
        data={
            "project": incubation.project.slug,
            "outcome": outcome,
            "cause": cause,
            "reason": review.reason,
            "held": review.held_digest,
        },
    )
    return review


def what_lies_before(incubation: Incubation) -> dict[str, Any]:
    """Reports, milestones, criteria and health as they are now, as JSON takes them."""
    health = latest_health(project=incubation.project)
    milestones = incubation.milestones.all()
    standings = criteria.open_standings(user=AnonymousUser(), project=incubation.project)
    return {
        "reports": [
            {"number": one.number, "digest": one.digest, "signed_off": one.signed_off}
            for one in incubation.reports.annotate(
                signed_off=Count("acts", filter=Q(acts__kind=ActKind.SIGNED_OFF))
            )
        ],
        "owed": [one.period.number for one in owed_by(incubation=incubation) if one.overdue],
        "milestones": {
            state.value: sum(one.state == state for one in milestones) for state in MilestoneState
        },
        "criteria": [
            {
                "assessment": one.assessment.code,
                "set": one.assessment.set_slug,
                "stage": one.assessment.stage,
                "rows": len(one.rows),
                "open": len(one.gaps),
                "open_musts": one.open_musts,
            }
            for one in standings
        ],
        "health": None if health is None else {"code": health.code, "digest": health.digest},
    }


@transaction.atomic
def _open(incubation: Incubation) -> int:
    rule = parsed(incubation.programme).reviews
    due = reviews_due(
        began=incubation.began_on,
        owed_from=incubation.owed_from,
        today=clock.now().date(),
        months=rule.months,
    )
    if not due or incubation.reviews.filter(number=due[-1][0]).exists():
        return 0
    if incubation.reviews.filter(state=ReviewState.OPEN).exists():
        return 0
    try:
        incubation = open_incubation(incubation)
        with transaction.atomic():
            made = AnnualReview.objects.create(
                incubation=incubation, number=due[-1][0], due=due[-1][1], opened_at=clock.now()
            )
    except (IntegrityError, Refused):
        return 0
    record.append(
        actor=CLOCK,
        verb="annual-review.opened",
        subject=made,
        data={
            "project": incubation.project.slug,
            "number": made.number,
            "due": made.due.isoformat(),
        },
    )
    return 1


def _digest(held: dict[str, Any]) -> str:
    text = json.dumps(held, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _person(actor: Any) -> Any:
    return actor if actor.pk is not None else None
