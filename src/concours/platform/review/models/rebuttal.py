from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Rebuttal(models.Model):
    """What a team answers to a review of its entry. Its reviewer and organisers read it."""

    review = models.OneToOneField(
        "review.Review", on_delete=models.PROTECT, related_name="rebuttal"
    )
    text = models.TextField(_("answer"), max_length=5_000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()
    edits = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"to {self.review_id}"


class ReviewRevision(models.Model):
    """A review's scores as they were before its reviewer amended them after an answer: once."""

    review = models.OneToOneField(
        "review.Review", on_delete=models.PROTECT, related_name="revision"
    )
    scores = models.JSONField()
    points_milli = models.PositiveIntegerField()
    salt = models.CharField(max_length=32)
    reason = models.TextField(_("reason"), max_length=2_000)
    amended_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"of {self.review_id}"


class UsefulnessRating(models.Model):
    """How useful a team found a review, said before it saw the scores.

    1 (not at all) to 5 (very); nothing where it chose not to say. Never changed.
    """

    review = models.OneToOneField(
        "review.Review", on_delete=models.PROTECT, related_name="usefulness"
    )
    rating = models.PositiveSmallIntegerField(_("usefulness"), null=True, blank=True)
    rated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    rated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rating__isnull=True) | models.Q(rating__range=(1, 5)),
                name="usefulness_from_one_to_five",
            )
        ]

    def __str__(self) -> str:
        return str(self.rating or "–")
