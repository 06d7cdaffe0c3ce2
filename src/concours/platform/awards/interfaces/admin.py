"""Staff look at awards here; what changes them are the desk and the domain functions."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from concours.platform.awards.models import (
    Award,
    Juror,
    JuryScore,
    LedgerLine,
    MachineScore,
    Prize,
    PrizePool,
    Result,
    ResultLine,
)


class ReadOnly(admin.ModelAdmin[Any]):
    """Rows to look at."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PrizeRows(admin.TabularInline[Any, Any]):
    model = Prize
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Juror)
class JurorAdmin(ReadOnly):
    list_display = ("track", "user", "appointed_at", "removed_at")
    list_select_related = ("track__season", "user")


@admin.register(JuryScore)
class JuryScoreAdmin(ReadOnly):
    list_display = ("entry", "juror", "points_milli", "scored_at")
    list_select_related = ("entry", "juror")


@admin.register(MachineScore)
class MachineScoreAdmin(ReadOnly):
    list_display = ("entry", "points_milli", "source", "recorded_at")
    list_select_related = ("entry",)


@admin.register(PrizePool)
class PrizePoolAdmin(ReadOnly):
    list_display = ("code", "track", "title", "currency", "total_minor")
    list_select_related = ("track__season",)
    inlines = (PrizeRows,)


@admin.register(Result)
class ResultAdmin(ReadOnly):
    list_display = ("track", "number", "state", "inputs_digest", "computed_at", "published_at")
    list_select_related = ("track__season",)
    list_filter = ("state",)


@admin.register(ResultLine)
class ResultLineAdmin(ReadOnly):
    list_display = ("result", "place", "tied", "entry", "reason", "total_milli")
    list_select_related = ("result__track__season", "entry")


@admin.register(Award)
class AwardAdmin(ReadOnly):
    list_display = ("result", "place", "entry", "title", "amount_minor", "pool")
    list_select_related = ("result__track__season", "entry", "pool")


@admin.register(LedgerLine)
class LedgerLineAdmin(ReadOnly):
    list_display = ("pool", "kind", "amount_minor", "award", "at")
    list_select_related = ("pool", "award")
    list_filter = ("kind",)
