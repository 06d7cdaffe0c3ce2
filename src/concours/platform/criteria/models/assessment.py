from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.core.ids import new_code
from concours.platform.core.text import localised
from concours.platform.criteria.enums import RowMode, StageEntered


class Maintainer(models.Model):
    """Somebody who attaches evidence for a project, named by the foundation's organisers."""

    project = models.ForeignKey(
        "register.Project", on_delete=models.PROTECT, related_name="maintainers"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="maintained_projects"
    )
    named_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("project_id", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "user"], name="one_maintainer_a_person_a_project"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} of {self.project_id}"


class Assessment(models.Model):
    """A project held against a criteria set at a version, for entry into a stage.

    `set_digest` is the SHA-256 of the set's file: another text is another set.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    project = models.ForeignKey(
        "register.Project", on_delete=models.PROTECT, related_name="assessments"
    )
    stage = models.CharField(_("stage"), max_length=20, choices=StageEntered.choices)
    set_slug = models.CharField(max_length=40)
    set_version = models.CharField(max_length=40)
    set_digest = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    title_zh = models.CharField(max_length=200)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("project_id", "-opened_at", "-pk")
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "set_slug", "stage"],
                condition=models.Q(closed_at__isnull=True),
                name="one_open_assessment_a_set_a_stage",
            )
        ]

    def __str__(self) -> str:
        return localised(self, "title")

    @property
    def stage_name(self) -> str:
        return str(StageEntered(self.stage).label)


class AssessedRow(models.Model):
    """A row of the set as it was when the assessment was opened.

    `lapse_noted_at` is when the record was told that what decided the row has expired.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=30)
    chapter = models.CharField(max_length=40)
    chapter_title = models.CharField(max_length=200)
    chapter_title_zh = models.CharField(max_length=200)
    text = models.CharField(max_length=500)
    text_zh = models.CharField(max_length=500)
    mode = models.CharField(max_length=10, choices=RowMode.choices)
    must = models.BooleanField()
    weight = models.PositiveSmallIntegerField()
    valid_days = models.PositiveSmallIntegerField()
    clause = models.CharField(max_length=100, blank=True)
    confirmed = models.BooleanField()
    lapse_noted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("assessment_id", "position")
        constraints = [
            models.UniqueConstraint(fields=["assessment", "code"], name="one_row_a_code")
        ]

    def __str__(self) -> str:
        return localised(self, "text")

    @property
    def chapter_name(self) -> str:
        return localised(self, "chapter_title")
