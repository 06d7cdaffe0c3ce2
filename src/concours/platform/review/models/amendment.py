from __future__ import annotations

from django.db import models


class Amendment(models.Model):
    """What counts of a review from its round's standings of that `number` on.

    Nothing where it is struck; else `scores` in place of its own; its own again where there are
    none. The review itself is never changed, so that earlier standings can be computed again.
    """

    review = models.ForeignKey("review.Review", on_delete=models.PROTECT, related_name="amendments")
    number = models.PositiveIntegerField()
    struck = models.BooleanField(default=False)
    scores = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ("review_id", "number")
        constraints = [
            models.UniqueConstraint(
                fields=["review", "number"], name="one_amendment_a_review_a_number"
            ),
            models.CheckConstraint(
                condition=models.Q(struck=False) | models.Q(scores__isnull=True),
                name="a_struck_review_has_no_scores",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} from #{self.number}"
