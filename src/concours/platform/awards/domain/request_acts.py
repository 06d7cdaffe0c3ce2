"""What a confirmed request for money does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from concours.platform.awards.books import take_back
from concours.platform.awards.domain.bonus import pay_bonus
from concours.platform.awards.domain.movements import Posting, note, post
from concours.platform.awards.domain.payouts import (
    hold,
    lacks_of,
    lock_payout,
)
from concours.platform.awards.enums import (
    Account,
    MovementKind,
    RequestKind,
)
from concours.platform.awards.models import MoneyRequest, Movement, Payout, PrizePool
from concours.platform.core import clock
from concours.platform.core.errors import Refused


def paid_by_person(payout: Payout) -> dict[int, int]:
    """What each payee got and was not asked to give back, by key of the person."""
    found: dict[int, int] = {}
    sums = (
        Movement.objects.filter(payout=payout, kind__in=(MovementKind.PAY, MovementKind.DEMAND))
        .order_by()
        .values_list("user_id", "kind")
        .annotate(total=Sum("amount_minor"))
    )
    for user_id, kind, total in sums:
        found[user_id] = found.get(user_id, 0) + (total if kind == MovementKind.PAY else -total)
    return found


def _release(actor: Any, pool: PrizePool, request: MoneyRequest) -> None:
    payout = lock_payout(request.payout)  # type: ignore[arg-type]
    require_papers(payout)
    if payout.held_minor != request.amount_minor:
        raise Refused("changed-since", _("The amount has changed since it was asked for."))
    posting = Posting(
        kind=MovementKind.RELEASE,
        source=Account.HELD,
        target=Account.RELEASED,
        amount_minor=request.amount_minor,
    )
    post([posting], pool=payout.pool, payout=payout)
    _told(actor, "payout.released", payout, request, [posting])


def _claw_back(actor: Any, pool: PrizePool, request: MoneyRequest) -> None:
    payout = lock_payout(request.payout)  # type: ignore[arg-type]
    try:
        taken = take_back(
            request.amount_minor,
            held=payout.held_minor,
            released=payout.released_minor,
            paid=paid_by_person(payout),
        )
    except ValueError as error:
        raise Refused("not-enough", _("There is not so much to take back.")) from error
    postings = [
        Posting(kind=MovementKind.WITHDRAW, source=source, target=Account.POOL, amount_minor=amount)
        for source, amount in ((Account.HELD, taken.held), (Account.RELEASED, taken.released))
        if amount
    ]
    people = {share.user_id: share.user for share in payout.shares.select_related("user")}
    postings += [
        Posting(
            kind=MovementKind.DEMAND,
            source=Account.PAID,
            target=Account.OWED,
            amount_minor=amount,
            user=people[key],
        )
        for key, amount in sorted(taken.demanded.items())
    ]
    post(postings, pool=payout.pool, payout=payout)
    _told(actor, "payout.clawed-back", payout, request, postings)


def _grant(actor: Any, pool: PrizePool, request: MoneyRequest) -> None:
    require_in_pool(pool, request.amount_minor)
    entry = request.entry
    require_outsider(actor, entry)
    payout = Payout(
        pool=pool,
        entry=entry,
        title=request.title,
        title_zh=request.title_zh,
        amount_minor=request.amount_minor,
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
    request.payout = payout
    request.save(update_fields=["payout"])


def _give_back(actor: Any, pool: PrizePool, request: MoneyRequest) -> None:
    require_in_pool(pool, request.amount_minor)
    posting = Posting(
        kind=MovementKind.GIVE_BACK,
        source=Account.POOL,
        target=Account.SPONSOR,
        amount_minor=request.amount_minor,
    )
    post([posting], pool=pool)
    _told(actor, "pool.given-back", pool, request, [posting])


def _bonus(actor: Any, pool: PrizePool, request: MoneyRequest) -> None:
    require_in_pool(pool, request.amount_minor)
    pay_bonus(actor=actor, pool=pool, request=request)


ACTS: dict[RequestKind, Callable[[Any, PrizePool, MoneyRequest], None]] = {
    RequestKind.RELEASE: _release,
    RequestKind.CLAW_BACK: _claw_back,
    RequestKind.GRANT: _grant,
    RequestKind.GIVE_BACK: _give_back,
    RequestKind.BONUS: _bonus,
}


def _told(
    actor: Any, verb: str, subject: Any, request: MoneyRequest, postings: list[Posting]
) -> None:
    note(
        actor=actor,
        verb=verb,
        subject=subject,
        pool=request.pool,
        postings=postings,
        request=request.code,
        asked_by=request.asked_by,
        **({} if request.reason == "-" else {"reason": request.reason}),
    )


def require_papers(payout: Payout) -> None:
    if lacks_of(payout):
        raise Refused(
            "papers-missing", _("Papers are missing; the money stays on hold until all are seen.")
        )


def require_in_pool(pool: PrizePool, amount_minor: int) -> None:
    """Raises Refused unless so much is in the pool."""
    if not 0 < amount_minor <= pool.kept_minor:
        raise Refused("not-enough", _("There is not so much money in the pool."))


def require_outsider(actor: Any, entry: Any) -> None:
    key = getattr(actor, "pk", None)
    if key is not None and entry.team.memberships.filter(user_id=key).exists():
        raise Refused("own-award", _("This is an award of your own team; others see to it."))
