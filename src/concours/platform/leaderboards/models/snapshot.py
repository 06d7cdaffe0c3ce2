from __future__ import annotations

from django.db import models

from concours.platform.leaderboards.enums import Cause


class Snapshot(models.Model):
    """A board as it was computed once. A new computation with another content is the next number.

    `index` names the blocks in order (document.index_text); empty once the content is no longer
    kept, which `pinned` forbids. `layers` are the codes of the re-evaluations that counted, the
    oldest first. `through` is the moment up to which runs counted, where there is one.
    """

    board = models.ForeignKey(
        "leaderboards.Board", on_delete=models.CASCADE, related_name="snapshots"
    )
    number = models.PositiveIntegerField()
    cause = models.CharField(max_length=10, choices=Cause.choices)
    engine = models.CharField(max_length=40)
    rules = models.JSONField()
    layers = models.JSONField(default=list, blank=True)
    through = models.DateTimeField(null=True, blank=True)
    count = models.PositiveIntegerField()
    index = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    pinned = models.BooleanField(default=False)
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ("board_id", "-number")
        constraints = [
            models.UniqueConstraint(fields=["board", "number"], name="one_board_snapshot_a_number")
        ]

    def __str__(self) -> str:
        return f"#{self.number}"

    @property
    def kept(self) -> bool:
        return bool(self.index)


class StoredBlock(models.Model):
    """A block of lines (document.Block), stored once for all snapshots of the board."""

    board = models.ForeignKey("leaderboards.Board", on_delete=models.CASCADE, related_name="blocks")
    digest = models.CharField(max_length=64)
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "digest"], name="one_block_a_digest")
        ]

    def __str__(self) -> str:
        return self.digest[:12]
