"""Staff look at incubation here; what changes it are its pages and the domain functions."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from concours.platform.core.read_only import ReadOnly
from concours.platform.incubation.models import Mentor, Mentoring


@admin.register(Mentor)
class MentorAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("code", "user", "state", "most_projects", "invited_at")
    list_filter = ("state",)
    list_select_related = ("user",)


@admin.register(Mentoring)
class MentoringAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("mentor", "project", "assigned_at", "ended_at")
    list_select_related = ("mentor__user", "project")
