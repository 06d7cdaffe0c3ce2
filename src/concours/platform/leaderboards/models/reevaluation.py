from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.core.ids import new_code
from concours.platform.leaderboards.enums import ReevaluationState, SetScope


class Reevaluation(models.Model):
    """Runs made again with another version of the evaluator, beside the board until applied.

    `rules` are the board's by that version. `runs` lists the codes of the runs that were made
    again, by entry's code. `position` orders what is applied: later layers lie over earlier ones.
    `before` and `after` are the snapshots around the latest decision.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    board = models.ForeignKey(
        "leaderboards.Board", on_delete=models.PROTECT, related_name="reevaluations"
    )
    evaluator = models.ForeignKey(
        "evaluations.Evaluator", on_delete=models.PROTECT, related_name="+"
    )
    former = models.ForeignKey("evaluations.Evaluator", on_delete=models.PROTECT, related_name="+")
    rules = models.JSONField()
    former_rules = models.JSONField()
    scope = models.CharField(max_length=10, choices=SetScope.choices)
    runs = models.JSONField()
    state = models.CharField(
        max_length=10, choices=ReevaluationState.choices, default=ReevaluationState.STAGED
    )
    reason = models.CharField(_("reason"), max_length=500)
    position = models.PositiveIntegerField(default=0)
    before = models.ForeignKey(
        "leaderboards.Snapshot", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    after = models.ForeignKey(
        "leaderboards.Snapshot", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    staged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    staged_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("board_id", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["board"],
                condition=models.Q(state=ReevaluationState.STAGED),
                name="one_staged_reevaluation_a_board",
            )
        ]

    def __str__(self) -> str:
        return self.code
