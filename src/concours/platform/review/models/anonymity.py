from __future__ import annotations

from django.conf import settings
from django.db import models


class AnonymousSnapshot(models.Model):
    """A submission as reviewers get it.

    `key` is a keyed digest of the submission, the version of the rules and the names looked for:
    another name, another snapshot. `report` lists [path, rule, action, count] as `anonymity` does.
    """

    submission = models.ForeignKey(
        "competitions.Submission", on_delete=models.CASCADE, related_name="anonymous_snapshots"
    )
    key = models.CharField(max_length=64, unique=True)
    file = models.FileField(max_length=200)
    size = models.BigIntegerField()
    file_count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    content_digest = models.CharField(max_length=64)
    report = models.JSONField(default=list)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.content_digest


class IdentityRead(models.Model):
    """That somebody was told who is behind an alias."""

    round = models.ForeignKey(
        "review.ReviewRound", on_delete=models.CASCADE, related_name="identity_reads"
    )
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=["reader", "at"], name="identity_reads_by_reader")]

    def __str__(self) -> str:
        return f"{self.reader_id} at {self.at}"


class IdentityAlarm(models.Model):
    """That one person was told more identities within an hour than work explains."""

    round = models.ForeignKey(
        "review.ReviewRound", on_delete=models.CASCADE, related_name="identity_alarms"
    )
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    reads = models.PositiveIntegerField()
    note = models.TextField(max_length=2_000, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-raised_at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(settled_at__isnull=True, settled_by__isnull=True)
                | models.Q(settled_at__isnull=False, settled_by__isnull=False),
                name="a_settled_alarm_names_who",
            ),
            models.CheckConstraint(
                condition=~models.Q(settled_by=models.F("reader")),
                name="nobody_settles_their_own_alarm",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reads} reads by {self.reader_id}"
