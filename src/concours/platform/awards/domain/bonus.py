"""A bonus for reviewers, out of the prize pool: who gets it follows from duties and usefulness."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from concours.peerreview import SeasonRecord
from concours.platform.awards.domain.payouts import hold
from concours.platform.awards.enums import Account, MovementKind
from concours.platform.awards.models import (
    BonusShare,
    MoneyRequest,
    Payout,
    PayoutShare,
    PrizePool,
    ReviewBonus,
)
from concours.platform.competitions.domain import entries_by_id
from concours.platform.core import clock
from concours.platform.core.errors import Refused
from concours.platform.record.chain import canonical
from concours.platform.review.domain.reputation import review_records_in

TITLE, TITLE_ZH = "Review bonus", "评审奖励"
THRESHOLD_MILLI = 3_500
LEAST_RATINGS = 2


@dataclass(frozen=True, kw_only=True)
class BonusRule:
    """Who gets a bonus: all duties done in time, and a mean usefulness of `threshold_milli`
    thousandths (1,000 .. 5,000) or more over `least_ratings` ratings or more."""

    threshold_milli: int = THRESHOLD_MILLI
    least_ratings: int = LEAST_RATINGS


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """A reviewer who gets a bonus, with the entry they reviewed for."""

    user_id: int
    entry_id: int
    amount_minor: int


def divided(*, amount_minor: int, among: Sequence[tuple[int, int]]) -> list[Recipient]:
    """The amount in equal whole parts among (person, entry); what does not divide is left over."""
    if not among:
        return []
    each = amount_minor // len(among)
    return [
        Recipient(user_id=user, entry_id=entry, amount_minor=each) for user, entry in sorted(among)
    ]


def recipients_of(*, pool: PrizePool, amount_minor: int, rule: BonusRule) -> list[Recipient]:
    """Who gets how much of `amount_minor` minor units now, by the rule; [] where nobody does."""
    found = outstanding_reviewers(track=pool.track, rule=rule)
    return divided(
        amount_minor=amount_minor, among=[(user, entry) for user, (entry, _told) in found.items()]
    )


def outstanding_reviewers(*, track: Any, rule: BonusRule) -> dict[int, tuple[int, SeasonRecord]]:
    """{person: (their entry, counts)} of a track's reviewers who meet the rule."""
    return {
        user: (entry, told)
        for user, (entry, told) in review_records_in(track=track).items()
        if told.owed
        and told.kept == told.owed
        and len(told.ratings) >= max(1, rule.least_ratings)
        and 1_000 * sum(told.ratings) >= rule.threshold_milli * len(told.ratings)
    }


def checked_recipients(
    *, actor: Any, pool: PrizePool, amount_minor: int, rule: BonusRule
) -> list[Recipient]:
    """Raises Refused for a rule that cannot be, where nobody gets anything, and for a bonus of
    which somebody of the actor's own team would get a part."""
    if not 1_000 <= rule.threshold_milli <= 5_000 or not 1 <= rule.least_ratings <= 1_000:
        raise Refused("bad-rule", _("Usefulness goes from 1 to 5, from at least one rating."))
    found = recipients_of(pool=pool, amount_minor=amount_minor, rule=rule)
    if not found or found[0].amount_minor < 1:
        raise Refused("nobody", _("No reviewer would get anything by this rule."))
    key = getattr(actor, "pk", None)
    entries = entries_by_id(ids=[one.entry_id for one in found])
    if key is not None and any(
        entry.team.memberships.filter(user_id=key).exists() for entry in entries.values()
    ):
        raise Refused("own-award", _("This is an award of your own team; others see to it."))
    return found


def digest_of(recipients: Sequence[Recipient]) -> str:
    """SHA-256 of the canonical JSON of [person, entry, amount] for each."""
    rows = [[one.user_id, one.entry_id, one.amount_minor] for one in recipients]
    return hashlib.sha256(canonical(rows).encode()).hexdigest()


def pay_bonus(*, actor: Any, pool: PrizePool, request: MoneyRequest) -> None:
    """Put each reviewer's bonus on hold, out of the pool; what does not divide stays there.

    Raises Refused where the recipients are no longer those of the time of asking.
    """
    bonus = ReviewBonus.objects.get(request=request)
    rule = BonusRule(threshold_milli=bonus.threshold_milli, least_ratings=bonus.least_ratings)
    recipients = checked_recipients(
        actor=actor, pool=pool, amount_minor=request.amount_minor, rule=rule
    )
    if digest_of(recipients) != bonus.digest:
        raise Refused("changed-since", _("Teams have rated reviews since. Drop this and ask anew."))
    entries = entries_by_id(ids=[one.entry_id for one in recipients])
    for one in recipients:
        payout = Payout(
            pool=pool,
            entry=entries[one.entry_id],
            title=TITLE,
            title_zh=TITLE_ZH,
            amount_minor=one.amount_minor,
            opened_at=clock.now(),
        )
        hold(
            actor=actor,
            pool=pool,
            payout=payout,
            kind=MovementKind.GRANT,
            source=Account.POOL,
            request=request.code,
            asked_by=request.asked_by,
        )
        PayoutShare.objects.create(payout=payout, user_id=one.user_id, parts=1)
        BonusShare.objects.create(bonus=bonus, payout=payout, user_id=one.user_id)
