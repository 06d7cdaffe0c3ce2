"""What donations keep of a person, and what a merge or an erasure means to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from concours.platform.accounts.domain.holdings import Erasing, Exported, Holding
from concours.platform.donations.enums import UNDER_WAY
from concours.platform.donations.models import Donation, Mandate, Paper, Signature, Witness


def against_merging(first: Any, second: Any) -> Iterator[str]:
    """One who acts and one who witnesses must not become one; nor two witnesses."""
    for one, other in ((first, second), (second, first)):
        witnessed = Witness.objects.filter(user=one).values("donation_id")
        acts = Mandate.objects.filter(user=other, donation_id__in=witnessed)
        proposed = Donation.objects.filter(proposed_by=other, pk__in=witnessed)
        if acts.exists() or proposed.exists():
            yield _("One account witnesses a donation in which the other acts for a side.")
    both = Witness.objects.filter(user=first).values("donation_id")
    if Witness.objects.filter(user=second, donation_id__in=both).exists():
        yield _("Both accounts witness the same donation.")


def against_erasing(user: Any) -> Iterator[str]:
    """Donations under way that rest on the person."""
    for donation in Donation.objects.filter(proposed_by=user, state__in=UNDER_WAY):
        yield _("You proposed the donation “%(name)s”, which is under way.") % {"name": donation}
    mandates = Mandate.objects.filter(user=user, ended_at__isnull=True)
    for mandate in mandates.filter(donation__state__in=UNDER_WAY).select_related("donation"):
        yield (
            _("You have a mandate in the donation “%(name)s”, which is under way.")
            % {"name": mandate.donation}
        )


def exported(user: Any) -> Exported:
    proposed = Donation.objects.filter(proposed_by=user).order_by("pk")
    mandates = Mandate.objects.filter(user=user).order_by("pk")
    signatures = Signature.objects.filter(user=user).order_by("pk")
    papers = Paper.objects.filter(added_by=user).order_by("pk")
    return Exported(
        data={
            "proposed": list(proposed.values("code", "name", "state", "proposed_at")),
            "mandates": list(
                mandates.values(
                    "donation__code", "party__name", "office", "valid_from", "valid_until"
                )
            ),
            "witnessed": list(
                Witness.objects.filter(user=user)
                .order_by("pk")
                .values("donation__code", "organisation")
            ),
            "signatures": list(
                signatures.values("version__donation__code", "version__digest", "role", "signed_at")
            ),
        },
        files={f"donations/{one.code}-{one.name}": str(one.file.name) for one in papers},
    )


def moved(source: Any, target: Any) -> None:
    """Nothing beside the foreign keys."""


def erased(going: Erasing) -> None:
    """Mandates and signatures stay: a contract rests on them."""


HOLDING = Holding(
    name="donations",
    against_merging=against_merging,
    against_erasing=against_erasing,
    exported=exported,
    moved=moved,
    erased=erased,
)
