from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.enums import LlmPolicy, PhaseKind, TrackState
from concours.platform.core.text import localised


class Track(models.Model):
    """A contest of its own rules within a batch. From its start exactly one phase is active."""

    season = models.ForeignKey(
        "competitions.Season", on_delete=models.CASCADE, related_name="tracks"
    )
    batch = models.ForeignKey("competitions.Batch", on_delete=models.PROTECT, related_name="tracks")
    slug = models.SlugField(max_length=80)
    title = models.CharField(_("title"), max_length=200)
    title_zh = models.CharField(_("title in Chinese"), max_length=200, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    summary_zh = models.TextField(_("summary in Chinese"), blank=True)
    category = models.CharField(_("category"), max_length=100)
    category_zh = models.CharField(_("category in Chinese"), max_length=100, blank=True)
    technical_area = models.SlugField(_("technical area"), max_length=80, blank=True)
    owner = models.CharField(_("owner"), max_length=200, blank=True)
    owner_zh = models.CharField(_("owner in Chinese"), max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=TrackState.choices, default=TrackState.DRAFT)
    phase = models.ForeignKey(
        "competitions.Phase", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    starts_at = models.DateTimeField(_("starts"))
    registration_opens_at = models.DateTimeField(_("registration opens"))
    registration_closes_at = models.DateTimeField(_("registration closes"))
    teams_freeze_at = models.DateTimeField(
        _("teams are frozen from"),
        null=True,
        blank=True,
        help_text=_("Empty: with the end of registration. Not later than that."),
    )
    team_size_min = models.PositiveSmallIntegerField(_("smallest team"), default=1)
    team_size_max = models.PositiveSmallIntegerField(_("largest team"), default=5)
    reviews_per_entry = models.PositiveSmallIntegerField(_("reviews an entry owes"), default=5)
    finalists = models.PositiveSmallIntegerField(_("finalists"), default=10)
    rubric = models.SlugField(_("rubric"), max_length=80, blank=True)
    review_methods = models.JSONField(_("methods of peer review"), default=dict, blank=True)
    weight_machine = models.PositiveSmallIntegerField(_("weight of the machine score"), default=0)
    weight_peer = models.PositiveSmallIntegerField(_("weight of the peer score"), default=50)
    weight_jury = models.PositiveSmallIntegerField(_("weight of the jury score"), default=50)
    llm_policy = models.CharField(
        _("use of large language models"),
        max_length=8,
        choices=LlmPolicy.choices,
        default=LlmPolicy.NONE,
    )
    publish_source_days = models.PositiveSmallIntegerField(
        _("days from the results until sources are published"),
        null=True,
        blank=True,
        help_text=_("Empty: the sources of entries stay private."),
    )

    class Meta:
        ordering = ("season_id", "batch_id", "slug")
        constraints = [
            models.UniqueConstraint(fields=["season", "slug"], name="one_track_a_slug"),
            models.CheckConstraint(
                condition=models.Q(state=TrackState.DRAFT, phase__isnull=True)
                | ~models.Q(state=TrackState.DRAFT) & models.Q(phase__isnull=False),
                name="a_started_track_has_one_active_phase",
            ),
            models.CheckConstraint(
                condition=models.Q(registration_closes_at__gt=models.F("registration_opens_at")),
                name="registration_closes_later",
            ),
            models.CheckConstraint(
                condition=models.Q(teams_freeze_at__isnull=True)
                | models.Q(teams_freeze_at__lte=models.F("registration_closes_at")),
                name="teams_frozen_with_registration",
            ),
            models.CheckConstraint(
                condition=models.Q(team_size_max__gte=models.F("team_size_min"))
                & models.Q(team_size_min__gte=1),
                name="team_sizes_in_order",
            ),
        ]

    def __str__(self) -> str:
        return localised(self, "title")

    @property
    def code(self) -> str:
        """The track's name in the record: unique over seasons."""
        return f"{self.season.slug}/{self.slug}"

    @property
    def frozen_from(self) -> datetime:
        """From when on the teams that entered stay as they are."""
        return self.teams_freeze_at or self.registration_closes_at

    def registration_open_at(self, moment: datetime) -> bool:
        """Half open: the closing moment itself is too late."""
        return self.registration_opens_at <= moment < self.registration_closes_at


class RulesVersion(models.Model):
    """A track's rules as published under a number. Never changed: a change is the next number."""

    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="rules_versions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=100_000)
    text_zh = models.TextField(max_length=100_000, blank=True)
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("track_id", "number")
        constraints = [
            models.UniqueConstraint(fields=["track", "number"], name="one_rules_text_a_number")
        ]

    def __str__(self) -> str:
        return f"v{self.number}"


class Phase(models.Model):
    """A stretch of a track, and what may be done and seen while it is the active one."""

    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="phases")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=PhaseKind.choices)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    may_submit = models.BooleanField(_("teams may submit"), default=False)
    may_review = models.BooleanField(_("reviewers may review"), default=False)
    scores_visible = models.BooleanField(_("everyone sees scores"), default=False)
    names_visible = models.BooleanField(_("everyone sees names"), default=False)

    class Meta:
        ordering = ("track_id", "position")
        constraints = [
            models.UniqueConstraint(fields=["track", "position"], name="one_phase_a_position"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="phase_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return str(PhaseKind(self.kind).label)

    def runs_at(self, moment: datetime) -> bool:
        """Half open: at `ends_at` it is over."""
        return self.starts_at <= moment < self.ends_at
