from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.core.text import localised


class TechnicalArea(models.Model):
    """A field that the foundation cares for, such as storage."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_zh = models.CharField(_("name in Chinese"), max_length=200, blank=True)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("technical area")
        verbose_name_plural = _("technical areas")

    def __str__(self) -> str:
        return localised(self, "name")
