"""What handovers keep of people, for accounts: leaving, merging, taking one's data along."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from concours.platform.accounts.domain.holdings import Erasing, Exported, Holding
from concours.platform.core import clock
from concours.platform.handover.domain.asking import take_agreement_back
from concours.platform.handover.enums import HandoverState
from concours.platform.handover.models import Handover, MemberWish, ReviewLeave


def against_merging(first: Any, second: Any) -> Iterator[str]:
    """Two wishes of one team cannot become one: which of them holds is for the person to say."""
    both = MemberWish.objects.filter(user=first).values("handover_id")
    if MemberWish.objects.filter(user=second, handover_id__in=both).exists():
        yield _("Both accounts have said what goes along when an entry is handed over.")


def against_erasing(user: Any) -> Iterator[str]:
    """Nothing: what is handed over holds no name and no text."""
    return iter(())


def exported(user: Any) -> Exported:
    wishes = MemberWish.objects.filter(user=user).order_by("pk")
    leaves = ReviewLeave.objects.filter(reviewer=user).order_by("pk")
    agreed = Handover.objects.filter(agreed_by=user).order_by("pk")
    return Exported(
        data={
            "wishes": list(wishes.values("handover__entry__code", "named", "mentors", "said_at")),
            "leaves": list(leaves.values("duty", "given_at", "withdrawn_at")),
            "agreed": list(agreed.values("entry__code", "agreed_at", "repository_shown")),
        }
    )


def moved(source: Any, target: Any) -> None:
    """Nothing beside the foreign keys."""


def erased(going: Erasing) -> None:
    """Names and texts no longer stand beside dossiers; an agreement before the act is void.

    The address of the repository was theirs to show, and goes too.
    """
    MemberWish.objects.filter(user=going.user).update(named=False, mentors=False)
    ReviewLeave.objects.filter(reviewer=going.user, withdrawn_at__isnull=True).update(
        withdrawn_at=clock.now()
    )
    for handover in Handover.objects.filter(agreed_by=going.user).order_by("pk"):
        if handover.state == HandoverState.AGREED:
            take_agreement_back(handover)
        else:
            Handover.objects.filter(pk=handover.pk).update(repository_shown=False)


HOLDING = Holding(
    name="handover",
    against_merging=against_merging,
    against_erasing=against_erasing,
    exported=exported,
    moved=moved,
    erased=erased,
)
