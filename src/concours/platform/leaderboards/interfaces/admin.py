"""Staff look at boards here; what changes them are the desk and the domain functions."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from concours.platform.core.read_only import ReadOnly
from concours.platform.leaderboards.models import (
    Board,
    Choice,
    Publication,
    Reevaluation,
    ResultsOut,
    Snapshot,
)


class Rows(ReadOnly, admin.ModelAdmin[Any]):
    """Rows to look at."""

    list_per_page = 50
    show_full_result_count = False


@admin.register(Board)
class BoardAdmin(Rows):
    list_display = ("code", "track", "split", "visibility", "freeze_at", "created_at")
    list_select_related = ("track__season",)
    # Whoever has the salt can try sealed values against a digest.
    exclude = ("salt",)


@admin.register(Snapshot)
class SnapshotAdmin(Rows):
    list_display = ("board", "number", "cause", "count", "digest", "taken_at")
    list_select_related = ("board",)
    exclude = ("index",)


@admin.register(Choice)
class ChoiceAdmin(Rows):
    list_display = ("board", "entry", "submission", "chosen_at")
    list_select_related = ("board", "entry", "submission")


@admin.register(Reevaluation)
class ReevaluationAdmin(Rows):
    list_display = ("code", "board", "evaluator", "scope", "state", "staged_at", "decided_at")
    list_select_related = ("board", "evaluator")


@admin.register(ResultsOut)
class ResultsOutAdmin(Rows):
    list_display = ("track", "at", "published_at")
    list_select_related = ("track__season",)


@admin.register(Publication)
class PublicationAdmin(Rows):
    list_display = ("board", "place", "entry", "submission", "published_at")
    list_select_related = ("board", "entry", "submission")
