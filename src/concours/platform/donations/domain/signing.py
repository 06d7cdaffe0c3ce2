"""Signing the latest version, and what follows when all have."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.donations.domain.agreement import latest_version
from concours.platform.donations.domain.ceremony import require_apart
from concours.platform.donations.domain.completeness import missing
from concours.platform.donations.domain.completing import complete
from concours.platform.donations.domain.confirming import Proof, require_proof
from concours.platform.donations.domain.noting import lock_donation, note
from concours.platform.donations.domain.papers import keep
from concours.platform.donations.domain.seats import (
    Seat,
    before,
    both_sides_signed,
    seats_of,
    witnessed,
)
from concours.platform.donations.enums import DonationState, PaperPurpose, Role
from concours.platform.donations.models import AgreementVersion, Donation, Paper, Signature

SIGNING = frozenset({DonationState.ACCEPTED, DonationState.SIGNED})


def sign(*, actor: Any, donation: Donation, seat: str, digest: str, proof: Proof) -> Signature:
    """Sign the version with that digest, in the seat with that key, on the ceremony's day or later.

    When every donor and the foundation have signed, the donation is signed; when as many witnesses
    as are wanted have too, it is completed and the project enters the register, in the same
    transaction. Raises Refused for a version that was replaced, somebody else's seat, a mandate not
    in force today, a donation that lacks something, a seat that has signed or whose turn it is not,
    a day too early, and for a witness who is of a side.
    """
    require(actor, "donations.sign", donation)
    # Before the transaction: a wrong password is counted although nothing is signed.
    require_proof(actor=actor, proof=proof)
    with transaction.atomic():
        donation = lock_donation(donation, states=SIGNING)
        require(actor, "donations.sign", donation)
        version = _the_version(donation, digest)
        taken = _the_seat(donation, version, seat, actor)
        _require_ready(donation)
        signature = _put_down(actor, donation, version, taken)
        _follow_up(actor, donation, version)
    return signature


def attach_copy(*, actor: Any, donation: Donation, name: str, content: bytes) -> Paper:
    """Add a signed copy on paper, scanned. It is kept with its digest and decides nothing."""
    require(actor, "donations.edit", donation)

    def act(paper: Paper) -> Paper:
        locked = lock_donation(donation, states=SIGNING | {DonationState.COMPLETED})
        note(
            actor=actor,
            verb="donation.copy-attached",
            donation=locked,
            paper=paper.code,
            digest=paper.digest,
        )
        return paper

    return keep(
        actor=actor,
        donation=donation,
        purpose=PaperPurpose.SIGNED_COPY,
        name=name,
        content=content,
        then=act,
    )


def _the_version(donation: Donation, digest: str) -> AgreementVersion:
    version = latest_version(donation)
    if version is None or version.digest != digest:
        raise Refused(
            "version-replaced",
            _("The agreement was changed meanwhile. Read the newer version, then sign that."),
        )
    return version


def _the_seat(donation: Donation, version: AgreementVersion, key: str, actor: Any) -> Seat:
    seats = seats_of(donation, version)
    seat = next((one for one in seats if one.key == key), None)
    if seat is None or not seat.is_for(actor.pk):
        raise Refused("no-mandate", _("You have no mandate in force today to sign here."))
    if seat.signature is not None:
        raise Refused("signed-already", _("This is signed already."))
    waiting = before(seat, seats, in_order=donation.in_order)
    if waiting:
        raise Refused("not-your-turn", _("%(name)s signs before you.") % {"name": waiting[0].name})
    if seat.witness is not None:
        witness = seat.witness
        require_apart(donation, actor, witness.organisation, witness.organisation_zh)
    return seat


def _require_ready(donation: Donation) -> None:
    lacking = [one for one in missing(donation) if one.code != "witnesses"]
    if lacking:
        raise Refused("incomplete", str(lacking[0].text))
    if donation.held_on is None or clock.now().date() < donation.held_on:
        raise Refused("too-early", _("It is signed on the ceremony’s day or later."))


def _put_down(actor: Any, donation: Donation, version: AgreementVersion, seat: Seat) -> Signature:
    mandate = seat.mandate_of(actor.pk) if seat.role != Role.WITNESS else None
    signature = Signature.objects.create(
        version=version,
        role=seat.role,
        party=seat.party,
        witness=seat.witness,
        mandate=mandate,
        user=actor,
        signed_at=clock.now(),
    )
    note(
        actor=actor,
        verb="donation.signed",
        donation=donation,
        version=version.number,
        digest=version.digest,
        seat=seat.key,
        mandate=_told(mandate) if mandate else None,
    )
    return signature


def _told(mandate: Any) -> dict[str, str]:
    return {
        "paper": mandate.paper.digest,
        "from": mandate.valid_from.isoformat(),
        "until": mandate.valid_until.isoformat() if mandate.valid_until else "",
    }


def _follow_up(actor: Any, donation: Donation, version: AgreementVersion) -> None:
    seats = seats_of(donation, version)
    if not both_sides_signed(seats):
        return
    if donation.state == DonationState.ACCEPTED:
        donation.state, donation.signed_on = DonationState.SIGNED, clock.now().date()
        donation.save(update_fields=["state", "signed_on"])
        note(
            actor=actor,
            verb="donation.both-sides-signed",
            donation=donation,
            version=version.number,
            digest=version.digest,
        )
    if witnessed(seats) >= donation.witnesses_wanted:
        complete(donation=donation, version=version, seats=seats)
