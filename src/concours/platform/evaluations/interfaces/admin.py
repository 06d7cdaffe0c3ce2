"""Staff look at evaluations here; what changes them are the desk and the domain functions."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from concours.platform.core.read_only import ReadOnly
from concours.platform.evaluations.models import CaseResult, Evaluation, Evaluator, Worker


@admin.register(Evaluation)
class EvaluationAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("code", "submission", "evaluator", "split", "state", "queued_at")
    list_filter = ("state", "split")
    search_fields = ("code",)
    list_select_related = ("submission", "evaluator")
    list_per_page = 50
    show_full_result_count = False


@admin.register(CaseResult)
class CaseResultAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("evaluation", "case", "state", "seconds")
    list_select_related = ("evaluation",)
    list_per_page = 50
    show_full_result_count = False


@admin.register(Evaluator)
class EvaluatorAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("name", "version", "track", "active", "set_aside", "attached_at")
    list_select_related = ("track",)


@admin.register(Worker)
class WorkerAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("name", "state", "box", "slots", "failures", "heartbeat_at")
