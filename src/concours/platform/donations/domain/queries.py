"""Donations as others may read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from concours.platform.donations.domain.agreement import latest_version
from concours.platform.donations.domain.seats import Seat, seats_of
from concours.platform.donations.enums import DonationState, Role
from concours.platform.donations.models import Donation
from concours.platform.donations.rules import visible_donations

MAX_TERMS = 10


@dataclass(frozen=True, kw_only=True)
class Parties:
    """Who gave a project: `donors` by short name, `names` as they were written in either language,
    and `people`, the keys of those who proposed it or had a mandate of a donor."""

    donors: tuple[str, ...]
    names: frozenset[str]
    people: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class ShownSignature:
    """A signature as everybody may see it. A witness is named; who signed for a side is not."""

    role: Role
    name: str
    person: str
    signed_at: datetime


@dataclass(frozen=True, kw_only=True)
class PublicDonation:
    """All of a completed donation that is for everybody."""

    donation: Donation
    donors: tuple[tuple[str, str], ...]
    place: str
    place_zh: str
    held_on: date | None
    digest: str
    signatures: tuple[ShownSignature, ...]


def parties_of(project: Any) -> Parties:
    """Who gave the register's `project`, for the rules about conflicts of interest.

    Nobody where it did not come in by a donation that was signed here.
    """
    donors: list[str] = []
    names: set[str] = set()
    people: set[int] = set()
    for donation in Donation.objects.filter(project_id=project.pk):
        people.add(donation.proposed_by_id)
        people |= set(
            donation.mandates.filter(party__isnull=False).values_list("user_id", flat=True)
        )
        for party in donation.parties.all():
            donors.append(party.slug)
            names |= {name for name in (party.name, party.name_zh) if name}
    return Parties(donors=tuple(donors), names=frozenset(names), people=frozenset(people))


def donation_of(project: Any) -> Donation | None:
    """The completed donation by which the register's `project` came in, if it was signed here."""
    rows = Donation.objects.filter(project_id=project.pk, state=DonationState.COMPLETED)
    return rows.first()


def search_donations(*, user: Any, text: str, most: int) -> list[Donation]:
    """Those that `user` may see whose project's name holds every word of `text`; the newest first.

    Names alone: what else a donation says is not for all who may see that it is there.
    """
    found = visible_donations(user)
    terms = text.split()[:MAX_TERMS]
    for term in terms:
        found = found.filter(
            Q(name__icontains=term) | Q(name_zh__icontains=term) | Q(slug__icontains=term)
        )
    return list(found[:most]) if terms else []


def public_part(donation: Donation) -> PublicDonation:
    """What everybody may see of a completed donation."""
    version = latest_version(donation)
    seats = seats_of(donation, version)
    return PublicDonation(
        donation=donation,
        donors=tuple((party.name, party.name_zh) for party in donation.parties.all()),
        place=donation.place,
        place_zh=donation.place_zh,
        held_on=donation.held_on,
        digest=version.digest if version else "",
        signatures=tuple(_shown(seat) for seat in seats if seat.signature is not None),
    )


def _shown(seat: Seat) -> ShownSignature:
    assert seat.signature is not None  # noqa: S101
    witness = seat.role == Role.WITNESS
    return ShownSignature(
        role=seat.role,
        name=seat.name,
        person=seat.signature.user.display_name if witness else "",
        signed_at=seat.signature.signed_at,
    )
