from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.accounts.enums import OrganisationKind
from concours.platform.core.text import localised


class Organisation(models.Model):
    """A legal or social body that people belong to; two people of one conflict in review."""

    slug = models.SlugField(max_length=80, unique=True, allow_unicode=True)
    name = models.CharField(_("name"), max_length=200, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=30, choices=OrganisationKind.choices)
    abroad = models.BooleanField(_("abroad"), default=False)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return localised(self, "name")


class Affiliation(models.Model):
    """That a person belongs to an organisation."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="affiliations"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="affiliations"
    )
    title = models.CharField(_("position"), max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"], name="one_affiliation_a_pair"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} @ {self.organisation_id}"
