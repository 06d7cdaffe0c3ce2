from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models

from concours.platform.core.ids import new_code


class ApiToken(models.Model):
    """A key to the API with a limited scope. Only its SHA-256 is stored."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens"
    )
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.name

    def valid_at(self, moment: datetime) -> bool:
        return self.revoked_at is None and moment < self.expires_at
