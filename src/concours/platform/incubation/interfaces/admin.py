"""Staff look at incubation here; what changes it are its pages and the domain functions."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from concours.platform.core.read_only import ReadOnly
from concours.platform.incubation.models import (
    AnnualReview,
    Incubation,
    Mentor,
    Mentoring,
    PeriodicReport,
    ProgrammeVersion,
)


@admin.register(ProgrammeVersion)
class ProgrammeAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("number", "name", "version", "adopted_at")


@admin.register(Mentor)
class MentorAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("code", "user", "state", "most_projects", "invited_at")
    list_filter = ("state",)
    list_select_related = ("user",)


@admin.register(Mentoring)
class MentoringAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("mentor", "project", "assigned_at", "ended_at")
    list_select_related = ("mentor__user", "project")


@admin.register(Incubation)
class IncubationAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("code", "project", "began_on", "ended_on")
    list_select_related = ("project",)


@admin.register(PeriodicReport)
class PeriodicReportAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("incubation", "number", "begins", "due", "submitted_at")
    list_select_related = ("incubation__project",)


@admin.register(AnnualReview)
class AnnualReviewAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("incubation", "number", "due", "state", "outcome")
    list_filter = ("state", "outcome")
    list_select_related = ("incubation__project",)
