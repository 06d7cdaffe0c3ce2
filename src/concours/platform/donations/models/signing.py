from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models

from concours.platform.core.ids import new_code
from concours.platform.core.text import localised
from concours.platform.donations.enums import Role
from concours.platform.donations.models.assets import Paper
from concours.platform.donations.models.donation import Donation, Party


class Mandate(models.Model):
    """That a person acts for a donor, or without a party for the foundation, as `paper` says.

    In force from `valid_from` to `valid_until`, both included, once staff have confirmed it.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    donation = models.ForeignKey(Donation, on_delete=models.CASCADE, related_name="mandates")
    party = models.ForeignKey(
        Party, on_delete=models.CASCADE, related_name="mandates", null=True, blank=True
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    office = models.CharField(max_length=100)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("donation_id", "party__position", "pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="a_mandate_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return self.office

    def in_force(self, day: date) -> bool:
        return (
            self.confirmed_at is not None
            and self.ended_at is None
            and self.valid_from <= day
            and (self.valid_until is None or day <= self.valid_until)
        )


class Witness(models.Model):
    """A person who, for an authority, is to witness the signatures."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    donation = models.ForeignKey(Donation, on_delete=models.CASCADE, related_name="witnesses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.CharField(max_length=200)
    organisation_zh = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("donation_id", "pk")
        constraints = [
            models.UniqueConstraint(fields=["donation", "user"], name="a_witness_once"),
        ]

    def __str__(self) -> str:
        return localised(self, "organisation")


class AgreementVersion(models.Model):
    """The agreement in both languages as it was drawn up; never changed afterwards.

    `digest` is the SHA-256 over the canonical form of both texts; see domain/agreement.py.
    """

    donation = models.ForeignKey(Donation, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    text_zh = models.TextField()
    digest = models.CharField(max_length=64)
    drawn_at = models.DateTimeField()

    class Meta:
        ordering = ("donation_id", "number")
        constraints = [
            models.UniqueConstraint(fields=["donation", "number"], name="one_version_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.donation_id}/{self.number}"


class Signature(models.Model):
    """One signature under one version. `signed_at` is when the person signed, signed in."""

    version = models.ForeignKey(
        AgreementVersion, on_delete=models.PROTECT, related_name="signatures"
    )
    role = models.CharField(max_length=10, choices=Role.choices)
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    witness = models.ForeignKey(
        Witness, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    mandate = models.ForeignKey(
        Mandate, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ("version_id", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "party"],
                condition=models.Q(role=Role.DONOR),
                name="a_donor_signs_once",
            ),
            models.UniqueConstraint(
                fields=["version"],
                condition=models.Q(role=Role.FOUNDATION),
                name="the_foundation_signs_once",
            ),
            models.UniqueConstraint(
                fields=["version", "witness"],
                condition=models.Q(role=Role.WITNESS),
                name="a_witness_signs_once",
            ),
            models.CheckConstraint(
                condition=models.Q(role=Role.DONOR, party__isnull=False, mandate__isnull=False)
                | models.Q(role=Role.FOUNDATION, party__isnull=True, mandate__isnull=False)
                | models.Q(role=Role.WITNESS, witness__isnull=False, mandate__isnull=True),
                name="a_signature_says_in_what_right",
            ),
        ]

    def __str__(self) -> str:
        return self.role
