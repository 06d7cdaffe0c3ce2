"""Asking for a bonus for reviewers; a second person confirms it like all money."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.awards.domain.bonus import (
    TITLE,
    TITLE_ZH,
    BonusRule,
    checked_recipients,
    digest_of,
)
from concours.platform.awards.domain.payouts import checked_words
from concours.platform.awards.domain.request_acts import require_in_pool
from concours.platform.awards.domain.requests import REASON_MOST, ask, settled_pool
from concours.platform.awards.enums import RequestKind
from concours.platform.awards.models import BonusShare, MoneyRequest, PrizePool, ReviewBonus
from concours.platform.core.errors import Refused


@transaction.atomic
def ask_bonus(
    *, actor: Any, pool: PrizePool, amount_minor: int, reason: str, rule: BonusRule
) -> MoneyRequest:
    """Ask to divide `amount_minor` of what is in the pool among reviewers, by the rule: once.

    Raises Refused before the result, for more than is in the pool, for a second bonus of the
    track, and as `checked_recipients` does.
    """
    pool = settled_pool(actor, pool)
    require_in_pool(pool, amount_minor)
    if BonusShare.objects.filter(payout__pool__track=pool.track).exists():
        raise Refused("bonus-already", _("Reviewers of this track have had their bonus."))
    recipients = checked_recipients(actor=actor, pool=pool, amount_minor=amount_minor, rule=rule)
    request = ask(
        actor,
        kind=RequestKind.BONUS,
        pool=pool,
        amount_minor=amount_minor,
        reason=checked_words(reason, most=REASON_MOST),
        title=TITLE,
        title_zh=TITLE_ZH,
    )
    ReviewBonus.objects.create(
        request=request,
        threshold_milli=rule.threshold_milli,
        least_ratings=rule.least_ratings,
        recipients=len(recipients),
        digest=digest_of(recipients),
    )
    return request
