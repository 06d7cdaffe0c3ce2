"""What a donation lacks for its next step, who is to do it, and where: computed, not ticked off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.donations.enums import (
    LICENSED,
    WITH_DONORS,
    AssetKind,
    DonationState,
    Duty,
)
from concours.platform.donations.models import Donation
from concours.platform.register.domain.entering import donors_named, taken_for_donors


@dataclass(frozen=True, kw_only=True)
class Missing:
    """One thing: `place` is the part of the donation's page, `code` is stable and for programs."""

    code: str
    duty: Duty
    place: str
    text: str | Promise


def missing(donation: Donation) -> list[Missing]:
    """What is missing for the step that comes next; [] where nothing is, or none comes."""
    if donation.state in WITH_DONORS:
        return list(_for_submission(donation))
    if donation.state == DonationState.SUBMITTED:
        return [*_for_submission(donation), *_for_acceptance(donation)]
    if donation.state == DonationState.ACCEPTED:
        return [*_for_submission(donation), *_for_acceptance(donation), *_for_signing(donation)]
    return []


def _theirs(code: str, place: str, text: str | Promise) -> Missing:
    return Missing(code=code, duty=Duty.DONORS, place=place, text=text)


def _staff(code: str, place: str, text: str | Promise) -> Missing:
    return Missing(code=code, duty=Duty.STAFF, place=place, text=text)


def _for_submission(donation: Donation) -> Iterator[Missing]:
    yield from _of_project(donation)
    yield from _of_donors(donation)
    yield from _of_assets(donation)
    if not donation.terms.exists():
        yield _theirs("terms", "terms", _("Say what contributors have agreed to."))
    for terms in donation.terms.all():
        if terms.on_file < terms.contributors:
            text = _("%(number)d of %(all)d are not on file: %(kind)s.") % {
                "number": terms.contributors - terms.on_file,
                "all": terms.contributors,
                "kind": terms.get_kind_display(),
            }
            yield _theirs("terms-not-on-file", "terms", text)


def _of_project(donation: Donation) -> Iterator[Missing]:
    if not donation.summary:
        yield _theirs("summary", "project", _("Write a summary of the project."))
    if not donation.licence:
        yield _theirs("licence", "project", _("Name the project’s licence."))
    if not donation.areas.exists():
        yield _theirs("areas", "project", _("Choose at least one technical area."))
    if taken_for_donors(slug=donation.slug, name=donation.name):
        text = _("The register has a project of this name already; choose another.")
        yield _theirs("name-taken", "project", text)


def _of_donors(donation: Donation) -> Iterator[Missing]:
    text: str | Promise
    parties = list(donation.parties.all())
    if not parties:
        yield _theirs("donors", "donors", _("Name who gives the project."))
        return
    shares = [party.share for party in parties]
    if donation.undivided:
        if any(shares):
            text = _("Shares are written although the donors give undivided.")
            yield _theirs("shares", "donors", text)
    elif any(share is None for share in shares):
        text = _("Write each donor’s share, or say that they give undivided.")
        yield _theirs("shares", "donors", text)
    elif (total := sum((share or Fraction() for share in shares), Fraction())) != 1:
        text = _("The shares add up to %(total)s, not to one.") % {"total": total}
        yield _theirs("shares", "donors", text)
    named = set(donation.mandates.filter(ended_at__isnull=True).values_list("party_id", flat=True))
    known = donors_named(slugs=[party.slug for party in parties])
    for party in parties:
        words = {"name": party.name}
        if party.pk not in named:
            text = _("Name who acts for %(name)s, with the mandate.") % words
            yield _theirs("representative", "mandates", text)
        if party.slug in known and known[party.slug] != party.name:
            text = _("The register knows this donor’s short name as another one: %(name)s.") % words
            yield _theirs("donor-known", "donors", text)


def _of_assets(donation: Donation) -> Iterator[Missing]:
    assets = list(donation.assets.all())
    if not any(asset.kind == AssetKind.REPOSITORY for asset in assets):
        yield _theirs("repository", "assets", _("Name at least one repository."))
    for asset in assets:
        if asset.kind in LICENSED and not asset.licence:
            text = _("Name the licence of %(name)s.") % {"name": asset.name}
            yield _theirs("asset-licence", "assets", text)


def _for_acceptance(donation: Donation) -> Iterator[Missing]:
    text: str | Promise
    today = clock.now().date()
    live = list(donation.mandates.filter(ended_at__isnull=True))
    usable = [one for one in live if one.valid_until is None or one.valid_until >= today]
    for party in donation.parties.all():
        words = {"name": party.name}
        own = [one for one in usable if one.party_id == party.pk]
        if not own and any(one.party_id == party.pk for one in live):
            text = _("The mandate for %(name)s has run out; name another.") % words
            yield _theirs("mandate-over", "mandates", text)
        elif own and all(one.confirmed_at is None for one in own):
            text = _("Look at a mandate for %(name)s and confirm it.") % words
            yield _staff("mandate-unconfirmed", "mandates", text)
    if donation.findings.filter(settled_at__isnull=True).exists():
        yield _staff("finding", "review", _("A finding of the review is not settled."))


def _for_signing(donation: Donation) -> Iterator[Missing]:
    text: str | Promise
    live = donation.mandates.filter(ended_at__isnull=True, confirmed_at__isnull=False)
    if not live.filter(party__isnull=True).exists():
        text = _("Name who signs for the foundation, with a confirmed mandate.")
        yield _staff("foundation", "mandates", text)
    if not donation.place or donation.held_on is None:
        yield _staff("ceremony", "ceremony", _("Say where and on what day it is signed."))
    if donation.witnesses.count() < donation.witnesses_wanted:
        text = _("Name %(wanted)d witnesses.") % {"wanted": donation.witnesses_wanted}
        yield _staff("witnesses", "ceremony", text)
