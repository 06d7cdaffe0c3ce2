"""Staff look at appeals here; what changes them are the desk and the domain functions."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from concours.platform.appeals.models import Appeal, AppealJudge, ChangeSet
from concours.platform.core.read_only import ReadOnly


@admin.register(Appeal)
class AppealAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("code", "track", "kind", "state", "outcome", "filed_at", "decide_by")
    list_filter = ("state", "kind")
    list_select_related = ("track",)


@admin.register(AppealJudge)
class AppealJudgeAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("track", "user", "appointed_at", "removed_at")
    list_select_related = ("track", "user")


@admin.register(ChangeSet)
class ChangeSetAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("code", "track", "title", "state", "drafted_at", "ended_at")
    list_filter = ("state",)
    list_select_related = ("track",)
