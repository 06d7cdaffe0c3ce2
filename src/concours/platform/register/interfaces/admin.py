"""The register in the administration: to look at. What changes, changes through the domain."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from concours.platform.register.models import Donation, Donor, Project, TechnicalArea


class ReadOnly:
    """No row is added, changed or deleted here: an act would be missing from the record."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class DonationInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Donation


@admin.register(Project)
class ProjectAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "name_zh", "stage", "licence")
    list_filter = ("stage", "areas")
    search_fields = ("search_text",)
    inlines = (DonationInline,)


@admin.register(Donor)
class DonorAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "name_zh", "kind")
    list_filter = ("kind",)
    search_fields = ("name", "name_zh")


@admin.register(TechnicalArea)
class TechnicalAreaAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("slug", "name", "name_zh")
