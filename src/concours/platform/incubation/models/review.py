from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.core.ids import new_code
from concours.platform.incubation.enums import Outcome, ReviewState
from concours.platform.incubation.models.incubation import Incubation
from concours.platform.register.enums import ArchiveCause


class AnnualReview(models.Model):
    """The review of an incubating project whose day `due` the clock has brought.

    `held` is what lay before whoever decided (reports, milestones, criteria, health), as JSON;
    `held_digest` the SHA-256 of its canonical form. `cause` stands where archiving is proposed.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    incubation = models.ForeignKey(Incubation, on_delete=models.PROTECT, related_name="reviews")
    number = models.PositiveSmallIntegerField()
    due = models.DateField()
    state = models.CharField(max_length=10, choices=ReviewState.choices, default=ReviewState.OPEN)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    cause = models.CharField(max_length=20, choices=ArchiveCause.choices, blank=True)
    reason = models.TextField(_("reason"), max_length=2_000, blank=True)
    held = models.JSONField(default=dict)
    held_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("incubation_id", "-number")
        verbose_name = _("annual review")
        verbose_name_plural = _("annual reviews")
        constraints = [
            models.UniqueConstraint(fields=["incubation", "number"], name="one_review_a_year"),
            models.UniqueConstraint(
                fields=["incubation"],
                condition=models.Q(state=ReviewState.OPEN),
                name="one_open_review_an_incubation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incubation}: {self.due}"

    @property
    def project(self) -> object:
        return self.incubation.project
