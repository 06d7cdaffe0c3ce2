from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.core.text import localised
from concours.platform.register.enums import DonorKind


class Donor(models.Model):
    """Who gave a project to the foundation: a legal entity or a person."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_zh = models.CharField(_("name in Chinese"), max_length=200, blank=True)
    kind = models.CharField(
        _("kind"), max_length=20, choices=DonorKind.choices, default=DonorKind.LEGAL_ENTITY
    )

    class Meta:
        ordering = ("name",)
        verbose_name = _("donor")
        verbose_name_plural = _("donors")

    def __str__(self) -> str:
        return localised(self, "name")


class Donation(models.Model):
    """That a donor is among those who gave a project; `signed_on` where the day is known."""

    project = models.ForeignKey(
        "register.Project", on_delete=models.CASCADE, related_name="donations"
    )
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="donations")
    position = models.PositiveSmallIntegerField(default=1)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)

    class Meta:
        ordering = ("project_id", "position")
        verbose_name = _("donation")
        verbose_name_plural = _("donations")
        constraints = [
            models.UniqueConstraint(fields=["project", "donor"], name="one_donation_a_pair")
        ]

    def __str__(self) -> str:
        return f"{self.donor_id} to {self.project_id}"
