from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.core.text import localised


class Rubric(models.Model):
    """What reviews are written on. Never changed: another rubric has another slug.

    `digest` is the SHA-256 of the canonical JSON of its titles and criteria.
    """

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=200)
    title_zh = models.CharField(_("title in Chinese"), max_length=200, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("slug",)

    def __str__(self) -> str:
        return localised(self, "title")


class Criterion(models.Model):
    """One question of a rubric: whole points from 0 to `max_points`, counted with `weight`."""

    rubric = models.ForeignKey(Rubric, on_delete=models.CASCADE, related_name="criteria")
    key = models.SlugField(max_length=40)
    title = models.CharField(_("title"), max_length=200)
    title_zh = models.CharField(_("title in Chinese"), max_length=200, blank=True)
    description = models.TextField(_("description"), max_length=5_000, blank=True)
    description_zh = models.TextField(_("description in Chinese"), max_length=5_000, blank=True)
    weight = models.PositiveSmallIntegerField(_("weight"))
    max_points = models.PositiveSmallIntegerField(_("most points"))
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("rubric_id", "position")
        verbose_name_plural = "criteria"
        constraints = [
            models.UniqueConstraint(fields=["rubric", "key"], name="one_criterion_a_key"),
            models.UniqueConstraint(fields=["rubric", "position"], name="one_criterion_a_position"),
            models.CheckConstraint(
                condition=models.Q(weight__gte=1, max_points__gte=1), name="criterion_counts"
            ),
        ]

    def __str__(self) -> str:
        return localised(self, "title")
