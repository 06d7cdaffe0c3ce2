from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.core.ids import new_code
from concours.platform.donations.enums import AssetKind, AssetState, PaperPurpose, TermsKind
from concours.platform.donations.models.donation import Donation


class Paper(models.Model):
    """A file that is not for everybody. `digest` is the SHA-256 of its bytes."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    donation = models.ForeignKey(Donation, on_delete=models.CASCADE, related_name="papers")
    purpose = models.CharField(max_length=12, choices=PaperPurpose.choices)
    name = models.CharField(max_length=120)
    file = models.FileField(max_length=200)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("donation_id", "pk")

    def __str__(self) -> str:
        return self.name


class Asset(models.Model):
    """Something that goes over with the project. `location` is an address on the web, or empty."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    donation = models.ForeignKey(Donation, on_delete=models.CASCADE, related_name="assets")
    kind = models.CharField(max_length=12, choices=AssetKind.choices)
    name = models.CharField(_("name"), max_length=200)
    location = models.CharField(_("address"), max_length=500, blank=True)
    licence = models.CharField(_("licence"), max_length=100, blank=True)
    owner = models.CharField(_("owner"), max_length=200)
    state = models.CharField(max_length=12, choices=AssetState.choices, default=AssetState.NAMED)
    evidence = models.CharField(max_length=500, blank=True)
    paper = models.ForeignKey(
        Paper, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ("donation_id", "pk")
        constraints = [
            models.UniqueConstraint(fields=["donation", "kind", "name"], name="an_asset_once"),
        ]

    def __str__(self) -> str:
        return self.name


class ContributorTerms(models.Model):
    """What contributors agreed to: of `contributors` people or companies, `on_file` are held."""

    donation = models.ForeignKey(Donation, on_delete=models.CASCADE, related_name="terms")
    kind = models.CharField(max_length=5, choices=TermsKind.choices)
    on_file = models.PositiveIntegerField()
    contributors = models.PositiveIntegerField()

    class Meta:
        ordering = ("donation_id", "kind")
        constraints = [
            models.UniqueConstraint(fields=["donation", "kind"], name="terms_of_a_kind_once"),
            models.CheckConstraint(
                condition=models.Q(on_file__lte=models.F("contributors")),
                name="no_more_on_file_than_contributors",
            ),
        ]

    def __str__(self) -> str:
        return self.kind
