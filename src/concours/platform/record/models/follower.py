from __future__ import annotations

from django.db import models


class Follower(models.Model):
    """How far somebody who follows the record has read: the number of the last event."""

    name = models.CharField(max_length=40, primary_key=True)
    seq = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.name} at {self.seq}"
