"""Payouts as pages and the API show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from concours.platform.awards.domain.paying import due_by_person, owed_by_person
from concours.platform.awards.domain.payouts import lacks_of
from concours.platform.awards.domain.request_acts import paid_by_person
from concours.platform.awards.enums import PaperKind
from concours.platform.awards.models import Payout
from concours.platform.awards.rules import visible_receipts


@dataclass(frozen=True, kw_only=True)
class Payee:
    """A member's part of an award; amounts in minor units."""

    user: Any
    parts: int
    paid: int
    due: int
    owed: int
    receipts: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Missing:
    """A paper that nobody has seen yet; `kind` "" where shares are not declared."""

    kind: str
    label: str
    user: Any


def payees_of(*, user: Any, payout: Payout) -> list[Payee]:
    """Everyone with a share, with those receipts that `user` may read."""
    paid, due, owed = paid_by_person(payout), due_by_person(payout), owed_by_person(payout)
    # After a claw-back a member may be due more than the award still has.
    there = payout.held_minor + payout.released_minor
    receipts = list(
        visible_receipts(user).filter(movement__payout=payout).select_related("season", "movement")
    )
    return [
        Payee(
            user=share.user,
            parts=share.parts,
            paid=paid.get(share.user_id, 0),
            due=min(due.get(share.user_id, 0), there),
            owed=owed.get(share.user_id, 0),
            receipts=tuple(one for one in receipts if one.user_id == share.user_id),
        )
        for share in payout.shares.select_related("user")
    ]


def missing_of(payout: Payout) -> list[Missing]:
    return [
        Missing(
            kind=lack.kind,
            label=str(PaperKind(lack.kind).label) if lack.kind else "",
            user=lack.user,
        )
        for lack in lacks_of(payout)
    ]


def members_of(payout: Payout) -> list[Any]:
    """The team's members, captain first."""
    return [row.user for row in payout.entry.team.memberships.select_related("user")]


def name_of_actor(name: str) -> str:
    """Somebody as the record names them, without the word before it."""
    return name.partition(":")[2] or name
