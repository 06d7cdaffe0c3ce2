from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.review.enums import ConflictKind, RoundState


class ReviewRound(models.Model):
    """The peer review of a track.

    `seed_secret` and `alias_key` are 32 secret bytes in hex. Their SHA-256 digests are in the
    record from the planning on. The seed is revealed with the assignment; the alias key, which
    orders the entries and names everyone, never is: together they would tell who reviews whom.
    """

    track = models.OneToOneField(
        "competitions.Track", on_delete=models.PROTECT, related_name="review_round"
    )
    rubric = models.ForeignKey("review.Rubric", on_delete=models.PROTECT, related_name="rounds")
    state = models.CharField(max_length=10, choices=RoundState.choices, default=RoundState.PLANNED)
    reviews_per_entry = models.PositiveSmallIntegerField(_("reviews an entry gets and owes"))
    finalists = models.PositiveIntegerField(_("finalists"))
    opens_at = models.DateTimeField(_("reviews open"))
    closes_at = models.DateTimeField(_("reviews close"))
    rebuttal_closes_at = models.DateTimeField(_("answers to reviews until"), null=True, blank=True)
    amend_closes_at = models.DateTimeField(
        _("reviewers may amend scores until"), null=True, blank=True
    )
    seed_commitment = models.CharField(max_length=64)
    seed_secret = models.CharField(max_length=64)
    seed_revealed_at = models.DateTimeField(null=True, blank=True)
    alias_commitment = models.CharField(max_length=64)
    alias_key = models.CharField(max_length=64)
    method = models.CharField(max_length=40, blank=True)
    route = models.CharField(max_length=40, blank=True)
    engine = models.CharField(max_length=40, blank=True)
    parts = models.PositiveSmallIntegerField(default=1)
    inputs_digest = models.CharField(max_length=64, blank=True)
    pairs_digest = models.CharField(max_length=64, blank=True)
    entry_count = models.PositiveIntegerField(default=0)
    params = models.JSONField(default=dict)
    planned_at = models.DateTimeField()
    assigned_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-closes_at",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")), name="round_closes_later"
            ),
            models.CheckConstraint(
                condition=models.Q(state=RoundState.PLANNED, seed_revealed_at__isnull=True)
                | ~models.Q(state=RoundState.PLANNED) & models.Q(seed_revealed_at__isnull=False),
                name="seed_revealed_with_the_assignment",
            ),
            models.CheckConstraint(
                condition=models.Q(rebuttal_closes_at__isnull=True, amend_closes_at__isnull=True)
                | models.Q(
                    rebuttal_closes_at__gt=models.F("closes_at"),
                    amend_closes_at__gt=models.F("rebuttal_closes_at"),
                ),
                name="rebuttal_after_the_reviews",
            ),
            models.CheckConstraint(
                condition=models.Q(reviews_per_entry__gte=1), name="at_least_one_review"
            ),
        ]

    def __str__(self) -> str:
        return str(self.track)

    @property
    def code(self) -> str:
        """The round's name in the record: that of its track."""
        return self.track.code

    @property
    def revealed_seed(self) -> str:
        """The seed in hex once it is revealed, else nothing: what pages and API may show."""
        return self.seed_secret if self.seed_revealed_at is not None else ""


class RoundEntry(models.Model):
    """An entry as the assignment took it: its place in the engine's arrays, its part, who reviewed
    for it then, and `text`, what it said of itself, where the assignment compared texts. Who is
    `idle` gets no further duties: late, or gone."""

    round = models.ForeignKey(ReviewRound, on_delete=models.CASCADE, related_name="round_entries")
    entry = models.ForeignKey(
        "competitions.Entry", on_delete=models.PROTECT, related_name="round_entries"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    index = models.PositiveIntegerField()
    part = models.PositiveSmallIntegerField()
    text = models.TextField(blank=True)
    idle = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "round entries"
        constraints = [
            models.UniqueConstraint(fields=["round", "entry"], name="entry_once_a_round"),
            models.UniqueConstraint(fields=["round", "index"], name="one_entry_an_index"),
            models.UniqueConstraint(fields=["round", "reviewer"], name="reviewer_once_a_round"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} at {self.index}"


class Conflict(models.Model):
    """Teams that must not review one another: all that share this person or this organisation,
    or the two that somebody declared.

    It holds between every two of its parties; kept as a group because the pairs of a large
    organisation grow with the square of its teams.
    """

    round = models.ForeignKey(ReviewRound, on_delete=models.CASCADE, related_name="conflicts")
    kind = models.CharField(max_length=12, choices=ConflictKind.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    detail = models.CharField(_("detail"), max_length=500, blank=True)

    class Meta:
        ordering = ("round_id", "kind", "pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    kind=ConflictKind.PERSON, person__isnull=False, organisation__isnull=True
                )
                | models.Q(
                    kind=ConflictKind.ORGANISATION,
                    person__isnull=True,
                    organisation__isnull=False,
                )
                | models.Q(
                    kind=ConflictKind.DECLARED, person__isnull=True, organisation__isnull=True
                ),
                name="conflict_names_its_cause",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id or self.organisation_id or self.detail}"


class ConflictParty(models.Model):
    """An entry whose team is in a conflict."""

    conflict = models.ForeignKey(Conflict, on_delete=models.CASCADE, related_name="parties")
    entry = models.ForeignKey("competitions.Entry", on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name_plural = "conflict parties"
        constraints = [
            models.UniqueConstraint(fields=["conflict", "entry"], name="party_once_a_conflict")
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} in {self.conflict_id}"
