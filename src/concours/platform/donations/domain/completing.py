"""The end: the project enters the register as a candidate, with its donors and the day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.actors import System
from concours.platform.core.errors import Refused
from concours.platform.donations.domain.noting import note
from concours.platform.donations.domain.seats import Seat
from concours.platform.donations.enums import DonationState
from concours.platform.donations.models import AgreementVersion, Donation
from concours.platform.register import domain as register
from concours.platform.register.domain.entering import (
    donors_named,
    taken_for_donors,
)
from concours.platform.register.enums import Stage

# The last signature may be a stranger's to the register: it enters by what was signed.
ENTERING = System("donations")


def complete(*, donation: Donation, version: AgreementVersion, seats: Sequence[Seat]) -> None:
    """Enter the project, within the caller's transaction.

    A candidate without a donor under that short name becomes the donors'. Raises Refused where the
    register has another project of that name meanwhile.
    """
    if taken_for_donors(slug=donation.slug, name=donation.name):
        raise Refused(
            "name-taken", _("The register has a project of this name already; choose another.")
        )
    parties = list(donation.parties.all())
    # Whom the register has is not said anew by a donation.
    known = donors_named(slugs=[party.slug for party in parties])
    register.import_register(
        actor=ENTERING,
        donors=[
            register.DonorPlan(
                slug=party.slug, name=party.name, name_zh=party.name_zh, kind=party.kind
            )
            for party in parties
            if party.slug not in known
        ],
        projects=[_plan(donation, [party.slug for party in parties])],
        source=version.digest,
    )
    donation.project = _registered(donation)
    donation.state, donation.completed_at = DonationState.COMPLETED, clock.now()
    donation.save(update_fields=["state", "completed_at", "project"])
    note(
        actor=ENTERING,
        verb="donation.completed",
        donation=donation,
        version=version.number,
        digest=version.digest,
        donors=[party.slug for party in parties],
        witnesses_wanted=donation.witnesses_wanted,
        signatures=[seat.key for seat in seats if seat.signature is not None],
        place=donation.place,
        held_on=donation.held_on.isoformat() if donation.held_on else "",
        project=donation.slug,
    )


def _plan(donation: Donation, donors: list[str]) -> register.ProjectPlan:
    areas: list[str] = list(donation.areas.values_list("slug", flat=True))
    return register.ProjectPlan(
        slug=donation.slug,
        name=donation.name,
        stage=Stage.CANDIDATE.value,
        name_zh=donation.name_zh,
        summary=donation.summary,
        summary_zh=donation.summary_zh,
        areas=areas,
        donors=donors,
        homepage=donation.homepage,
        licence=donation.licence,
        signed_on=donation.signed_on,
        since=donation.signed_on,
    )


def _registered(donation: Donation) -> Any:
    field: Any = Donation._meta.get_field("project")
    projects = field.remote_field.model._default_manager
    return projects.get(slug=donation.slug)
