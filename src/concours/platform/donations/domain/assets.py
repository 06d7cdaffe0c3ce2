"""What goes over with the project, how far that has come, and what contributors agreed to."""

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
from concours.platform.donations.domain.papers import keep
from concours.platform.donations.enums import (
    CHANGEABLE,
    LICENSED,
    UNDER_WAY,
    AssetKind,
    AssetState,
    DonationState,
    PaperPurpose,
    TermsKind,
)
from concours.platform.donations.models import Asset, ContributorTerms, Donation, Paper

MOST_ASSETS = 100
MOST_COUNT = 10_000_000
PROVED = frozenset({AssetState.TRANSFERRED, AssetState.CONFIRMED})


@transaction.atomic
def add_asset(
    *,
    actor: Any,
    donation: Donation,
    kind: str,
    name: str,
    owner: str,
    location: str = "",
    licence: str = "",
) -> Asset:
    """Name an asset, or say one anew: kind and name tell which.

    Raises Refused for code or hardware without an SPDX licence, and beyond a hundred assets.
    """
    donation = lock_donation(donation, states=CHANGEABLE)
    require(actor, "donations.edit", donation)
    if kind not in AssetKind.values:
        raise Refused("unknown-kind", _("%(kind)s is no kind of asset.") % {"kind": kind})
    name = words.needed_line(name, most=200)
    asset = donation.assets.filter(kind=kind, name=name).first()
    if asset is None:
        if donation.assets.count() >= MOST_ASSETS:
            raise Refused(
                "too-many-assets",
                _("A donation has at most %(most)d assets.") % {"most": MOST_ASSETS},
            )
        asset = Asset(donation=donation, kind=kind, name=name)
    asset.owner = words.needed_line(owner, most=200)
    asset.location = words.address(location)
    asset.licence = words.licence(licence)
    if kind in LICENSED and not asset.licence:
        raise Refused("licence-needed", _("Name this asset’s licence, by its SPDX short name."))
    asset.save()
    note(actor=actor, verb="donation.edited", donation=donation, what="assets")
    redraw(actor=actor, donation=donation)
    return asset


@transaction.atomic
def drop_asset(*, actor: Any, donation: Donation, asset: str) -> Donation:
    """Take an asset out again; `asset` is its code."""
    donation = lock_donation(donation, states=CHANGEABLE)
    require(actor, "donations.edit", donation)
    the_asset(donation, asset).delete()
    note(actor=actor, verb="donation.edited", donation=donation, what="assets")
    redraw(actor=actor, donation=donation)
    return donation


def move_asset(
    *,
    actor: Any,
    donation: Donation,
    asset: str,
    state: str,
    evidence: str = "",
    name: str = "",
    content: bytes = b"",
) -> Asset:
    """Say how far an asset's transfer has come; it goes on after the signing.

    A step ahead at a time. From transferred on it needs evidence: a line, a file, or both. Staff
    alone confirm, and alone move back. Raises Refused otherwise.
    """
    require(actor, "donations.edit", donation)

    def act(paper: Paper | None) -> Asset:
        return _move(actor, donation, asset, state, evidence, paper)

    if not content:
        with transaction.atomic():
            return act(None)
    return keep(
        actor=actor,
        donation=donation,
        purpose=PaperPurpose.EVIDENCE,
        name=name,
        content=content,
        then=act,
    )


@transaction.atomic
def state_terms(
    *, actor: Any, donation: Donation, kind: str, on_file: int, contributors: int
) -> ContributorTerms:
    """Say what contributors agreed to: of `contributors`, `on_file` are held (0 <= both).

    Raises Refused for more on file than contributors.
    """
    donation = lock_donation(donation, states=CHANGEABLE)
    require(actor, "donations.edit", donation)
    if kind not in TermsKind.values:
        raise Refused("unknown-kind", _("%(kind)s is no kind of agreement.") % {"kind": kind})
    if not 0 <= on_file <= contributors <= MOST_COUNT:
        raise Refused("bad-count", _("There cannot be more on file than there are contributors."))
    terms, _made = ContributorTerms.objects.update_or_create(
        donation=donation,
        kind=kind,
        defaults={"on_file": on_file, "contributors": contributors},
    )
    note(actor=actor, verb="donation.edited", donation=donation, what="terms")
    redraw(actor=actor, donation=donation)
    return terms


def the_asset(donation: Donation, code: str) -> Asset:
    found = donation.assets.filter(code=code).first()
    if found is None:
        raise Refused("no-such-asset", _("The donation has no such asset."))
    return found


def _move(
    actor: Any, donation: Donation, code: str, state: str, evidence: str, paper: Paper | None
) -> Asset:
    states = UNDER_WAY | {DonationState.COMPLETED}
    donation = lock_donation(donation, states=states)
    asset = the_asset(donation, code)
    if state not in AssetState.values:
        raise Refused("unknown-state", _("%(state)s is no state.") % {"state": state})
    steps = list(AssetState)
    ahead = steps.index(AssetState(state)) - steps.index(AssetState(asset.state))
    if ahead < 0 or state == AssetState.CONFIRMED:
        require(actor, "donations.review", donation)
    if ahead == 0 or ahead > 1:
        raise Refused("step-skipped", _("An asset moves one step at a time."))
    asset.evidence = one_line(evidence, most=500) or asset.evidence
    asset.paper = paper or asset.paper
    if state in PROVED and not (asset.evidence or asset.paper):
        raise Refused("evidence-needed", _("Say how the transfer can be seen, or add a file."))
    asset.state = state
    asset.save()
    note(
        actor=actor,
        verb="donation.asset-moved",
        donation=donation,
        asset=asset.code,
        state=state,
        digest=paper.digest if paper else "",
    )
    return asset
