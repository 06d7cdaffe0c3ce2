from __future__ import annotations

from django.conf import settings
from django.db import models

from concours.platform.review.enums import Cause


class Replacement(models.Model):
    """Lost duties given anew, at once.

    `facts` is what the search took beside the duties themselves, by the engine's numbers:
    {"wanted": [code of each lost duty], "barred": [[reviewer, entry]], "idle": [reviewer],
    "emergency": how many}. `digest` is that of its inputs and pairs under the alias key.
    """

    round = models.ForeignKey(
        "review.ReviewRound", on_delete=models.CASCADE, related_name="replacements"
    )
    number = models.PositiveIntegerField()
    cause = models.CharField(max_length=10, choices=Cause.choices)
    engine = models.CharField(max_length=40)
    facts = models.JSONField()
    digest = models.CharField(max_length=64)
    replaced_at = models.DateTimeField()

    class Meta:
        ordering = ("round_id", "number")
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="one_replacement_a_number")
        ]

    def __str__(self) -> str:
        return f"#{self.number}"


class EmergencyReviewer(models.Model):
    """Somebody without an entry in the track who reviews what no peer may. `number` from 0."""

    round = models.ForeignKey(
        "review.ReviewRound", on_delete=models.CASCADE, related_name="emergency_reviewers"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    named_at = models.DateTimeField()
    released = models.BooleanField(default=False)

    class Meta:
        ordering = ("round_id", "number")
        constraints = [
            models.UniqueConstraint(fields=["round", "user"], name="emergency_once_a_round"),
            models.UniqueConstraint(fields=["round", "number"], name="one_emergency_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in reserve"
