from __future__ import annotations

from django.db import models


class ResultsOut(models.Model):
    """The moment at which a track's results came out. The period before its sources are published
    counts from here."""

    track = models.OneToOneField(
        "competitions.Track", on_delete=models.PROTECT, related_name="results_out"
    )
    at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "results out"

    def __str__(self) -> str:
        return f"{self.track_id} at {self.at:%Y-%m-%d}"


class Publication(models.Model):
    """The published source of a ranked entry: that of the submission that counted.

    `files` lists {name, size, digest, kind}; `kind` is "source" or "artefact". `sums` are the
    `sha256sum` lines of all of them.
    """

    board = models.ForeignKey(
        "leaderboards.Board", on_delete=models.PROTECT, related_name="publications"
    )
    entry = models.ForeignKey(
        "competitions.Entry", on_delete=models.PROTECT, related_name="publications"
    )
    submission = models.ForeignKey(
        "competitions.Submission", on_delete=models.PROTECT, related_name="+"
    )
    evaluation = models.CharField(max_length=12)
    place = models.PositiveIntegerField()
    files = models.JSONField()
    sums = models.TextField()
    published_at = models.DateTimeField()

    class Meta:
        ordering = ("board_id", "place", "entry_id")
        constraints = [
            models.UniqueConstraint(fields=["board", "entry"], name="one_publication_an_entry")
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} on {self.board_id}"
