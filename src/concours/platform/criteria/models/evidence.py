from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.core.ids import new_code
from concours.platform.core.text import localised
from concours.platform.criteria.enums import EvidenceKind, MachineVerdict
from concours.platform.criteria.models.assessment import AssessedRow, Assessment


class MachineReport(models.Model):
    """A file that `concours criteria check --json` wrote; nothing of it is changed or deleted.

    `digest` is the report's own, `made_at` the moment that its ages count from.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="reports")
    file = models.FileField(max_length=200)
    digest = models.CharField(max_length=64)
    repository = models.CharField(max_length=200)
    head = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ("assessment_id", "pk")
        constraints = [
            models.UniqueConstraint(fields=["assessment", "digest"], name="one_report_a_digest")
        ]

    def __str__(self) -> str:
        return self.digest


class MachineResult(models.Model):
    """What a report says of a row; counts until `valid_until`."""

    report = models.ForeignKey(MachineReport, on_delete=models.PROTECT, related_name="results")
    row = models.ForeignKey(AssessedRow, on_delete=models.PROTECT, related_name="results")
    verdict = models.CharField(max_length=12, choices=MachineVerdict.choices)
    said = models.TextField()
    said_zh = models.TextField()
    mend = models.TextField(blank=True)
    mend_zh = models.TextField(blank=True)
    places = models.JSONField(default=list)
    valid_until = models.DateTimeField()

    class Meta:
        ordering = ("row_id", "pk")
        constraints = [
            models.UniqueConstraint(fields=["report", "row"], name="one_result_a_row_a_report")
        ]

    def __str__(self) -> str:
        return localised(self, "said")

    @property
    def advice(self) -> str:
        return localised(self, "mend")


class Evidence(models.Model):
    """A file or an address that speaks for a row. `digest` is the SHA-256 of what it shows.

    Confidential evidence is for organisers alone: `salt` keys what the record holds of it.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    row = models.ForeignKey(AssessedRow, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=10, choices=EvidenceKind.choices)
    name = models.CharField(_("name"), max_length=200)
    address = models.URLField(_("address"), max_length=500, blank=True)
    file = models.FileField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    dated = models.DateField(_("dated"))
    confidential = models.BooleanField(default=False)
    salt = models.CharField(max_length=64, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    added_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("row_id", "pk")
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")

    def __str__(self) -> str:
        return self.name


class Judgement(models.Model):
    """What a named person says of a row and why; counts until `valid_until`. None is changed."""

    row = models.ForeignKey(AssessedRow, on_delete=models.PROTECT, related_name="judgements")
    met = models.BooleanField()
    reason = models.TextField(max_length=2_000)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    judged_at = models.DateTimeField()
    valid_until = models.DateTimeField()

    class Meta:
        ordering = ("row_id", "pk")

    def __str__(self) -> str:
        return f"{self.row_id}: {self.met}"
