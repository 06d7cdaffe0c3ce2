"""The append-only log. Triggers in the database refuse UPDATE and DELETE on it."""

from __future__ import annotations

from datetime import UTC

from django.db import models

from concours.platform.record.chain import EventData


class Event(models.Model):
    """One change of state.

    `subject` is "<kind>:<code>", `actor` "user:<code>" or "system:<name>".
    """

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    via = models.CharField(max_length=20)
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    season = models.CharField(max_length=80, blank=True)
    data = models.TextField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("seq",)
        indexes = [
            models.Index(fields=["subject", "seq"], name="record_subject"),
            models.Index(fields=["season", "seq"], name="record_season"),
            models.Index(fields=["season", "verb", "seq"], name="record_season_verb"),
            models.Index(fields=["actor", "seq"], name="record_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb} {self.subject}"

    def as_data(self) -> EventData:
        return EventData(
            seq=self.seq,
            at=self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            actor=self.actor,
            via=self.via,
            verb=self.verb,
            subject=self.subject,
            season=self.season,
            data=self.data,
            previous=self.previous,
            digest=self.digest,
        )


class ChainHead(models.Model):
    """The one row that writers lock: how many events there are and the last one's digest."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    count = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.count} {self.digest}"
