"""Competitions in the administration: to look at. What changes, changes through the domain."""

from __future__ import annotations

from django.contrib import admin

from concours.platform.competitions.models import (
    Batch,
    Entry,
    Invitation,
    Phase,
    RulesVersion,
    Season,
    Submission,
    Team,
    Track,
    TrackProposal,
)
from concours.platform.core.read_only import ReadOnly


class BatchInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Batch


class PhaseInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Phase
    fk_name = "track"


class RulesInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = RulesVersion
    fields = ("number", "digest", "published_at")


@admin.register(Season)
class SeasonAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("slug", "title", "state", "starts_at", "ends_at")
    list_filter = ("state",)
    inlines = (BatchInline,)


@admin.register(Track)
class TrackAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("slug", "title", "season", "batch", "state", "phase")
    list_filter = ("season", "state")
    list_select_related = ("season", "batch", "phase")
    search_fields = ("slug", "title", "title_zh")
    inlines = (PhaseInline, RulesInline)


@admin.register(TrackProposal)
class ProposalAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("topic", "season", "proposer", "state", "proposed_at")
    list_filter = ("season", "state")


@admin.register(Team)
class TeamAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "code", "season", "created_at")
    list_filter = ("season",)
    search_fields = ("name", "code")


@admin.register(Invitation)
class InvitationAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("email", "team", "state", "invited_at", "expires_at")
    exclude = ("key_digest",)


@admin.register(Entry)
class EntryAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("title", "code", "track", "team", "state", "entered_at")
    list_filter = ("track__season", "state")
    list_select_related = ("track", "team")
    search_fields = ("title", "code")


@admin.register(Submission)
class SubmissionAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("code", "entry", "number", "kind", "state", "digest", "submitted_at")
    list_filter = ("state", "kind")
    exclude = ("file",)
    search_fields = ("code", "digest", "content_digest")
