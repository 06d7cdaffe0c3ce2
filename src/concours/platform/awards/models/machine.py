from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.awards.enums import POINTS_MAX_MILLI


class MachineScore(models.Model):
    """What an evaluation says of an entry, in thousandths of a point.

    `source` names the evaluation, `digest` is the SHA-256 of what it wrote. `seal` and `salt` as
    those of a jury score.
    """

    entry = models.OneToOneField(
        "competitions.Entry", on_delete=models.PROTECT, related_name="machine_score"
    )
    points_milli = models.PositiveIntegerField()
    source = models.CharField(_("source"), max_length=200)
    digest = models.CharField(max_length=64)
    salt = models.CharField(max_length=32)
    seal = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("entry_id",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(points_milli__lte=POINTS_MAX_MILLI),
                name="machine_score_within_range",
            )
        ]

    def __str__(self) -> str:
        return f"{self.points_milli} for {self.entry_id}"
