from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.core.ids import new_code
from concours.platform.leaderboards.enums import Visibility


class Board(models.Model):
    """The leaderboard of a track's split.

    `rules` are its columns, sort, ties and rule as document.rules_json writes them, taken from
    `evaluator`'s manifest. `salt` enters every snapshot's digest, so that sealed values cannot be
    tried. `live` is the newest snapshot, `frozen` the one that all but staff see from `freeze_at`
    on. A sealed board is staff's until it is opened; sealed columns, until they are.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    track = models.ForeignKey("competitions.Track", on_delete=models.PROTECT, related_name="boards")
    split = models.CharField(max_length=10)
    evaluator = models.ForeignKey(
        "evaluations.Evaluator", on_delete=models.PROTECT, related_name="+"
    )
    visibility = models.CharField(
        _("visibility"), max_length=10, choices=Visibility.choices, default=Visibility.PUBLIC
    )
    columns_open = models.BooleanField(default=False)
    rules = models.JSONField()
    salt = models.CharField(max_length=32)
    freeze_at = models.DateTimeField(_("freeze"), null=True, blank=True)
    live = models.ForeignKey(
        "leaderboards.Snapshot", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    frozen = models.ForeignKey(
        "leaderboards.Snapshot", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("track_id", "pk")
        constraints = [
            models.UniqueConstraint(fields=["track", "split"], name="one_board_a_split"),
            models.CheckConstraint(
                condition=models.Q(frozen__isnull=True) | models.Q(freeze_at__isnull=False),
                name="a_frozen_board_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.track_id} {self.split}"

    def frozen_at(self, moment: datetime) -> bool:
        """Half open: at `freeze_at` it is frozen."""
        return self.freeze_at is not None and self.freeze_at <= moment

    @property
    def public(self) -> bool:
        return self.visibility == Visibility.PUBLIC

    @property
    def columns(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.rules["columns"]
        return found


class Change(models.Model):
    """That an entry's line is to be computed again; without an entry, the whole board."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="changes")
    entry = models.ForeignKey(
        "competitions.Entry", on_delete=models.CASCADE, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.entry_id or 'all'} of {self.board_id}"


class Locator(models.Model):
    """Where an entry stands in the live or the frozen snapshot: its line's key as JSON."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="locators")
    frozen = models.BooleanField(default=False)
    entry = models.ForeignKey("competitions.Entry", on_delete=models.CASCADE, related_name="+")
    key = models.TextField()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["board", "frozen", "entry"], name="one_locator_an_entry"
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} on {self.board_id}"


class Choice(models.Model):
    """Which submission a team selected for a board. Only ever added to: the latest counts."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="choices")
    entry = models.ForeignKey("competitions.Entry", on_delete=models.CASCADE, related_name="+")
    submission = models.ForeignKey(
        "competitions.Submission", on_delete=models.PROTECT, related_name="+"
    )
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    chosen_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=["board", "entry"], name="choice_by_entry")]

    def __str__(self) -> str:
        return f"{self.submission_id} for {self.entry_id}"
