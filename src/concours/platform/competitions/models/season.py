from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.enums import SeasonState
from concours.platform.core.text import localised


class Season(models.Model):
    """One edition of the competition."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=200)
    title_zh = models.CharField(_("title in Chinese"), max_length=200, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    summary_zh = models.TextField(_("summary in Chinese"), blank=True)
    state = models.CharField(max_length=10, choices=SeasonState.choices, default=SeasonState.DRAFT)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    proposals_open_at = models.DateTimeField(_("call for tracks opens"), null=True, blank=True)
    proposals_close_at = models.DateTimeField(_("call for tracks closes"), null=True, blank=True)

    class Meta:
        ordering = ("-starts_at",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="season_ends_later"
            )
        ]

    def __str__(self) -> str:
        return localised(self, "title")


class Batch(models.Model):
    """Tracks of a season that start together and end in one final."""

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="batches")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    title_zh = models.CharField(max_length=200, blank=True)
    starts_at = models.DateTimeField()
    final_at = models.DateTimeField()

    class Meta:
        ordering = ("season_id", "number")
        constraints = [
            models.UniqueConstraint(fields=["season", "number"], name="one_batch_a_number"),
            models.CheckConstraint(
                condition=models.Q(final_at__gt=models.F("starts_at")), name="final_after_start"
            ),
        ]

    def __str__(self) -> str:
        return localised(self, "title")
