"""Acts on money that one person asks for and another confirms."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.awards.domain.money_terms import four_eyes_in
from concours.platform.awards.domain.movements import note
from concours.platform.awards.domain.payouts import (
    checked_words,
    lock_payout,
    lock_pool,
    require_disinterested,
)
from concours.platform.awards.domain.request_acts import (
    ACTS,
    require_in_pool,
    require_outsider,
    require_papers,
)
from concours.platform.awards.enums import (
    RequestKind,
    RequestState,
    ResultState,
)
from concours.platform.awards.models import MoneyRequest, Payout, PrizePool, Result
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.record import domain as record

REASON_MOST = 1_000


@transaction.atomic
def ask_release(*, actor: Any, payout: Payout) -> MoneyRequest:
    """Ask for the release of all that is on hold. Refused while a paper is missing."""
    payout = _for_staff(actor, payout)
    require_papers(payout)
    return ask(
        actor,
        kind=RequestKind.RELEASE,
        pool=payout.pool,
        payout=payout,
        amount_minor=payout.held_minor,
        reason="-",
    )


@transaction.atomic
def ask_claw_back(*, actor: Any, payout: Payout, amount_minor: int, reason: str) -> MoneyRequest:
    """Ask to take money back, with the reason; from what is not paid yet first."""
    payout = _for_staff(actor, payout)
    if not 0 < amount_minor <= payout.standing_minor:
        raise Refused("not-enough", _("There is not so much to take back."))
    return ask(
        actor,
        kind=RequestKind.CLAW_BACK,
        pool=payout.pool,
        payout=payout,
        amount_minor=amount_minor,
        reason=checked_words(reason, most=REASON_MOST),
    )


@transaction.atomic
def ask_grant(
    *, actor: Any, pool: PrizePool, entry: Any, amount_minor: int, reason: str, title: str
) -> MoneyRequest:
    """Ask for an award out of what is in the pool: after an appeal, or for who comes next."""
    pool = settled_pool(actor, pool)
    if entry.track_id != pool.track_id:
        raise Refused("other-track", _("This entry is of another track."))
    require_outsider(actor, entry)
    require_in_pool(pool, amount_minor)
    return ask(
        actor,
        kind=RequestKind.GRANT,
        pool=pool,
        entry=entry,
        amount_minor=amount_minor,
        reason=checked_words(reason, most=REASON_MOST),
        title=checked_words(title, most=200),
    )


@transaction.atomic
def ask_give_back(*, actor: Any, pool: PrizePool, amount_minor: int, reason: str) -> MoneyRequest:
    """Ask to return money from the pool to whoever funded it."""
    pool = settled_pool(actor, pool)
    require_in_pool(pool, amount_minor)
    return ask(
        actor,
        kind=RequestKind.GIVE_BACK,
        pool=pool,
        amount_minor=amount_minor,
        reason=checked_words(reason, most=REASON_MOST),
    )


@transaction.atomic
def confirm_request(*, actor: Any, request: MoneyRequest) -> MoneyRequest:
    """Do what was asked for. Everything is checked again as it is now.

    Raises Refused where the season takes two people and `actor` is who asked.
    """
    pool, request = _open_request(actor, request)
    name = record.name_of(actor)
    if request.four_eyes and name == request.asked_by:
        raise Refused("same-person", _("Who asks does not confirm: somebody else has to look."))
    request.state, request.decided_by = RequestState.CONFIRMED, name
    request.decided_at = clock.now()
    request.save(update_fields=["state", "decided_by", "decided_at"])
    ACTS[RequestKind(request.kind)](actor, pool, request)
    return request


@transaction.atomic
def drop_request(*, actor: Any, request: MoneyRequest) -> MoneyRequest:
    """Let a request fall; who asked may do so too."""
    pool, request = _open_request(actor, request)
    return fall(actor=actor, pool=pool, request=request)


def fall(*, actor: Any, pool: PrizePool, request: MoneyRequest) -> MoneyRequest:
    """Note that an open request came to nothing; its pool is locked by the caller."""
    request.state, request.decided_by = RequestState.DROPPED, record.name_of(actor)
    request.decided_at = clock.now()
    request.save(update_fields=["state", "decided_by", "decided_at"])
    note(
        actor=actor,
        verb="money.request-dropped",
        subject=request.payout or pool,
        pool=pool,
        kind=request.kind,
        request=request.code,
    )
    return request


def ask(actor: Any, *, pool: PrizePool, **fields: Any) -> MoneyRequest:
    """Store a request of a locked pool, with its event; one at a time of a payout or a pool."""
    payout = fields.get("payout")
    waiting = MoneyRequest.objects.filter(pool=pool, payout=payout, state=RequestState.OPEN)
    if waiting.exists():
        raise Refused("asked-already", _("Something is asked for already; decide that first."))
    if fields["amount_minor"] <= 0:
        raise Refused("nothing-there", _("There is nothing to move."))
    request = MoneyRequest.objects.create(
        pool=pool,
        four_eyes=four_eyes_in(season_id=pool.track.season_id),
        asked_by=record.name_of(actor),
        asked_at=clock.now(),
        **fields,
    )
    note(
        actor=actor,
        verb="money.asked",
        subject=payout or pool,
        pool=pool,
        kind=request.kind,
        request=request.code,
        amount_minor=request.amount_minor,
        four_eyes=request.four_eyes,
    )
    return request


def _open_request(actor: Any, request: MoneyRequest) -> tuple[PrizePool, MoneyRequest]:
    pool = lock_pool(request.pool)
    require(actor, "awards.run_payouts", pool.track)
    request = lock(request)
    if request.payout is not None:
        require_disinterested(actor, request.payout)
    if request.state != RequestState.OPEN:
        raise Refused("decided-already", _("This request is decided already."))
    return pool, request


def _for_staff(actor: Any, payout: Payout) -> Payout:
    payout = lock_payout(payout)
    require(actor, "awards.run_payouts", payout.pool.track)
    require_disinterested(actor, payout)
    return payout


def settled_pool(actor: Any, pool: PrizePool) -> PrizePool:
    """The pool, locked, of a track whose result is published; for its staff."""
    pool = lock_pool(pool)
    require(actor, "awards.run_payouts", pool.track)
    if not Result.objects.filter(track=pool.track, state=ResultState.PUBLISHED).exists():
        raise Refused("no-result", _("The result of this track is not published yet."))
    return pool
