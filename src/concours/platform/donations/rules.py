"""Who may see and do what with donations."""

from __future__ import annotations

from typing import Any

import rules
from django.db.models import Q, QuerySet

from concours.platform.accounts.domain.permissions import is_organiser, signed_in
from concours.platform.core import clock
from concours.platform.donations.enums import DonationState, PaperPurpose
from concours.platform.donations.models import Donation, Mandate, Paper, Witness


@rules.predicate
def organises_all(user: Any, subject: Any) -> bool:
    """Donations are the foundation's, not a season's."""
    return is_organiser(user, None)


@rules.predicate
def proposed(user: Any, donation: Donation) -> bool:
    return bool(user.pk is not None and user.is_active and donation.proposed_by_id == user.pk)


@rules.predicate
def acts_for_a_donor(user: Any, donation: Donation) -> bool:
    """Whether `user` has a confirmed mandate of one of the donors that is in force today."""
    return bool(
        user.pk is not None
        and user.is_active
        and mandates_in_force().filter(donation=donation, user=user, party__isnull=False).exists()
    )


@rules.predicate
def is_named(user: Any, donation: Donation) -> bool:
    """Whether `user` is to sign for anybody, or to witness."""
    if user.pk is None or not user.is_active:
        return False
    return (
        Mandate.objects.filter(donation=donation, user=user, ended_at__isnull=True).exists()
        or Witness.objects.filter(donation=donation, user=user).exists()
    )


rules.add_perm("donations.propose", signed_in)
rules.add_perm("donations.edit", proposed | acts_for_a_donor | organises_all)
rules.add_perm("donations.withdraw", proposed | acts_for_a_donor)
rules.add_perm("donations.review", organises_all)
rules.add_perm("donations.read_whole", proposed | acts_for_a_donor | organises_all)
rules.add_perm("donations.read_agreement", proposed | organises_all | is_named)
# In what right somebody signs is looked at seat by seat: see domain/seats.py.
rules.add_perm("donations.sign", is_named)


def mandates_in_force() -> QuerySet[Mandate]:
    """Confirmed mandates that today is within."""
    today = clock.now().date()
    return Mandate.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=today),
        confirmed_at__isnull=False,
        ended_at__isnull=True,
        valid_from__lte=today,
    )


def own_donations(user: Any) -> QuerySet[Donation]:
    """Those that the user proposed, or is to sign or witness."""
    if user.pk is None or not user.is_active:
        return Donation.objects.none()
    mandates = Mandate.objects.filter(user_id=user.pk, ended_at__isnull=True)
    witnesses = Witness.objects.filter(user_id=user.pk)
    return Donation.objects.filter(
        Q(proposed_by_id=user.pk)
        | Q(pk__in=mandates.values("donation_id"))
        | Q(pk__in=witnesses.values("donation_id"))
    )


def visible_donations(user: Any) -> QuerySet[Donation]:
    """Completed ones for everybody; others for those who take part, and for staff."""
    if is_organiser(user, None):
        return Donation.objects.all()
    return Donation.objects.filter(
        Q(state=DonationState.COMPLETED) | Q(pk__in=own_donations(user).values("pk"))
    )


def visible_papers(user: Any) -> QuerySet[Paper]:
    """All for staff; one's own; signed copies and evidence for the donors' side; nobody else's
    mandate."""
    if is_organiser(user, None):
        return Paper.objects.all()
    if user.pk is None or not user.is_active:
        return Paper.objects.none()
    of_mandates = Mandate.objects.filter(user_id=user.pk, ended_at__isnull=True)
    acting = mandates_in_force().filter(user_id=user.pk, party__isnull=False)
    shared = Q(purpose__in=[PaperPurpose.EVIDENCE, PaperPurpose.SIGNED_COPY])
    return Paper.objects.filter(
        Q(added_by_id=user.pk)
        | Q(pk__in=of_mandates.values("paper_id"))
        | shared & Q(donation_id__in=acting.values("donation_id"))
        | shared & Q(donation__proposed_by_id=user.pk)
    )
