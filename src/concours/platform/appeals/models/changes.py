from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.appeals.enums import ChangeKind, ChangeState
from concours.platform.core.ids import new_code


class ChangeSet(models.Model):
    """Changes of human judgements that take effect together, by one signed act, or not at all.

    `preview` holds who would move, as last computed, and `preview_digest` the SHA-256 of what the
    standings and the result would be; both are emptied when a change is added or taken out, and
    stay as they were applied. `before` and `after` name what was published by digests.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    track = models.ForeignKey(
        "competitions.Track", on_delete=models.PROTECT, related_name="change_sets"
    )
    appeal = models.ForeignKey(
        "appeals.Appeal",
        on_delete=models.PROTECT,
        related_name="change_sets",
        null=True,
        blank=True,
    )
    reverses = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="reversals", null=True, blank=True
    )
    title = models.CharField(_("title"), max_length=200)
    reason = models.TextField(_("reasons"), max_length=5_000)
    state = models.CharField(max_length=10, choices=ChangeState.choices, default=ChangeState.DRAFT)
    preview = models.JSONField(default=dict, blank=True)
    preview_digest = models.CharField(max_length=64, blank=True)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    drafted_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("track_id", "-drafted_at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=ChangeState.DRAFT, ended_at__isnull=True)
                | ~models.Q(state=ChangeState.DRAFT) & models.Q(ended_at__isnull=False),
                name="an_ended_change_set_says_when",
            ),
            models.UniqueConstraint(
                fields=["reverses"],
                condition=~models.Q(state=ChangeState.CANCELLED),
                name="one_reversal_a_change_set",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Change(models.Model):
    """One change. A review is named by its entry and its reviewer's `alias`.

    `scores` are {criterion key: whole points}, `points_milli` thousandths of a point. `before` is
    what counted when it was applied, so that it can be reversed:
    {"kind", "scores" or "points_milli"}.
    """

    change_set = models.ForeignKey(ChangeSet, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=12, choices=ChangeKind.choices)
    entry = models.ForeignKey("competitions.Entry", on_delete=models.PROTECT, related_name="+")
    alias = models.CharField(max_length=12, blank=True)
    juror = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    scores = models.JSONField(null=True, blank=True)
    points_milli = models.PositiveIntegerField(null=True, blank=True)
    before = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("change_set_id", "pk")

    def __str__(self) -> str:
        return f"{self.kind} {self.entry_id}"
