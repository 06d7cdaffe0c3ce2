from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.core.ids import new_code
from concours.platform.governance.enums import ReviewState
from concours.platform.register.enums import ArchiveCause, Stage


class AccessReview(models.Model):
    """That a project asks to move from one stage to the next, and what becomes of it.

    `cause` is why a project is to be archived, where somebody said it. `step` is how many of the
    transition's votes have passed. `moved_at` is when the project was moved; a review that passed
    without it waits for what `stuck` says.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    project = models.ForeignKey(
        "register.Project", on_delete=models.PROTECT, related_name="access_reviews"
    )
    charter = models.ForeignKey(
        "governance.Charter", on_delete=models.PROTECT, related_name="reviews"
    )
    origin = models.CharField(max_length=20, choices=Stage.choices)
    to = models.CharField(max_length=20, choices=Stage.choices)
    cause = models.CharField(
        _("cause"),
        max_length=20,
        choices=ArchiveCause.choices,
        blank=True,
        default="",
        db_default="",
    )
    step = models.PositiveSmallIntegerField(default=0)
    summary = models.TextField(_("what is asked for"), max_length=10_000)
    spokesperson = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    state = models.CharField(max_length=10, choices=ReviewState.choices, default=ReviewState.OPEN)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(_("reason"), max_length=2_000, blank=True)
    moved_at = models.DateTimeField(null=True, blank=True)
    stuck = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-asked_at", "-pk")
        indexes = [models.Index(fields=["state", "asked_at"], name="review_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["project"],
                condition=models.Q(state=ReviewState.OPEN),
                name="one_open_review_a_project",
            )
        ]

    def __str__(self) -> str:
        return f"{self.project}: {self.origin} > {self.to}"


class ReviewDocument(models.Model):
    """A document of a review: where it is, and the SHA-256 of its bytes where it was given."""

    review = models.ForeignKey(AccessReview, on_delete=models.CASCADE, related_name="documents")
    title = models.CharField(_("title"), max_length=200)
    url = models.URLField(_("address"), max_length=500)
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("review_id", "pk")

    def __str__(self) -> str:
        return self.title


class Comment(models.Model):
    """What somebody says of a review in public."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    review = models.ForeignKey(AccessReview, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("comment"), max_length=5_000)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("review_id", "pk")

    def __str__(self) -> str:
        return self.text[:60]
