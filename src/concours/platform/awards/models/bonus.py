from __future__ import annotations

from django.conf import settings
from django.db import models


class ReviewBonus(models.Model):
    """What reviewers of a track are to get out of a pool, as it was asked for.

    `threshold_milli` is the least mean usefulness, in thousandths of a point from 1 to 5, of at
    least `least_ratings` ratings. `digest` is of the recipients and amounts at the time of asking.
    """

    request = models.OneToOneField(
        "awards.MoneyRequest", on_delete=models.PROTECT, related_name="bonus"
    )
    threshold_milli = models.PositiveIntegerField()
    least_ratings = models.PositiveIntegerField()
    recipients = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name_plural = "review bonuses"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(threshold_milli__range=(1_000, 5_000), recipients__gte=1),
                name="a_bonus_has_recipients",
            )
        ]

    def __str__(self) -> str:
        return f"{self.recipients} reviewers"


class BonusShare(models.Model):
    """One reviewer's bonus: a payout of which nobody but the reviewer has a share."""

    bonus = models.ForeignKey(ReviewBonus, on_delete=models.PROTECT, related_name="shares")
    payout = models.OneToOneField(
        "awards.Payout", on_delete=models.PROTECT, related_name="review_bonus"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.user_id}"
