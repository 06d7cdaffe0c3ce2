from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.core.text import localised


class ProgrammeVersion(models.Model):
    """A version of the foundation's programme of incubation; the newest is in force.

    An incubation keeps the one that it began with. `text` is TOML, `digest` the SHA-256 of its
    UTF-8 bytes.
    """

    number = models.PositiveIntegerField(unique=True)
    name = models.SlugField(max_length=80)
    version = models.CharField(max_length=40)
    title = models.CharField(_("title"), max_length=200)
    title_zh = models.CharField(_("title in Chinese"), max_length=200, blank=True)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    adopted_at = models.DateTimeField()
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        ordering = ("-number",)
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")

    def __str__(self) -> str:
        return localised(self, "title")
