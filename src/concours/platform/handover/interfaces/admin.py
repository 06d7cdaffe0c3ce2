"""Staff look at handovers here; what changes them are their pages and the domain functions."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from concours.platform.core.read_only import ReadOnly
from concours.platform.handover.models import Dossier, Handover


@admin.register(Handover)
class HandoverAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("code", "entry", "state", "project", "asked_at", "done_at")
    list_filter = ("state",)
    list_select_related = ("entry", "project")


@admin.register(Dossier)
class DossierAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("handover", "digest", "made_at")
    list_select_related = ("handover",)
