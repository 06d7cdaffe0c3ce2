from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.register.enums import ArchiveCause, Stage


class StageChange(models.Model):
    """That a project came to a stage. In the order of their keys they are its history.

    `from_stage` is blank where the project entered the register. `on` is the day that it holds
    from, None where the day is not known. `decision` is the code of the access review behind it,
    `cause` why the project was archived, blank for other moves and where nobody said it.
    """

    project = models.ForeignKey(
        "register.Project", on_delete=models.CASCADE, related_name="changes"
    )
    from_stage = models.CharField(_("from stage"), max_length=20, choices=Stage.choices, blank=True)
    to_stage = models.CharField(_("to stage"), max_length=20, choices=Stage.choices)
    on = models.DateField(_("on"), null=True, blank=True)
    reason = models.TextField(_("reason"), max_length=2_000, blank=True)
    cause = models.CharField(
        _("cause"),
        max_length=20,
        choices=ArchiveCause.choices,
        blank=True,
        default="",
        db_default="",
    )
    decision = models.CharField(_("decision"), max_length=80, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        ordering = ("pk",)
        verbose_name = _("change of stage")
        verbose_name_plural = _("changes of stage")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(from_stage=models.F("to_stage")), name="stage_change_moves"
            )
        ]
        indexes = [models.Index(fields=["from_stage", "on"], name="stage_change_by_day")]

    def __str__(self) -> str:
        return f"{self.from_stage} > {self.to_stage}"
