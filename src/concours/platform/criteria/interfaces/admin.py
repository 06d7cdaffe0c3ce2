"""Assessments in the administration: to look at. What changes, changes through the domain."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from concours.platform.core.read_only import ReadOnly
from concours.platform.criteria.models import Assessment, Maintainer


@admin.register(Assessment)
class AssessmentAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("code", "project", "set_slug", "set_version", "stage", "opened_at", "closed_at")
    list_filter = ("set_slug", "stage")
    list_select_related = ("project",)


@admin.register(Maintainer)
class MaintainerAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("project", "user", "named_at", "removed_at")
    list_select_related = ("project", "user")
