"""Who acts for a donor or the foundation, by what document, and from when until when."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.donations.domain import words
from concours.platform.donations.domain.noting import lock_donation, note
from concours.platform.donations.domain.papers import keep
from concours.platform.donations.enums import CHANGEABLE, UNDER_WAY, PaperPurpose
from concours.platform.donations.models import Donation, Mandate, Paper, Witness

MOST_MANDATES = 100


def name_representative(
    *,
    actor: Any,
    donation: Donation,
    donor: str,
    user: str,
    office: str,
    valid_from: date,
    valid_until: date | None = None,
    name: str,
    content: bytes,
) -> Mandate:
    """Say who acts for a donor (by short name; "" for the foundation, which staff alone do).

    `user` is the code of an account; `name` and `content` are the document, kept private. It is
    without force until staff confirm it. Raises Refused for dates in the wrong order, an unknown
    person or donor, one who witnesses, and one who stands on the other side.
    """
    require(actor, "donations.edit" if donor else "donations.review", donation)
    office = words.needed_line(office, most=100)
    if valid_until is not None and valid_until < valid_from:
        raise Refused("dates-reversed", _("A mandate ends on the day it begins or later."))
    person = person_of(user)

    def act(paper: Paper) -> Mandate:
        locked = lock_donation(donation, states=CHANGEABLE)
        party = locked.parties.filter(slug=donor).first() if donor else None
        if donor and party is None:
            raise Refused("no-such-donor", _("The donation has no such donor."))
        _require_free(locked, person, for_foundation=not donor)
        mandate = Mandate.objects.create(
            donation=locked,
            party=party,
            user=person,
            office=office,
            paper=paper,
            valid_from=valid_from,
            valid_until=valid_until,
            named_by=actor,
        )
        note(
            actor=actor,
            verb="donation.mandate-named",
            donation=locked,
            mandate=mandate.code,
            digest=paper.digest,
        )
        return mandate

    return keep(
        actor=actor,
        donation=donation,
        purpose=PaperPurpose.MANDATE,
        name=name,
        content=content,
        then=act,
    )


@transaction.atomic
def confirm_mandate(*, actor: Any, donation: Donation, mandate: str) -> Mandate:
    """Staff have looked at the document. Nobody confirms a mandate of their own."""
    donation = lock_donation(donation, states=UNDER_WAY)
    require(actor, "donations.review", donation)
    found = _the_mandate(donation, mandate)
    if found.user_id == actor.pk:
        raise Refused("own-mandate", _("Have somebody else confirm your own mandate."))
    if found.confirmed_at is not None:
        raise Refused("confirmed-already", _("This mandate is confirmed already."))
    found.confirmed_at = clock.now()
    found.confirmed_by = actor if actor.pk is not None else None
    found.save(update_fields=["confirmed_at", "confirmed_by"])
    note(
        actor=actor,
        verb="donation.mandate-confirmed",
        donation=donation,
        mandate=found.code,
        digest=found.paper.digest,
    )
    return found


@transaction.atomic
def end_mandate(*, actor: Any, donation: Donation, mandate: str) -> Mandate:
    """A mandate ends now; what was signed under it stays signed."""
    donation = lock_donation(donation, states=UNDER_WAY)
    require(actor, "donations.edit", donation)
    found = _the_mandate(donation, mandate)
    if found.party_id is None:
        require(actor, "donations.review", donation)
    found.ended_at = clock.now()
    found.save(update_fields=["ended_at"])
    note(actor=actor, verb="donation.mandate-ended", donation=donation, mandate=found.code)
    return found


def person_of(code: str) -> Any:
    """The person with that account's code. Raises Refused for none."""
    people = get_user_model()._default_manager
    found = people.filter(code=code.strip(), is_active=True).first()
    if found is None:
        raise Refused("no-such-person", _("Nobody has an account with this code."))
    return found


def _the_mandate(donation: Donation, code: str) -> Mandate:
    found = donation.mandates.filter(code=code, ended_at__isnull=True).first()
    if found is None:
        raise Refused("no-such-mandate", _("The donation has no such mandate in force."))
    return found


def _require_free(donation: Donation, person: Any, *, for_foundation: bool) -> None:
    mandates = donation.mandates.filter(ended_at__isnull=True)
    if mandates.count() >= MOST_MANDATES:
        raise Refused(
            "too-many-mandates",
            _("A donation has at most %(most)d mandates.") % {"most": MOST_MANDATES},
        )
    if mandates.filter(user=person, party__isnull=not for_foundation).exists():
        raise Refused("both-sides", _("This person acts for the other side already."))
    if Witness.objects.filter(donation=donation, user=person).exists():
        raise Refused("is-witness", _("Whoever witnesses acts for no side."))
