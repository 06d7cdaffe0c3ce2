from __future__ import annotations

from datetime import timedelta

from django.db import models


class ClockShift(models.Model):
    """The one row that says how far a rehearsal's clock stands from the wall's."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seconds = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.seconds:+d} s"

    @property
    def delta(self) -> timedelta:
        return timedelta(seconds=self.seconds)
