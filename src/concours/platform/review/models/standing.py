from __future__ import annotations

from django.conf import settings
from django.db import models


class StandingSnapshot(models.Model):
    """The standings of a round as computed once, with what it takes to compute them again.

    `seed` keys ties, draws and the rounding of seats: SHA-256 of the revealed seed and the inputs'
    digest, so that nobody knew it while reviews could be written. `turnover` is the expected share
    of the best that other reviewers would change, `recall` that of the truly best among them.
    `folds`: fits behind ranks that leave own reviews out, 0 where ranks count them. A snapshot that
    `amends` a published one takes its place and its seed: changed reviews move ranks, not luck.
    """

    round = models.ForeignKey(
        "review.ReviewRound", on_delete=models.CASCADE, related_name="snapshots"
    )
    number = models.PositiveIntegerField()
    engine = models.CharField(max_length=40)
    method = models.CharField(max_length=40)
    selection = models.CharField(max_length=40)
    impartial = models.BooleanField()
    params = models.JSONField(default=dict)
    seed = models.CharField(max_length=64)
    inputs_digest = models.CharField(max_length=64)
    result_digest = models.CharField(max_length=64)
    entry_count = models.PositiveIntegerField()
    review_count = models.PositiveIntegerField()
    converged = models.BooleanField()
    reliability = models.FloatField()
    components = models.PositiveIntegerField()
    variance = models.JSONField(default=dict)
    turnover = models.FloatField(null=True, blank=True)
    recall = models.FloatField(null=True, blank=True)
    folds = models.PositiveSmallIntegerField(default=0)
    amends = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="amended_by", null=True, blank=True
    )
    computed_at = models.DateTimeField()
    published = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("round_id", "-number")
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="one_snapshot_a_number"),
            models.UniqueConstraint(
                fields=["round"],
                condition=models.Q(published=True),
                name="one_published_snapshot_a_round",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"


class Standing(models.Model):
    """An entry's rank with its uncertainty. `position` 1..n is the order shown; entries that tie
    share `rank`. `points_milli` is the estimate held within 0 .. 100,000 thousandths; `chance` the
    probability, 0 to 1, of being truly among the best as many as there are finalists."""

    snapshot = models.ForeignKey(
        StandingSnapshot, on_delete=models.CASCADE, related_name="standings"
    )
    position = models.PositiveIntegerField()
    entry = models.ForeignKey(
        "competitions.Entry", on_delete=models.PROTECT, related_name="standings"
    )
    points_milli = models.PositiveIntegerField()
    estimate = models.FloatField()
    standard_error = models.FloatField()
    rank = models.PositiveIntegerField()
    rank_low = models.PositiveIntegerField()
    rank_high = models.PositiveIntegerField()
    chance = models.FloatField(null=True, blank=True)
    reviews = models.PositiveSmallIntegerField()
    finalist = models.BooleanField()
    duty_fulfilled = models.BooleanField()
    reason = models.JSONField(default=dict)

    class Meta:
        ordering = ("snapshot_id", "position")
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "position"], name="one_entry_a_position"),
            models.UniqueConstraint(fields=["snapshot", "entry"], name="entry_once_a_snapshot"),
            models.CheckConstraint(
                condition=models.Q(rank_low__lte=models.F("rank"))
                & models.Q(rank__lte=models.F("rank_high")),
                name="rank_within_its_interval",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.entry_id}"


class ReviewerCalibration(models.Model):
    """How generous a reviewer is: `bias` in points out of 100, above 0 = generous; `spread` of
    their residuals over the usual noise, near 1 for most, None below two reviews."""

    snapshot = models.ForeignKey(
        StandingSnapshot, on_delete=models.CASCADE, related_name="calibrations"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    bias = models.FloatField()
    standard_error = models.FloatField()
    reviews = models.PositiveSmallIntegerField()
    spread = models.FloatField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "reviewer"], name="reviewer_once_a_snapshot"
            )
        ]

    def __str__(self) -> str:
        return f"{self.bias:+.1f}"
