"""Payments to members, their receipts, and what winners repay."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.awards.books import dues
from concours.platform.awards.domain.movements import Posting, note, post
from concours.platform.awards.domain.payouts import (
    checked_words,
    lacks_of,
    lock_payout,
    require_disinterested,
)
from concours.platform.awards.domain.request_acts import paid_by_person
from concours.platform.awards.domain.sealing import new_salt, seal_of
from concours.platform.awards.enums import Account, MovementKind
from concours.platform.awards.models import Movement, Payout, Receipt
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.record.chain import canonical

REFERENCE_MOST = 100
FORMAT = "concours-receipt/1"


@transaction.atomic
def pay_member(
    *, actor: Any, payout: Payout, user: Any, amount_minor: int, reference: str, paid_on: date
) -> Receipt:
    """Note that a member was paid, outside the platform, all or part of their share.

    `reference` is the transfer's, by which the bank finds it; never an account's number. Gives the
    numbered receipt. Refused while a paper is missing, above what is due or released, for a
    reference that was noted before, and for a day that has not come.
    """
    payout = lock_payout(payout)
    require(actor, "awards.run_payouts", payout.pool.track)
    require_disinterested(actor, payout)
    reference = checked_words(reference, most=REFERENCE_MOST)
    if paid_on > clock.now().date():
        raise Refused("not-yet", _("A payment is noted when it was made, not before."))
    if lacks_of(payout):
        raise Refused(
            "papers-missing", _("Papers are missing; nothing is paid until all are seen.")
        )
    due = due_by_person(payout).get(user.pk, 0)
    if not 0 < amount_minor <= min(due, payout.released_minor):
        raise Refused("not-due", _("So much is not due to this person."))
    _require_new(payout, user, MovementKind.PAY, reference)
    posting = Posting(
        kind=MovementKind.PAY,
        source=Account.RELEASED,
        target=Account.PAID,
        amount_minor=amount_minor,
        user=user,
        reference=reference,
    )
    movement = post([posting], pool=payout.pool, payout=payout)[0]
    receipt = _issue(payout, movement, user=user, paid_on=paid_on)
    note(
        actor=actor,
        verb="payout.paid",
        subject=payout,
        pool=payout.pool,
        postings=[posting],
        receipt=receipt.code,
        receipt_digest=receipt.digest,
    )
    return receipt


@transaction.atomic
def note_repayment(
    *, actor: Any, payout: Payout, user: Any, amount_minor: int, reference: str
) -> Movement:
    """Note that a winner repaid what was clawed back; it goes into the pool."""
    payout = lock_payout(payout)
    require(actor, "awards.run_payouts", payout.pool.track)
    require_disinterested(actor, payout)
    reference = checked_words(reference, most=REFERENCE_MOST)
    if not 0 < amount_minor <= owed_by_person(payout).get(user.pk, 0):
        raise Refused("not-owed", _("So much is not owed by this person."))
    _require_new(payout, user, MovementKind.RECOVER, reference)
    posting = Posting(
        kind=MovementKind.RECOVER,
        source=Account.OWED,
        target=Account.POOL,
        amount_minor=amount_minor,
        user=user,
        reference=reference,
    )
    movement = post([posting], pool=payout.pool, payout=payout)[0]
    note(
        actor=actor,
        verb="payout.repaid",
        subject=payout,
        pool=payout.pool,
        postings=[posting],
    )
    return movement


def due_by_person(payout: Payout) -> dict[int, int]:
    """What each payee is still to get, by key of the person; nothing without declared shares."""
    parts = dict(payout.shares.values_list("user_id", "parts"))
    if not parts:
        return {}
    return dues(payout.standing_minor, parts=parts, paid=paid_by_person(payout))


def owed_by_person(payout: Payout) -> dict[int, int]:
    """What each payee was asked to give back and has not, by key of the person."""
    found: dict[int, int] = {}
    rows = Movement.objects.filter(
        payout=payout, kind__in=(MovementKind.DEMAND, MovementKind.RECOVER)
    )
    for user_id, kind, amount in rows.values_list("user_id", "kind", "amount_minor"):
        sign = 1 if kind == MovementKind.DEMAND else -1
        found[user_id] = found.get(user_id, 0) + sign * amount
    return found


def _require_new(payout: Payout, user: Any, kind: MovementKind, reference: str) -> None:
    same = Movement.objects.filter(payout=payout, user=user, kind=kind, reference=reference)
    if same.exists():
        raise Refused("noted-already", _("A payment with this reference is noted already."))


def _issue(payout: Payout, movement: Movement, *, user: Any, paid_on: date) -> Receipt:
    track = payout.pool.track
    season = lock(track.season)
    latest = season.receipts.aggregate(latest=models.Max("number"))["latest"] or 0
    receipt = Receipt(
        season=season,
        number=latest + 1,
        movement=movement,
        user=user,
        salt=new_salt(),
        issued_at=clock.now(),
    )
    content = {
        "format": FORMAT,
        "number": receipt.code,
        "season": {"title": season.title, "title_zh": season.title_zh},
        "track": {"title": track.title, "title_zh": track.title_zh},
        "entry": {"code": payout.entry.code, "title": payout.entry.title},
        "award": {"code": payout.code, "title": payout.title, "title_zh": payout.title_zh},
        "payee": {"code": user.code, "name": user.display_name},
        "amount_minor": movement.amount_minor,
        "currency": payout.pool.currency,
        "reference": movement.reference,
        "paid_on": paid_on.isoformat(),
        "issued_at": receipt.issued_at.isoformat(),
    }
    receipt.content = canonical(content)
    receipt.digest = seal_of(salt=receipt.salt, content=content)
    receipt.save()
    return receipt
