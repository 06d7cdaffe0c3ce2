from __future__ import annotations

from fractions import Fraction

from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.awards.enums import Reason, ResultState
from concours.platform.awards.formula import rounded
from concours.platform.core.text import localised


class Result(models.Model):
    """A track's result as computed once. A new computation is the next number.

    A published result that a change replaces is kept, superseded, with the awards that it had made.
    `inputs` is the document it was computed from (canonical JSON, see awards.document) and
    `inputs_digest` its SHA-256.
    """

    track = models.ForeignKey(
        "competitions.Track", on_delete=models.PROTECT, related_name="results"
    )
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=ResultState.choices, default=ResultState.DRAFT)
    formula = models.JSONField()
    inputs = models.TextField()
    inputs_digest = models.CharField(max_length=64)
    computed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("track_id", "-number")
        constraints = [
            models.UniqueConstraint(fields=["track", "number"], name="one_result_a_number"),
            models.UniqueConstraint(
                fields=["track"],
                condition=models.Q(state=ResultState.PUBLISHED),
                name="one_published_result_a_track",
            ),
            models.CheckConstraint(
                condition=models.Q(state=ResultState.DRAFT, published_at__isnull=True)
                | ~models.Q(state=ResultState.DRAFT) & models.Q(published_at__isnull=False),
                name="a_published_result_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The result's name in the record."""
        return f"{self.track.code}/{self.number}"

    @property
    def published(self) -> bool:
        return self.state == ResultState.PUBLISHED


class ResultLine(models.Model):
    """An entry's place. Scores in thousandths of a point; the total is exact, as a fraction.

    `position` counts from 1 through the whole result: it is the cursor of its pages.
    `jury_milli` is the jury's mean rounded for reading; the total uses the exact mean.
    """

    result = models.ForeignKey(Result, on_delete=models.CASCADE, related_name="lines")
    entry = models.ForeignKey(
        "competitions.Entry", on_delete=models.PROTECT, related_name="result_lines"
    )
    position = models.PositiveIntegerField()
    place = models.PositiveIntegerField()
    tied = models.BooleanField()
    reason = models.CharField(max_length=12, choices=Reason.choices)
    machine_milli = models.PositiveIntegerField(null=True, blank=True)
    peer_milli = models.PositiveIntegerField(null=True, blank=True)
    jury_milli = models.PositiveIntegerField(null=True, blank=True)
    jury_count = models.PositiveSmallIntegerField(default=0)
    total_numerator = models.BigIntegerField()
    total_denominator = models.BigIntegerField()

    class Meta:
        ordering = ("result_id", "position")
        constraints = [
            models.UniqueConstraint(fields=["result", "position"], name="one_line_a_position"),
            models.UniqueConstraint(fields=["result", "entry"], name="one_line_an_entry"),
            models.CheckConstraint(
                condition=models.Q(total_denominator__gte=1), name="a_total_is_a_fraction"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}. {self.entry_id}"

    @property
    def total(self) -> Fraction:
        return Fraction(self.total_numerator, self.total_denominator)

    @property
    def total_milli(self) -> int:
        """The total rounded for reading."""
        return rounded(self.total)

    @property
    def finalist(self) -> bool:
        return self.reason == Reason.FORMULA


class Award(models.Model):
    """What an entry won from a pool, by a published result."""

    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="awards")
    entry = models.ForeignKey("competitions.Entry", on_delete=models.PROTECT, related_name="awards")
    pool = models.ForeignKey("awards.PrizePool", on_delete=models.PROTECT, related_name="awards")
    title = models.CharField(_("title"), max_length=200)
    title_zh = models.CharField(_("title in Chinese"), max_length=200, blank=True)
    place = models.PositiveIntegerField()
    amount_minor = models.BigIntegerField()

    class Meta:
        ordering = ("result_id", "pool_id", "place", "entry__code")
        constraints = [
            models.UniqueConstraint(
                fields=["result", "pool", "entry"], name="one_award_an_entry_a_pool"
            ),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gte=0), name="an_award_is_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return localised(self, "title")
