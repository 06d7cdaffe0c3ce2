from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.awards.enums import POINTS_MAX_MILLI


class Juror(models.Model):
    """An expert who scores a track's finalists. A juror who was removed no longer counts."""

    track = models.ForeignKey("competitions.Track", on_delete=models.CASCADE, related_name="jurors")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="juror_roles"
    )
    appointed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("track_id", "appointed_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=["track", "user"], name="one_juror_a_person_a_track")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} for {self.track_id}"


class JuryCorrection(models.Model):
    """What counts in place of a juror's score of an entry, by an applied change.

    The latest counts; without `points_milli` the juror's own score does again. The score itself is
    never changed. `seal` and `salt` as those of a jury score.
    """

    entry = models.ForeignKey(
        "competitions.Entry", on_delete=models.PROTECT, related_name="jury_corrections"
    )
    juror = models.ForeignKey("awards.Juror", on_delete=models.PROTECT, related_name="corrections")
    points_milli = models.PositiveIntegerField(null=True, blank=True)
    salt = models.CharField(max_length=32)
    seal = models.CharField(max_length=64)
    corrected_at = models.DateTimeField()

    class Meta:
        ordering = ("entry_id", "juror_id", "pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(points_milli__isnull=True)
                | models.Q(points_milli__lte=POINTS_MAX_MILLI),
                name="jury_correction_within_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.juror_id} on {self.entry_id}"


class JuryScore(models.Model):
    """A juror's score of a finalist, in thousandths of a point.

    `seal` is the SHA-256 that the record holds: of the score with `salt`, so that the public record
    commits to it without telling it.
    """

    track = models.ForeignKey(
        "competitions.Track", on_delete=models.CASCADE, related_name="jury_scores"
    )
    entry = models.ForeignKey(
        "competitions.Entry", on_delete=models.PROTECT, related_name="jury_scores"
    )
    juror = models.ForeignKey(Juror, on_delete=models.CASCADE, related_name="scores")
    points_milli = models.PositiveIntegerField()
    comment = models.TextField(_("comment"), max_length=5_000, blank=True)
    salt = models.CharField(max_length=32)
    seal = models.CharField(max_length=64)
    scored_at = models.DateTimeField()

    class Meta:
        ordering = ("entry_id", "juror_id")
        constraints = [
            models.UniqueConstraint(fields=["entry", "juror"], name="one_jury_score_a_juror"),
            models.CheckConstraint(
                condition=models.Q(points_milli__lte=POINTS_MAX_MILLI),
                name="jury_score_within_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.juror_id} on {self.entry_id}"
