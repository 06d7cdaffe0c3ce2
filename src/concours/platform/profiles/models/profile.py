from __future__ import annotations

from django.conf import settings
from django.db import models


class Profile(models.Model):
    """What a person lets others see of what they did: nothing without a row, nothing by default.

    `sections` are the names of those that they chose; `indexed`: search engines may list the page.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="public_profile"
    )
    shown = models.BooleanField(default=False)
    sections = models.JSONField(default=list, blank=True)
    indexed = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "public profile"

    def __str__(self) -> str:
        return f"{self.user_id} {'shown' if self.shown else 'hidden'}"
