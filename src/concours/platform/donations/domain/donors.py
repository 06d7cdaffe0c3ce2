"""Who gives, and with what share."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.wording import one_line
from concours.platform.donations.domain import words
from concours.platform.donations.domain.agreement import redraw
from concours.platform.donations.domain.noting import lock_donation, note
from concours.platform.donations.enums import CHANGEABLE
from concours.platform.donations.models import Donation, Party, Signature
from concours.platform.register.enums import DonorKind

MOST_DONORS = 50


@transaction.atomic
def add_donor(
    *,
    actor: Any,
    donation: Donation,
    slug: str,
    name: str,
    name_zh: str = "",
    kind: str = DonorKind.LEGAL_ENTITY.value,
    registered_as: str = "",
    address: str = "",
    share: str = "",
) -> Party:
    """Name a donor, or say one anew: `slug` is its short name, in the register too.

    `registered_as` and `address` stand in the agreement and nowhere else. Raises Refused for a kind
    or share that is none, and beyond fifty donors.
    """
    donation = lock_donation(donation, states=CHANGEABLE)
    require(actor, "donations.edit", donation)
    slug = words.short_name(slug)
    if kind not in DonorKind.values:
        raise Refused("unknown-kind", _("%(kind)s is no kind of donor.") % {"kind": kind})
    parties = donation.parties.all()
    party = parties.filter(slug=slug).first()
    if party is None:
        if parties.count() >= MOST_DONORS:
            raise Refused(
                "too-many-donors",
                _("A donation has at most %(most)d donors.") % {"most": MOST_DONORS},
            )
        last = parties.last()
        party = Party(donation=donation, slug=slug, position=last.position + 1 if last else 1)
    given = words.share(share)
    party.name = words.needed_line(name, most=200)
    party.name_zh = one_line(name_zh, most=200)
    party.kind = kind
    party.registered_as = one_line(registered_as, most=100)
    party.address = one_line(address, most=300)
    party.share_numerator = given.numerator if given else None
    party.share_denominator = given.denominator if given else None
    party.save()
    note(actor=actor, verb="donation.edited", donation=donation, what="donors")
    redraw(actor=actor, donation=donation)
    return party


@transaction.atomic
def drop_donor(*, actor: Any, donation: Donation, slug: str) -> Donation:
    """Take a donor out again, with its mandates. One that signed any version stays: Refused."""
    donation = lock_donation(donation, states=CHANGEABLE)
    require(actor, "donations.edit", donation)
    party = donation.parties.filter(slug=slug).first()
    if party is None:
        raise Refused("no-such-donor", _("The donation has no such donor."))
    if Signature.objects.filter(party=party).exists():
        raise Refused("has-signed", _("This donor signed a version; that cannot be undone."))
    party.delete()
    note(actor=actor, verb="donation.edited", donation=donation, what="donors")
    redraw(actor=actor, donation=donation)
    return donation


@transaction.atomic
def give_undivided(*, actor: Any, donation: Donation, undivided: bool) -> Donation:
    """Say whether the donors give together, without shares."""
    donation = lock_donation(donation, states=CHANGEABLE)
    require(actor, "donations.edit", donation)
    donation.undivided = undivided
    donation.save(update_fields=["undivided"])
    note(actor=actor, verb="donation.edited", donation=donation, what="shares")
    redraw(actor=actor, donation=donation)
    return donation
