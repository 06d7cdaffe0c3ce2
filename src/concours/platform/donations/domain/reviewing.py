"""The preliminary review: handing in, findings, sent back, or passed on to the agreement."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.wording import one_line, passage
from concours.platform.donations.domain import words
from concours.platform.donations.domain.agreement import redraw
from concours.platform.donations.domain.completeness import missing
from concours.platform.donations.domain.noting import lock_donation, note
from concours.platform.donations.enums import UNDER_WAY, WITH_DONORS, DonationState
from concours.platform.donations.models import Donation, Finding

MOST_FINDINGS = 100


@transaction.atomic
def submit_donation(*, actor: Any, donation: Donation) -> Donation:
    """Hand it in for review. Raises Refused while anything is missing that the donors owe."""
    donation = lock_donation(donation, states=WITH_DONORS)
    require(actor, "donations.edit", donation)
    _require_complete(donation)
    donation.state, donation.submitted_at = DonationState.SUBMITTED, clock.now()
    donation.save(update_fields=["state", "submitted_at"])
    note(actor=actor, verb="donation.submitted", donation=donation)
    return donation


@transaction.atomic
def raise_finding(*, actor: Any, donation: Donation, text: str) -> Finding:
    """Write down what staff found."""
    donation = lock_donation(donation, states=UNDER_WAY - {DonationState.SIGNED})
    require(actor, "donations.review", donation)
    kept = passage(text.strip(), most=5_000)
    if not kept:
        raise Refused("empty", _("Write what you found."))
    if donation.findings.count() >= MOST_FINDINGS:
        raise Refused("too-many-findings", _("A donation has at most a hundred findings."))
    finding = Finding.objects.create(
        donation=donation, text=kept, raised_by=actor, raised_at=clock.now()
    )
    note(actor=actor, verb="donation.finding-raised", donation=donation, finding=finding.pk)
    return finding


@transaction.atomic
def settle_finding(*, actor: Any, donation: Donation, finding: int) -> Finding:
    """Staff see that it is mended."""
    donation = lock_donation(donation, states=UNDER_WAY - {DonationState.SIGNED})
    require(actor, "donations.review", donation)
    found = donation.findings.filter(pk=finding, settled_at__isnull=True).first()
    if found is None:
        raise Refused("no-such-finding", _("The donation has no such open finding."))
    found.settled_at = clock.now()
    found.save(update_fields=["settled_at"])
    note(actor=actor, verb="donation.finding-settled", donation=donation, finding=found.pk)
    return found


@transaction.atomic
def send_back(*, actor: Any, donation: Donation) -> Donation:
    """Back to the donors' side. Raises Refused without an open finding: they must know why."""
    donation = lock_donation(donation, states={DonationState.SUBMITTED})
    require(actor, "donations.review", donation)
    if not donation.findings.filter(settled_at__isnull=True).exists():
        raise Refused("finding-needed", _("Write down first what is to be mended."))
    donation.state = DonationState.SENT_BACK
    donation.save(update_fields=["state"])
    note(actor=actor, verb="donation.sent-back", donation=donation)
    return donation


@transaction.atomic
def accept_donation(
    *, actor: Any, donation: Donation, receiver: str, receiver_zh: str = ""
) -> Donation:
    """Pass it on to the agreement, whose first version is drawn up with the foundation's name.

    Raises Refused while anything is missing, such as a mandate that nobody confirmed.
    """
    donation = lock_donation(donation, states={DonationState.SUBMITTED})
    require(actor, "donations.review", donation)
    _require_complete(donation)
    donation.receiver = words.needed_line(receiver, most=200)
    donation.receiver_zh = one_line(receiver_zh, most=200)
    donation.state, donation.accepted_at = DonationState.ACCEPTED, clock.now()
    donation.save(update_fields=["state", "accepted_at", "receiver", "receiver_zh"])
    note(actor=actor, verb="donation.accepted", donation=donation)
    redraw(actor=actor, donation=donation)
    return donation


def _require_complete(donation: Donation) -> None:
    lacking = missing(donation)
    if lacking:
        raise Refused("incomplete", " ".join(str(one.text) for one in lacking[:5]))
