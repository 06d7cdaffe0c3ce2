from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.core.ids import new_code
from concours.platform.review.enums import FlagState


class Screening(models.Model):
    """The one search of a round's closed reviews for signs of arrangement.

    `tests` holds one value a test: {"kind", "ran", "level", "tested", "expected_false_alarms",
    "flagged", "untested": {code: reviewers}}. `level` is the chance that an honest reviewer is
    flagged by any test. `digest`: HMAC-SHA-256, under the alias key, of all that was found.
    """

    round = models.OneToOneField(
        "review.ReviewRound", on_delete=models.CASCADE, related_name="screening"
    )
    engine = models.CharField(max_length=40)
    level = models.FloatField()
    tests = models.JSONField(default=list)
    weak = models.BooleanField()
    reviewers = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    screened_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"screening of {self.round_id}"


class ScreeningFlag(models.Model):
    """Something for people to look at, by aliases alone; never a finding of guilt.

    `reviewers` and `entries` are lists of aliases. `p_value`: chance that honest reviewers look
    like this; `q_value`: share of false alarms to expect among flags of this kind as strong. `note`
    is why it was dismissed or upheld; `salt` keys the digest of it in the record.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    screening = models.ForeignKey(Screening, on_delete=models.CASCADE, related_name="flags")
    kind = models.CharField(max_length=40)
    reviewers = models.JSONField(default=list)
    entries = models.JSONField(default=list)
    statistic = models.FloatField()
    p_value = models.FloatField()
    q_value = models.FloatField()
    false_alarm = models.FloatField()
    weak = models.BooleanField()
    evidence = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=FlagState.choices, default=FlagState.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(_("note"), max_length=2_000, blank=True)
    salt = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering = ("screening_id", "p_value", "pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=FlagState.OPEN, decided_at__isnull=True)
                | ~models.Q(state=FlagState.OPEN) & models.Q(decided_at__isnull=False),
                name="a_decided_flag_says_when",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"
