"""What can be done on a donation's page: each act with its form, its section and its function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms

from concours.platform.core.access import permitted
from concours.platform.donations import domain
from concours.platform.donations.enums import (
    CHANGEABLE,
    UNDER_WAY,
    WITH_DONORS,
    DonationState,
)
from concours.platform.donations.interfaces import forms as f
from concours.platform.donations.models import Donation

ACCEPTED_ON = frozenset({DonationState.ACCEPTED, DonationState.SIGNED})
REVIEWED = UNDER_WAY - {DonationState.SIGNED}
ANY = UNDER_WAY | {DonationState.COMPLETED}


@dataclass(frozen=True, kw_only=True)
class Act:
    """`form` is None for a button; `names` are then the fields that come with it."""

    do: Callable[..., Any]
    states: frozenset[DonationState]
    section: str
    permission: str = "donations.edit"
    form: type[forms.Form] | None = None
    names: tuple[str, ...] = ()

    def open_to(self, user: Any, donation: Donation) -> bool:
        return donation.state in self.states and permitted(user, self.permission, donation)


STAFF = "donations.review"
ACTS: dict[str, Act] = {
    "edit": Act(do=domain.edit_donation, states=CHANGEABLE, section="project", form=f.ProjectForm),
    "donor": Act(do=domain.add_donor, states=CHANGEABLE, section="donors", form=f.DonorForm),
    "drop-donor": Act(do=domain.drop_donor, states=CHANGEABLE, section="donors", names=("slug",)),
    "undivided": Act(
        do=domain.give_undivided, states=CHANGEABLE, section="donors", form=f.UndividedForm
    ),
    "asset": Act(do=domain.add_asset, states=CHANGEABLE, section="assets", form=f.AssetForm),
    "drop-asset": Act(do=domain.drop_asset, states=CHANGEABLE, section="assets", names=("asset",)),
    "move": Act(do=domain.move_asset, states=ANY, section="assets", form=f.MoveForm),
    "terms": Act(do=domain.state_terms, states=CHANGEABLE, section="terms", form=f.TermsForm),
    "mandate": Act(
        do=domain.name_representative, states=CHANGEABLE, section="mandates", form=f.MandateForm
    ),
    "confirm-mandate": Act(
        do=domain.confirm_mandate,
        states=UNDER_WAY,
        section="mandates",
        permission=STAFF,
        names=("mandate",),
    ),
    "end-mandate": Act(
        do=domain.end_mandate, states=UNDER_WAY, section="mandates", names=("mandate",)
    ),
    "submit": Act(do=domain.submit_donation, states=WITH_DONORS, section="review"),
    "finding": Act(
        do=domain.raise_finding,
        states=REVIEWED,
        section="review",
        permission=STAFF,
        form=f.FindingForm,
    ),
    "settle": Act(
        do=domain.settle_finding,
        states=REVIEWED,
        section="review",
        permission=STAFF,
        names=("finding",),
    ),
    "send-back": Act(
        do=domain.send_back,
        states=frozenset({DonationState.SUBMITTED}),
        section="review",
        permission=STAFF,
    ),
    "accept": Act(
        do=domain.accept_donation,
        states=frozenset({DonationState.SUBMITTED}),
        section="review",
        permission=STAFF,
        form=f.AcceptForm,
    ),
    "ceremony": Act(
        do=domain.plan_ceremony,
        states=frozenset({DonationState.ACCEPTED}),
        section="ceremony",
        permission=STAFF,
        form=f.CeremonyForm,
    ),
    "witness": Act(
        do=domain.name_witness,
        states=ACCEPTED_ON,
        section="ceremony",
        permission=STAFF,
        form=f.WitnessForm,
    ),
    "drop-witness": Act(
        do=domain.drop_witness,
        states=ACCEPTED_ON,
        section="ceremony",
        permission=STAFF,
        names=("witness",),
    ),
    "copy": Act(
        do=domain.attach_copy,
        states=ACCEPTED_ON | {DonationState.COMPLETED},
        section="ceremony",
        form=f.CopyForm,
    ),
    "withdraw": Act(
        do=domain.withdraw_donation,
        states=REVIEWED,
        section="project",
        permission="donations.withdraw",
    ),
}


def form_of(name: str, user: Any, donation: Donation, *given: Any) -> forms.Form:
    """The act's form, empty or filled with what was `given` (data, files)."""
    form = ACTS[name].form
    assert form is not None, name  # noqa: S101
    more: dict[str, Any] = {"auto_id": f"id_{name}_%s"}
    if form in {f.ProjectForm, f.MoveForm, f.CeremonyForm, f.MandateForm}:
        more["donation"] = donation
    if form is f.MandateForm:
        more["staff"] = permitted(user, STAFF, donation)
    return form(*given, **more)
