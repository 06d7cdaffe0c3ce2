from __future__ import annotations

import unicodedata
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.accounts.enums import OrganisationKind
from concours.platform.core.text import localised


def name_key(name: str) -> str:
    """What two spellings of one name share: letters and digits, without case, width or accents."""
    spelt = unicodedata.normalize("NFKD", name).casefold()
    kept = "".join(letter for letter in spelt if letter.isalnum())
    return unicodedata.normalize("NFC", kept)


class Organisation(models.Model):
    """A legal or social body that people belong to; two people of one conflict in review."""

    slug = models.SlugField(max_length=80, unique=True, allow_unicode=True)
    name = models.CharField(_("name"), max_length=200, unique=True)
    name_key = models.CharField(max_length=800, unique=True, editable=False)
    name_zh = models.CharField(_("name in Chinese"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=30, choices=OrganisationKind.choices)
    abroad = models.BooleanField(_("abroad"), default=False)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return localised(self, "name")

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = name_key(self.name)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "name_key"}
        super().save(*args, **kwargs)


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
            models.UniqueConstraint(fields=["user", "organisation"], name="one_affiliation_a_pair")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} @ {self.organisation_id}"
