from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.appeals.enums import AppealKind, AppealState, Outcome
from concours.platform.core.ids import new_code
from concours.platform.core.text import localised


class Appeal(models.Model):
    """An entry's team asks that a verdict about it be looked at again.

    `about` narrows it: the alias of the reviewer whose review it is against, else nothing.
    `decide_by` is the day by which those who judge are to decide. `decision` holds the written
    reasons, of a dismissal as of a decision. `salt` keys the digest that the record holds of the
    reasons given.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    track = models.ForeignKey(
        "competitions.Track", on_delete=models.PROTECT, related_name="appeals"
    )
    entry = models.ForeignKey(
        "competitions.Entry", on_delete=models.PROTECT, related_name="appeals"
    )
    kind = models.CharField(max_length=20, choices=AppealKind.choices)
    about = models.CharField(max_length=12, blank=True)
    subject = models.CharField(_("subject"), max_length=200)
    reason = models.TextField(_("reasons"), max_length=10_000)
    salt = models.CharField(max_length=32)
    state = models.CharField(max_length=10, choices=AppealState.choices, default=AppealState.FILED)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    filed_at = models.DateTimeField()
    decide_by = models.DateTimeField()
    admitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    admitted_at = models.DateTimeField(null=True, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    hearing = models.TextField(_("hearing"), max_length=10_000, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    decision = models.TextField(_("decision"), max_length=10_000, blank=True)
    decision_zh = models.TextField(_("decision in Chinese"), max_length=10_000, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("track_id", "filed_at", "pk")
        indexes = [models.Index(fields=["state", "decide_by"], name="appeal_by_state_deadline")]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "kind", "about"],
                condition=models.Q(
                    state__in=[AppealState.FILED, AppealState.ADMITTED, AppealState.HEARD]
                ),
                name="one_open_appeal_an_entry_a_target",
            ),
            models.CheckConstraint(
                condition=models.Q(state=AppealState.DECIDED) & ~models.Q(outcome="")
                | ~models.Q(state=AppealState.DECIDED) & models.Q(outcome=""),
                name="a_decided_appeal_has_its_outcome",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[AppealState.DECIDED, AppealState.DISMISSED])
                | ~models.Q(decision="") & models.Q(ended_at__isnull=False),
                name="an_ended_appeal_has_its_reasons",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def written(self) -> str:
        """The decision in the reader's language, where it was written in both."""
        return localised(self, "decision")

    @property
    def open(self) -> bool:
        return self.state in {AppealState.FILED, AppealState.ADMITTED, AppealState.HEARD}


class Attachment(models.Model):
    """A file that supports an appeal. `digest` is the SHA-256 of its bytes, `size` their number."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=120)
    file = models.FileField(max_length=200)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("appeal_id", "pk")

    def __str__(self) -> str:
        return self.name
