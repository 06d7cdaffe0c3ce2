"""The register in the administration: to look at. What changes, changes through the domain."""

from __future__ import annotations

from django.contrib import admin

from concours.platform.core.read_only import ReadOnly
from concours.platform.register.models import Donation, Donor, Project, StageChange, TechnicalArea


class DonationInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Donation


class StageChangeInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = StageChange


@admin.register(Project)
class ProjectAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "name_zh", "stage", "licence")
    list_filter = ("register", "stage", "areas")
    search_fields = ("search_text",)
    inlines = (StageChangeInline, DonationInline)


@admin.register(Donor)
class DonorAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "name_zh", "kind")
    list_filter = ("kind",)
    search_fields = ("name", "name_zh")


@admin.register(TechnicalArea)
class TechnicalAreaAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("slug", "name", "name_zh")
