"""Donations locked, and their events."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.donations.enums import DonationState
from concours.platform.donations.models import Donation
from concours.platform.record import domain as record


def lock_donation(donation: Donation, *, states: Collection[DonationState]) -> Donation:
    """The donation as it is now, locked until the transaction ends.

    Raises Refused unless it is in one of `states`.
    """
    donation = lock(donation)
    if donation.state not in states:
        raise Refused(
            "wrong-state",
            _("This donation is %(state)s; that cannot be done now.")
            % {"state": donation.get_state_display()},
        )
    return donation


def note(*, actor: Any, verb: str, donation: Donation, **data: Any) -> None:
    """The event of a donation. Until it is completed others may not know of it: no names here."""
    record.append(actor=actor, verb=verb, subject=donation, data=data)
