"""Staff look at donations here; what changes them are their pages and the domain functions."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from concours.platform.core.read_only import ReadOnly
from concours.platform.donations.models import AgreementVersion, Donation


@admin.register(Donation)
class DonationAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("code", "name", "state", "proposed_at", "completed_at")
    list_filter = ("state",)


@admin.register(AgreementVersion)
class AgreementVersionAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("donation", "number", "digest", "drawn_at")
    list_select_related = ("donation",)
