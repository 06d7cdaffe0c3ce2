from __future__ import annotations

from django.conf import settings
from django.db import models


class CalendarKey(models.Model):
    """What opens one person's calendar, for reading alone. Only its SHA-256 is stored."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_key"
    )
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"calendar of {self.user_id}"
