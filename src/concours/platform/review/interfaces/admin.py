"""Operators look; domain functions alone change. Secrets and aliases are not shown: the one way to
an identity is the desk's, which the record notes."""

from __future__ import annotations

from django.contrib import admin

from concours.platform.review.models import (
    Conflict,
    Criterion,
    ReminderSent,
    ReviewRound,
    Rubric,
    Standing,
    StandingSnapshot,
)
from concours.platform.web.interfaces.admin import ReadOnlyAdmin


@admin.register(Rubric)
class RubricAdmin(ReadOnlyAdmin):
    list_display = ("slug", "title", "title_zh", "digest")
    search_fields = ("slug", "title", "title_zh")


@admin.register(Criterion)
class CriterionAdmin(ReadOnlyAdmin):
    list_display = ("rubric", "position", "key", "title", "weight", "max_points")
    list_select_related = ("rubric",)


@admin.register(ReviewRound)
class ReviewRoundAdmin(ReadOnlyAdmin):
    list_display = ("track", "state", "opens_at", "closes_at", "entry_count", "seed_commitment")
    list_select_related = ("track__season",)
    list_filter = ("state",)
    exclude = ("seed_secret", "alias_key")


@admin.register(Conflict)
class ConflictAdmin(ReadOnlyAdmin):
    list_display = ("round", "kind", "organisation", "detail")
    list_select_related = ("round__track", "organisation")
    list_filter = ("kind",)


@admin.register(ReminderSent)
class ReminderSentAdmin(ReadOnlyAdmin):
    list_display = ("round", "days", "sent_at")
    list_select_related = ("round__track",)
    fields = ("round", "days", "sent_at")


@admin.register(StandingSnapshot)
class StandingSnapshotAdmin(ReadOnlyAdmin):
    list_display = ("round", "number", "published", "entry_count", "review_count", "computed_at")
    list_select_related = ("round__track",)


@admin.register(Standing)
class StandingAdmin(ReadOnlyAdmin):
    list_display = ("snapshot", "position", "entry", "rank", "rank_low", "rank_high", "finalist")
    list_select_related = ("snapshot", "entry")
    list_filter = ("finalist",)
    show_full_result_count = False
