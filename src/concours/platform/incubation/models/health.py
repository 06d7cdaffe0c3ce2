from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.core.ids import new_code


class HealthReport(models.Model):
    """A file that `concours project health --json` wrote; nothing of it is changed or deleted.

    `figures` is what it says, `digest` its own, `made_at` the moment that its ages count from.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    project = models.ForeignKey(
        "register.Project", on_delete=models.PROTECT, related_name="health_reports"
    )
    file = models.FileField(max_length=200)
    digest = models.CharField(max_length=64)
    repository = models.CharField(max_length=200)
    head = models.CharField(max_length=64)
    figures = models.JSONField()
    made_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ("project_id", "-made_at", "-pk")
        verbose_name = _("health report")
        verbose_name_plural = _("health reports")
        constraints = [
            models.UniqueConstraint(fields=["project", "digest"], name="one_health_report_a_digest")
        ]

    def __str__(self) -> str:
        return self.digest
