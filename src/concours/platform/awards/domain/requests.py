"""Acts on money that one person asks for and another confirms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from concours.platform.awards.books import take_back
from concours.platform.awards.domain.bonus import pay_bonus
from concours.platform.awards.domain.money_terms import four_eyes_in
from concours.platform.awards.domain.movements import Posting, note, post
from concours.platform.awards.domain.payouts import (
    checked_words,
    hold,
    lacks_of,
    lock_payout,
    lock_pool,
    require_disinterested,
)
from concours.platform.awards.enums import (
    Account,
    MovementKind,
    RequestKind,
    RequestState,
    ResultState,
)
from concours.platform.awards.models import MoneyRequest, Movement, Payout, PrizePool, Result
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
    _require_papers(payout)
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
    _require_outsider(actor, entry)
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
    _ACTS[RequestKind(request.kind)](actor, pool, request)
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
    _require_papers(payout)
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
    _require_outsider(actor, entry)
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


_ACTS: dict[RequestKind, Callable[[Any, PrizePool, MoneyRequest], None]] = {
    RequestKind.RELEASE: _release,
    RequestKind.CLAW_BACK: _claw_back,
    RequestKind.GRANT: _grant,
    RequestKind.GIVE_BACK: _give_back,
    RequestKind.BONUS: _bonus,
}


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


def _require_papers(payout: Payout) -> None:
    if lacks_of(payout):
        raise Refused(
            "papers-missing", _("Papers are missing; the money stays on hold until all are seen.")
        )


def require_in_pool(pool: PrizePool, amount_minor: int) -> None:
    """Raises Refused unless so much is in the pool."""
    if not 0 < amount_minor <= pool.kept_minor:
        raise Refused("not-enough", _("There is not so much money in the pool."))


def _require_outsider(actor: Any, entry: Any) -> None:
    key = getattr(actor, "pk", None)
    if key is not None and entry.team.memberships.filter(user_id=key).exists():
        raise Refused("own-award", _("This is an award of your own team; others see to it."))
