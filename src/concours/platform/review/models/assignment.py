from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.core.ids import new_code
from concours.platform.review.enums import AssignmentState, DeclaredKind


class Assignment(models.Model):
    """A duty: this person reviews that entry, on behalf of the entry they are named for.

    Emergency reviewers have no `reviewer_entry`. A duty that was given in place of a lost one
    `replaces` it; `given_in` and `lost_in` are the numbers of the replacements, 0 = the draw. One
    that is `waived` was excused after the standings, which it no longer changes.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    round = models.ForeignKey(
        "review.ReviewRound", on_delete=models.CASCADE, related_name="assignments"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="review_duties"
    )
    reviewer_entry = models.ForeignKey(
        "competitions.Entry",
        on_delete=models.PROTECT,
        related_name="reviews_owed",
        null=True,
        blank=True,
    )
    entry = models.ForeignKey(
        "competitions.Entry", on_delete=models.PROTECT, related_name="reviews_due"
    )
    part = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(
        max_length=10, choices=AssignmentState.choices, default=AssignmentState.PENDING
    )
    lifted_reason = models.TextField(_("reason"), max_length=2_000, blank=True)
    declared = models.CharField(max_length=12, choices=DeclaredKind.choices, blank=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="replaced_by", null=True, blank=True
    )
    given_in = models.PositiveIntegerField(default=0)
    lost_in = models.PositiveIntegerField(null=True, blank=True)
    waived = models.BooleanField(default=False)

    class Meta:
        ordering = ("round_id", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "reviewer", "entry"], name="one_duty_a_reviewer_an_entry"
            ),
            models.CheckConstraint(
                condition=~models.Q(reviewer_entry=models.F("entry")), name="no_self_review"
            ),
        ]
        indexes = [models.Index(fields=["round", "state"], name="assignment_by_round_state")]

    def __str__(self) -> str:
        return self.code


class Review(models.Model):
    """What a reviewer says of an entry.

    `scores` is {criterion key: whole points}; `points_milli` the weighted sum, 0 .. 100,000
    thousandths of a point out of 100. `salt` keys the digest that the record holds of it.
    """

    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="review")
    scores = models.JSONField()
    points_milli = models.PositiveIntegerField()
    comment = models.TextField(_("comment for the team"), max_length=20_000, blank=True)
    private_comment = models.TextField(
        _("comment for the organisers"), max_length=20_000, blank=True
    )
    llm_used = models.BooleanField(_("a language model was used"), null=True, blank=True)
    llm_text = models.TextField(_("which, and for what"), max_length=2_000, blank=True)
    salt = models.CharField(max_length=32)
    submitted_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    edits = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(points_milli__lte=100_000), name="points_out_of_a_hundred"
            )
        ]

    def __str__(self) -> str:
        return f"{self.points_milli / 1000:.1f}"


class ReminderSent(models.Model):
    """That a reviewer was reminded `days` days before the close of a round."""

    round = models.ForeignKey(
        "review.ReviewRound", on_delete=models.CASCADE, related_name="reminders"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    days = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "reminders sent"
        constraints = [
            models.UniqueConstraint(
                fields=["round", "reviewer", "days"], name="one_reminder_a_distance"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reviewer_id}, {self.days} d"
