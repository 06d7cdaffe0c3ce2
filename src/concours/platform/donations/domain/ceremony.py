"""The ceremony: where and when it is signed, in what order, and who witnesses."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.accounts.domain.lookups import organisation_names, organisations_of
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.wording import one_line, spelling
from concours.platform.donations.domain import words
from concours.platform.donations.domain.agreement import latest_version
from concours.platform.donations.domain.mandates import person_of
from concours.platform.donations.domain.noting import lock_donation, note
from concours.platform.donations.enums import DonationState
from concours.platform.donations.models import Donation, Signature, Witness

MOST_WITNESSES = 20


@transaction.atomic
def plan_ceremony(
    *,
    actor: Any,
    donation: Donation,
    place: str,
    held_on: date,
    witnesses_wanted: int,
    place_zh: str = "",
    in_order: bool = False,
) -> Donation:
    """Say where and on what day it is signed, and how many witnesses complete it (0..20).

    Raises Refused for a day before the acceptance, and once somebody has signed this version.
    """
    donation = lock_donation(donation, states={DonationState.ACCEPTED})
    require(actor, "donations.review", donation)
    _require_unsigned(donation)
    if donation.accepted_at is None or held_on < donation.accepted_at.date():
        raise Refused("dates-reversed", _("It is signed on the day of acceptance or later."))
    if not 0 <= witnesses_wanted <= MOST_WITNESSES:
        raise Refused("bad-count", _("A ceremony has 0 to 20 witnesses."))
    donation.place = words.needed_line(place, most=200)
    donation.place_zh = one_line(place_zh, most=200)
    donation.held_on, donation.in_order = held_on, in_order
    donation.witnesses_wanted = witnesses_wanted
    donation.save()
    note(
        actor=actor,
        verb="donation.ceremony-planned",
        donation=donation,
        held_on=held_on.isoformat(),
        witnesses=witnesses_wanted,
        in_order=in_order,
    )
    return donation


@transaction.atomic
def name_witness(
    *, actor: Any, donation: Donation, user: str, organisation: str, organisation_zh: str = ""
) -> Witness:
    """Name who witnesses for what authority; `user` is the code of an account.

    Raises Refused for whoever is of a side, by what they do here or by where they belong.
    """
    donation = lock_donation(donation, states={DonationState.ACCEPTED, DonationState.SIGNED})
    require(actor, "donations.review", donation)
    person = person_of(user)
    organisation = words.needed_line(organisation, most=200)
    organisation_zh = one_line(organisation_zh, most=200)
    if donation.witnesses.filter(user=person).exists():
        raise Refused("is-witness", _("This person is a witness already."))
    if donation.witnesses.count() >= MOST_WITNESSES:
        raise Refused("bad-count", _("A ceremony has 0 to 20 witnesses."))
    require_apart(donation, person, organisation, organisation_zh)
    witness = Witness.objects.create(
        donation=donation,
        user=person,
        organisation=organisation,
        organisation_zh=organisation_zh,
    )
    note(actor=actor, verb="donation.witness-named", donation=donation, witness=witness.code)
    return witness


@transaction.atomic
def drop_witness(*, actor: Any, donation: Donation, witness: str) -> Donation:
    """Take a witness out again who has signed no version."""
    donation = lock_donation(donation, states={DonationState.ACCEPTED, DonationState.SIGNED})
    require(actor, "donations.review", donation)
    found = donation.witnesses.filter(code=witness).first()
    if found is None:
        raise Refused("no-such-witness", _("The donation has no such witness."))
    if Signature.objects.filter(witness=found).exists():
        raise Refused("has-signed", _("This witness has signed; that cannot be undone."))
    found.delete()
    note(actor=actor, verb="donation.witness-dropped", donation=donation, witness=witness)
    return donation


def require_apart(donation: Donation, person: Any, *organisations: str) -> None:
    """Raise Refused where `person`, or an organisation they are of or act for, is of a side."""
    acts = donation.mandates.filter(ended_at__isnull=True, user=person).exists()
    own = organisations_of(user_ids=[person.pk]).get(person.pk, frozenset())
    names = [*organisations, *organisation_names(ids=own).values(), person.display_name]
    spelt = {spelling(name) for name in names if name}
    sides = {donation.receiver, donation.receiver_zh}
    for party in donation.parties.all():
        sides |= {party.name, party.name_zh}
    if (
        acts
        or donation.proposed_by_id == person.pk
        or spelt & {spelling(one) for one in sides if one}
    ):
        raise Refused("witness-is-party", _("Whoever is of a side cannot witness."))


def _require_unsigned(donation: Donation) -> None:
    version = latest_version(donation)
    if version is not None and version.signatures.exists():
        raise Refused("signing-begun", _("Somebody has signed already; place and day stand."))
