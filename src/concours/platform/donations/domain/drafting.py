"""Proposing a candidate project, and what is said of it as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.wording import one_line, passage
from concours.platform.donations.domain import words
from concours.platform.donations.domain.agreement import redraw
from concours.platform.donations.domain.noting import lock_donation, note
from concours.platform.donations.enums import CHANGEABLE, UNDER_WAY, DonationState
from concours.platform.donations.models import Donation

MOST_OPEN = 20
MOST_SUMMARY = 5_000


@transaction.atomic
def propose_donation(
    *,
    actor: Any,
    slug: str,
    name: str,
    name_zh: str = "",
    summary: str = "",
    summary_zh: str = "",
    areas: Sequence[str] = (),
    homepage: str = "",
    licence: str = "",
) -> Donation:
    """Begin the donation of a project; whoever is signed in may. `areas` are short names.

    Raises Refused for texts that cannot be kept, an unknown area or licence, and beyond twenty
    donations of one person under way.
    """
    require(actor, "donations.propose")
    open_ones = Donation.objects.filter(proposed_by=actor, state__in=UNDER_WAY)
    if open_ones.count() >= MOST_OPEN:
        raise Refused(
            "too-many-donations",
            _("You have %(most)d donations under way already.") % {"most": MOST_OPEN},
        )
    donation = Donation(proposed_by=actor, proposed_at=clock.now())
    _fill(donation, slug, name, name_zh, summary, summary_zh, homepage, licence)
    found = _areas(areas)
    donation.save()
    donation.areas.set(found)
    note(actor=actor, verb="donation.proposed", donation=donation)
    return donation


@transaction.atomic
def edit_donation(
    *,
    actor: Any,
    donation: Donation,
    slug: str,
    name: str,
    name_zh: str = "",
    summary: str = "",
    summary_zh: str = "",
    areas: Sequence[str] = (),
    homepage: str = "",
    licence: str = "",
) -> Donation:
    """Say it all anew, as `propose_donation`; refused while it is reviewed and once signed."""
    donation = lock_donation(donation, states=CHANGEABLE)
    require(actor, "donations.edit", donation)
    _fill(donation, slug, name, name_zh, summary, summary_zh, homepage, licence)
    donation.save()
    donation.areas.set(_areas(areas))
    note(actor=actor, verb="donation.edited", donation=donation, what="project")
    redraw(actor=actor, donation=donation)
    return donation


@transaction.atomic
def withdraw_donation(*, actor: Any, donation: Donation) -> Donation:
    """The donors' side takes it back, until both sides have signed."""
    states = UNDER_WAY - {DonationState.SIGNED}
    donation = lock_donation(donation, states=states)
    require(actor, "donations.withdraw", donation)
    donation.state = DonationState.WITHDRAWN
    donation.save(update_fields=["state"])
    note(actor=actor, verb="donation.withdrawn", donation=donation)
    return donation


def _fill(
    donation: Donation,
    slug: str,
    name: str,
    name_zh: str,
    summary: str,
    summary_zh: str,
    homepage: str,
    licence: str,
) -> None:
    donation.slug = words.short_name(slug)
    donation.name = words.needed_line(name, most=200)
    donation.name_zh = one_line(name_zh, most=200)
    donation.summary = passage(summary.strip(), most=MOST_SUMMARY)
    donation.summary_zh = passage(summary_zh.strip(), most=MOST_SUMMARY)
    donation.homepage = words.address(homepage)
    donation.licence = words.licence(licence)


def _areas(slugs: Sequence[str]) -> list[Any]:
    field: Any = Donation._meta.get_field("areas")
    areas = field.remote_field.model._default_manager
    found = list(areas.filter(slug__in=list(slugs)))
    unknown = set(slugs) - {area.slug for area in found}
    if unknown:
        raise Refused(
            "unknown-area",
            _("The register knows no area %(slug)s.") % {"slug": min(unknown)},
        )
    return found
