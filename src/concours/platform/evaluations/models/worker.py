from __future__ import annotations

from django.db import models

from concours.platform.evaluations.enums import WorkerState


class Worker(models.Model):
    """A process that runs evaluations. `box` is the sandbox that it found, empty for none.

    `beat` grows while it lives; `heartbeat_at` is that moment by the database's clock, for people
    to read. `failures` counts runs in a row that it could not carry out, each run once,
    and `failed_several` is whether they were of more than one entry.
    """

    name = models.CharField(max_length=100, unique=True)
    state = models.CharField(max_length=10, choices=WorkerState.choices, default=WorkerState.ACTIVE)
    slots = models.PositiveSmallIntegerField(default=1)
    box = models.CharField(max_length=40, blank=True)
    beat = models.PositiveBigIntegerField(default=0)
    started_at = models.DateTimeField()
    heartbeat_at = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0)
    last_failed = models.ForeignKey(
        "evaluations.Evaluation",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )
    failed_several = models.BooleanField(default=False, db_default=False)
    set_aside_reason = models.TextField(blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.name


class Account(models.Model):
    """A party's account of machine time in seconds, by which the queue is fair.

    A team has one; the one without a team is the staff's, for re-evaluations.
    """

    team = models.OneToOneField(
        "competitions.Team",
        on_delete=models.PROTECT,
        related_name="machine_time",
        null=True,
        blank=True,
    )
    spent = models.FloatField(default=0.0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=models.Q(team__isnull=True), name="one_account_of_staff"
            )
        ]

    def __str__(self) -> str:
        return f"{self.spent:.0f} s"
