"""The money of awards: opened with the result, shared among members, verified by papers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.awards.domain.movements import Posting, note, post
from concours.platform.awards.enums import (
    Account,
    MovementKind,
    PaperKind,
    RequestState,
    ResultState,
)
from concours.platform.awards.models import (
    Award,
    BonusShare,
    MoneyRequest,
    Paper,
    Payout,
    PayoutShare,
    PrizePool,
    Result,
)
from concours.platform.awards.numbers import holds_private_number
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.record import domain as record

PARTS_MOST = 10_000
NOTE_MOST = 200


@dataclass(frozen=True, kw_only=True)
class Lack:
    """A paper that was not seen yet, of this person; `user` is None for the licence. The kind is
    "" where the captain has not declared the shares."""

    kind: str
    user: Any = None


def open_payouts(*, actor: Any, result: Result) -> list[Payout]:
    """Put every award of a published result on hold, and each pool's reserve into the pool.

    Within the transaction that publishes. Awards of nothing have no payout; awards that have one
    already are passed over, so that results from before there were payouts can be opened later.
    """
    opened = []
    for pool in lock_pools(result.track_id):
        awards = Award.objects.filter(result=result, pool=pool, payout__isnull=True)
        for award in awards.select_related("entry").order_by("pk"):
            if award.amount_minor:
                opened.append(hold_award(actor=actor, pool=pool, award=award))
    return opened


@transaction.atomic
def open_later(*, actor: Any, result: Result) -> list[Payout]:
    """Open the payouts of a result that was published before there were any."""
    track = lock(result.track)
    require(actor, "awards.run_payouts", track)
    if lock(result).state != ResultState.PUBLISHED:
        raise Refused("no-result", _("The result of this track is not published yet."))
    return open_payouts(actor=actor, result=result)


def reserve(*, actor: Any, pool: PrizePool, amount_minor: int) -> None:
    """Put what the result reserved for appeals into the pool, with its event."""
    posting = Posting(
        kind=MovementKind.RESERVE,
        source=Account.PRIZES,
        target=Account.POOL,
        amount_minor=amount_minor,
    )
    post([posting], pool=pool)
    note(actor=actor, verb="pool.reserved", subject=pool, pool=pool, postings=[posting])


def hold(
    *,
    actor: Any,
    pool: PrizePool,
    payout: Payout,
    kind: MovementKind,
    source: Account,
    **more: Any,
) -> Payout:
    """Store a new payout whose whole amount is on hold, out of `source`."""
    posting = Posting(
        kind=kind, source=source, target=Account.HELD, amount_minor=payout.amount_minor
    )
    # Balanced from the first row on: the database refuses a payout that does not add up.
    payout.held_minor = payout.amount_minor
    payout.save()
    payout.held_minor = 0
    post([posting], pool=pool, payout=payout)
    note(
        actor=actor,
        verb="payout.held" if kind == MovementKind.HOLD else "payout.granted",
        subject=payout,
        pool=pool,
        postings=[posting],
        entry=payout.entry.code,
        title=payout.title,
        **more,
    )
    return payout


@transaction.atomic
def declare_shares(*, actor: Any, payout: Payout, shares: Mapping[Any, int]) -> Payout:
    """The captain says which member gets how many parts of all parts; replaces what was said.

    `shares` is {member: whole parts of 1 to 10,000}. Refused for people outside the team, and once
    staff was asked to release the money: papers were seen of those who were to be paid then.
    """
    payout = lock_payout(payout)
    require(actor, "awards.declare_shares", payout)
    if BonusShare.objects.filter(payout=payout).exists():
        raise Refused("a-bonus", _("A bonus for reviews is the reviewer’s own."))
    _require_before_release(payout)
    members = set(payout.entry.team.memberships.values_list("user_id", flat=True))
    if not shares or any(user.pk not in members for user in shares):
        raise Refused("not-members", _("Shares are for members of the team, at least one."))
    if any(type(parts) is not int or not 1 <= parts <= PARTS_MOST for parts in shares.values()):
        raise Refused("bad-parts", _("A share has from 1 to 10,000 whole parts."))
    payout.shares.all().delete()
    PayoutShare.objects.bulk_create(
        PayoutShare(payout=payout, user=user, parts=parts) for user, parts in shares.items()
    )
    note(
        actor=actor,
        verb="payout.shares-declared",
        subject=payout,
        pool=payout.pool,
        # Who gets how much is nobody's but the team's and the desk's.
        members=len(shares),
    )
    return payout


@transaction.atomic
def confirm_paper(
    *, actor: Any, payout: Payout, kind: PaperKind, user: Any = None, what: str
) -> Paper:
    """Staff has seen this paper; `what` says what it was ("passport, at the prize-giving").

    Identity and tax papers are of one payee, the licence of the entry. Neither the paper nor any
    number from it is kept. Refused for people without a share, twice, and for one's own award.
    """
    payout = lock_payout(payout)
    require(actor, "awards.run_payouts", payout.pool.track)
    require_disinterested(actor, payout)
    what = checked_words(what, most=NOTE_MOST)
    if kind not in PaperKind or (kind == PaperKind.LICENCE) != (user is None):
        raise Refused(
            "bad-paper", _("Identity and tax papers are a person's, the licence nobody's.")
        )
    if user is not None and not payout.shares.filter(user=user).exists():
        raise Refused("no-share", _("This person has no share of the award."))
    if payout.papers.filter(kind=kind, user=user, withdrawn_at__isnull=True).exists():
        raise Refused("confirmed-already", _("This paper is confirmed already."))
    paper = Paper.objects.create(
        payout=payout,
        kind=kind,
        user=user,
        note=what,
        confirmed_by=record.name_of(actor),
        confirmed_at=clock.now(),
    )
    note(actor=actor, verb="payout.paper-confirmed", subject=payout, pool=payout.pool, kind=kind)
    return paper


@transaction.atomic
def withdraw_paper(*, actor: Any, paper: Paper) -> Paper:
    """Take a confirmation back: the paper turned out not to be what it was taken for. Nothing more
    is released or paid until another is confirmed."""
    payout = lock_payout(paper.payout)
    require(actor, "awards.run_payouts", payout.pool.track)
    require_disinterested(actor, payout)
    paper = lock(paper)
    if paper.withdrawn_at is not None:
        raise Refused("withdrawn-already", _("This confirmation is withdrawn already."))
    paper.withdrawn_at = clock.now()
    paper.save(update_fields=["withdrawn_at"])
    note(
        actor=actor,
        verb="payout.paper-withdrawn",
        subject=payout,
        pool=payout.pool,
        kind=paper.kind,
    )
    return paper


def lacks_of(payout: Payout) -> list[Lack]:
    """What is missing before the money may be released."""
    payees = [share.user for share in payout.shares.select_related("user")]
    if not payees:
        return [Lack(kind="")]
    rows = payout.papers.filter(withdrawn_at__isnull=True)
    seen = {(paper.kind, paper.user_id) for paper in rows}
    wanted = [Lack(kind=PaperKind.LICENCE)] + [
        Lack(kind=kind, user=user)
        for user in payees
        for kind in (PaperKind.IDENTITY, PaperKind.TAX)
    ]
    return [lack for lack in wanted if (lack.kind, getattr(lack.user, "pk", None)) not in seen]


def lock_payout(payout: Payout) -> Payout:
    """The payout as it is stored now, and its pool, locked until the transaction ends."""
    pool = lock_pool(payout.pool)
    found = (
        Payout.objects.select_for_update(of=("self",), no_key=True)
        .select_related("entry__team", "entry__track")
        .get(pk=payout.pk)
    )
    found.pool = pool
    return found


def lock_pool(pool: PrizePool) -> PrizePool:
    """The pool with its track and season, locked until the transaction ends."""
    return (
        PrizePool.objects.select_for_update(of=("self",), no_key=True)
        .select_related("track__season")
        .get(pk=pool.pk)
    )


def lock_pools(track_id: int) -> list[PrizePool]:
    """All pools of a track, locked: before the record's head, which the first event takes."""
    rows = PrizePool.objects.select_for_update(of=("self",), no_key=True).select_related(
        "track__season"
    )
    return list(rows.filter(track_id=track_id).order_by("pk"))


def lock_books(track_id: int) -> None:
    """All pools and payouts of a track, locked in the order of their keys."""
    pools = lock_pools(track_id)
    rows = Payout.objects.select_for_update(of=("self",), no_key=True)
    list(rows.filter(pool__in=pools).order_by("pk"))


def require_disinterested(actor: Any, payout: Payout) -> None:
    """Refuse staff who would act on an award of their own team."""
    key = getattr(actor, "pk", None)
    if key is not None and payout.entry.team.memberships.filter(user_id=key).exists():
        raise Refused("own-award", _("This is an award of your own team; others see to it."))


def checked_words(text: str, *, most: int) -> str:
    """Words for the desk, stripped. Refused when empty, too long, or with a private number."""
    words = text.strip() if isinstance(text, str) else ""
    if not words or len(words) > most or "\x00" in words:
        raise Refused("bad-text", _("Give 1 to %(most)d characters.") % {"most": most})
    if holds_private_number(words):
        raise Refused(
            "private-number",
            _(
                "This looks like the number of a bank account, a card or an identity paper. "
                "Such numbers are not kept here."
            ),
        )
    return words


def hold_award(*, actor: Any, pool: PrizePool, award: Award) -> Payout:
    """Put an award on hold; all of it is theirs who are alone in their team."""
    payout = Payout(
        pool=pool,
        entry=award.entry,
        award=award,
        title=award.title,
        title_zh=award.title_zh,
        amount_minor=award.amount_minor,
        opened_at=clock.now(),
    )
    hold(actor=actor, pool=pool, payout=payout, kind=MovementKind.HOLD, source=Account.PRIZES)
    members = list(award.entry.team.memberships.all()[:2])
    if len(members) == 1:
        PayoutShare.objects.create(payout=payout, user_id=members[0].user_id, parts=1)
    return payout


def _require_before_release(payout: Payout) -> None:
    open_ = MoneyRequest.objects.filter(payout=payout, state=RequestState.OPEN).exists()
    if open_ or payout.held_minor != payout.amount_minor:
        raise Refused(
            "shares-fixed",
            _("The release of this award is under way; its shares stay as they are."),
        )
