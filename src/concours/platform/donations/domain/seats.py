"""The seats at the ceremony: who is to sign, in what right, and whose turn it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from concours.platform.core import clock
from concours.platform.donations.domain.agreement import latest_version
from concours.platform.donations.enums import Role
from concours.platform.donations.models import (
    AgreementVersion,
    Donation,
    Mandate,
    Party,
    Signature,
    Witness,
)

FOUNDATION = "foundation"


@dataclass(frozen=True, kw_only=True)
class Seat:
    """One signature that is wanted; `key` names it. `mandates` are those in force today."""

    key: str
    role: Role
    name: str
    party: Party | None = None
    witness: Witness | None = None
    mandates: tuple[Mandate, ...] = ()
    signature: Signature | None = None

    def mandate_of(self, user_id: int) -> Mandate | None:
        return next((one for one in self.mandates if one.user_id == user_id), None)

    def is_for(self, user_id: int) -> bool:
        if self.witness is not None:
            return self.witness.user_id == user_id
        return self.mandate_of(user_id) is not None


def seats_of(donation: Donation, version: AgreementVersion | None = None) -> list[Seat]:
    """All seats under the version (the latest, if none is given), in order: donors, the foundation,
    witnesses."""
    version = version or latest_version(donation)
    signatures = list(version.signatures.select_related("user")) if version else []
    mandates = list(donation.mandates.select_related("user", "paper"))
    today = clock.now().date()
    found = [
        Seat(
            key=f"donor:{party.slug}",
            role=Role.DONOR,
            name=str(party),
            party=party,
            mandates=_in_force(mandates, party.pk, today),
            signature=next((one for one in signatures if one.party_id == party.pk), None),
        )
        for party in donation.parties.all()
    ]
    found.append(
        Seat(
            key=FOUNDATION,
            role=Role.FOUNDATION,
            name=donation.receiver,
            mandates=_in_force(mandates, None, today),
            signature=next((one for one in signatures if one.role == Role.FOUNDATION), None),
        )
    )
    return found + [
        Seat(
            key=f"witness:{witness.code}",
            role=Role.WITNESS,
            name=str(witness),
            witness=witness,
            signature=next((one for one in signatures if one.witness_id == witness.pk), None),
        )
        for witness in donation.witnesses.select_related("user")
    ]


def before(seat: Seat, seats: list[Seat], *, in_order: bool) -> list[Seat]:
    """The unsigned seats that come before `seat`: for a witness both sides, whose signatures it
    witnesses; for a side, those before it where the ceremony has an order."""
    sides = [one for one in seats if one.role != Role.WITNESS]
    if seat.role != Role.WITNESS:
        sides = sides[: sides.index(seat)] if in_order else []
    return [one for one in sides if one.signature is None]


def both_sides_signed(seats: list[Seat]) -> bool:
    return all(one.signature is not None for one in seats if one.role != Role.WITNESS)


def witnessed(seats: list[Seat]) -> int:
    return sum(one.signature is not None for one in seats if one.role == Role.WITNESS)


def _in_force(mandates: list[Mandate], party: int | None, day: date) -> tuple[Mandate, ...]:
    return tuple(one for one in mandates if one.party_id == party and one.in_force(day))
