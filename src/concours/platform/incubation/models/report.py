from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.core.ids import new_code
from concours.platform.incubation.enums import ActKind
from concours.platform.incubation.models.incubation import Incubation, Milestone
from concours.platform.incubation.models.mentor import Mentoring


class PeriodicReport(models.Model):
    """What the maintainers of an incubating project report of one of its periods.

    The period is begins <= day < ends. `digest` is the SHA-256 of the sections' canonical JSON.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    incubation = models.ForeignKey(Incubation, on_delete=models.PROTECT, related_name="reports")
    number = models.PositiveSmallIntegerField()
    begins = models.DateField()
    ends = models.DateField()
    due = models.DateField()
    happened = models.TextField(_("what happened"), max_length=10_000)
    community = models.TextField(_("how the community grew"), max_length=10_000)
    releases = models.TextField(_("releases"), max_length=10_000, blank=True)
    issues = models.TextField(_("issues for the committee"), max_length=10_000, blank=True)
    next_steps = models.TextField(_("next steps"), max_length=10_000)
    digest = models.CharField(max_length=64)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField()
    revised_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("incubation_id", "-number")
        verbose_name = _("periodic report")
        verbose_name_plural = _("periodic reports")
        constraints = [
            models.UniqueConstraint(fields=["incubation", "number"], name="one_report_a_period"),
            models.CheckConstraint(
                condition=models.Q(begins__lt=models.F("ends")), name="a_period_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incubation}: {self.begins} – {self.ends}"

    @property
    def project(self) -> object:
        return self.incubation.project

    @property
    def last_day(self) -> date:
        return self.ends - timedelta(days=1)

    @property
    def late(self) -> bool:
        """Whether it was handed in after its day."""
        return self.submitted_at.date() > self.due


class MentorAct(models.Model):
    """What a mentor did for a project: read or signed off a report, commented, signed off a
    milestone or the plan as it stood (`plan_digest`). None is changed.
    """

    mentoring = models.ForeignKey(Mentoring, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=10, choices=ActKind.choices)
    report = models.ForeignKey(
        PeriodicReport, on_delete=models.PROTECT, related_name="acts", null=True, blank=True
    )
    milestone = models.ForeignKey(
        Milestone, on_delete=models.PROTECT, related_name="acts", null=True, blank=True
    )
    plan_digest = models.CharField(max_length=64, blank=True)
    text = models.TextField(_("comment"), max_length=2_000, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("mentoring_id", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["mentoring", "kind", "report"],
                condition=models.Q(report__isnull=False) & ~models.Q(kind=ActKind.COMMENTED),
                name="one_act_a_report",
            ),
            models.UniqueConstraint(
                fields=["mentoring", "kind", "milestone"],
                condition=models.Q(milestone__isnull=False) & ~models.Q(kind=ActKind.COMMENTED),
                name="one_act_a_milestone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mentoring_id}: {self.kind}"


class ReportReminder(models.Model):
    """That the maintainers were reminded of a period's report: `days` before its day, or, negative,
    after it."""

    incubation = models.ForeignKey(Incubation, on_delete=models.CASCADE, related_name="reminders")
    number = models.PositiveSmallIntegerField()
    days = models.SmallIntegerField()
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ("incubation_id", "number", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["incubation", "number", "days"], name="one_reminder_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.incubation_id}, {self.number}: {self.days}"
