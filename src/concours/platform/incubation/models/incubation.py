from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.core.ids import new_code
from concours.platform.incubation.enums import MilestoneState
from concours.platform.incubation.models.programme import ProgrammeVersion


class Incubation(models.Model):
    """That a project is incubating, from `began_on` until `ended_on`, under a programme.

    Both days are of the register's history. Reports are owed for periods, and reviews for days,
    from `owed_from` on: nothing is owed for the time before the foundation had a programme.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    project = models.ForeignKey(
        "register.Project", on_delete=models.PROTECT, related_name="incubations"
    )
    programme = models.ForeignKey(
        ProgrammeVersion, on_delete=models.PROTECT, related_name="incubations"
    )
    began_on = models.DateField()
    owed_from = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("project_id", "pk")
        verbose_name = _("incubation")
        verbose_name_plural = _("incubations")
        constraints = [
            models.UniqueConstraint(
                fields=["project"],
                condition=models.Q(ended_on__isnull=True),
                name="one_open_incubation_a_project",
            )
        ]

    def __str__(self) -> str:
        return str(self.project)


class Milestone(models.Model):
    """What a project means to reach in its incubation, by when, and how that can be told.

    `first_due` is the day that was named first; each move is in the record with its reason.
    `reason` is why it was moved last, or dropped.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    incubation = models.ForeignKey(Incubation, on_delete=models.PROTECT, related_name="milestones")
    title = models.CharField(_("title"), max_length=200)
    measure = models.CharField(_("how it is measured"), max_length=500)
    first_due = models.DateField()
    due = models.DateField(_("due"))
    state = models.CharField(
        max_length=10, choices=MilestoneState.choices, default=MilestoneState.OPEN
    )
    moves = models.PositiveSmallIntegerField(default=0)
    reason = models.TextField(_("reason"), max_length=2_000, blank=True)
    evidence = models.URLField(_("evidence"), max_length=500, blank=True)
    evidence_digest = models.CharField(_("digest"), max_length=64, blank=True)
    set_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("incubation_id", "due", "pk")
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")

    def __str__(self) -> str:
        return self.title

    @property
    def project(self) -> object:
        return self.incubation.project
