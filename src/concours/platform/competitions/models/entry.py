from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.enums import EntryState, SubmissionKind, SubmissionState
from concours.platform.core.ids import new_code


class Entry(models.Model):
    """A team in a track. It names the reviewer who pays its debt of reviews.

    A `baseline` is there to be compared with: it is evaluated and stands on boards without a place,
    reviews nobody and is reviewed by nobody, and can win nothing.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    track = models.ForeignKey(
        "competitions.Track", on_delete=models.CASCADE, related_name="entries"
    )
    team = models.ForeignKey("competitions.Team", on_delete=models.PROTECT, related_name="entries")
    title = models.CharField(_("title"), max_length=200)
    abstract = models.TextField(_("abstract"), max_length=5_000, blank=True)
    state = models.CharField(max_length=14, choices=EntryState.choices, default=EntryState.ENTERED)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="entries_to_review_for"
    )
    rules_version = models.ForeignKey(
        "competitions.RulesVersion", on_delete=models.PROTECT, related_name="+"
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField()
    state_reason = models.TextField(blank=True)
    llm_used = models.BooleanField(_("a language model was used"), null=True, blank=True)
    llm_text = models.TextField(_("which, and for what"), max_length=2_000, blank=True)
    baseline = models.BooleanField(_("baseline, out of competition"), default=False)

    class Meta:
        ordering = ("track_id", "pk")
        verbose_name_plural = "entries"
        constraints = [models.UniqueConstraint(fields=["track", "team"], name="one_entry_a_team")]
        indexes = [
            models.Index(fields=["track", "state"], name="entry_by_track_state"),
            models.Index(
                fields=["track"], condition=models.Q(baseline=True), name="baseline_by_track"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Participation(models.Model):
    """That a person takes part in a track, through one entry. The database refuses a second."""

    track = models.ForeignKey(
        "competitions.Track", on_delete=models.CASCADE, related_name="participations"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="participations"
    )
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="participations")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["track", "user"], name="one_entry_a_person_a_track")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.entry_id}"


class Submission(models.Model):
    """An immutable snapshot of an entry.

    `digest` is the SHA-256 of the stored archive; `content_digest` that of the sorted
    `sha256sum` lines of its files, the same however the same tree arrived. `git_signed_off` says
    whether the commit bears its author's Signed-off-by; None for an archive, which tells nothing.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="submissions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=SubmissionKind.choices)
    state = models.CharField(max_length=10, choices=SubmissionState.choices)
    file = models.FileField(max_length=200, blank=True)
    size = models.BigIntegerField(default=0)
    file_count = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    content_digest = models.CharField(max_length=64, blank=True)
    git_url = models.CharField(_("repository"), max_length=500, blank=True)
    git_revision = models.CharField(_("revision asked for"), max_length=200, blank=True)
    git_commit = models.CharField(max_length=64, blank=True)
    git_signed_off = models.BooleanField(null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    refusal_code = models.CharField(max_length=60, blank=True)
    refusal_message = models.TextField(blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField()

    class Meta:
        ordering = ("entry_id", "-number")
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="one_submission_a_number"),
            models.CheckConstraint(
                condition=~models.Q(state=SubmissionState.READY)
                | ~models.Q(digest="") & ~models.Q(file=""),
                name="a_ready_submission_has_its_file",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"
