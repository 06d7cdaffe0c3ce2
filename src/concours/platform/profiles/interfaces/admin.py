"""Staff look at credentials and keys here; what changes them are pages and commands."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from concours.platform.core.read_only import ReadOnly
from concours.platform.profiles.models import Credential, IssuerKey


@admin.register(Credential)
class CredentialAdmin(ReadOnly, admin.ModelAdmin[Any]):
    """What somebody did is for them to show: the file and its sections are not listed."""

    list_display = ("code", "user", "issued_at", "revoked_at")
    list_select_related = ("user",)
    search_fields = ("code", "digest")
    fields = ("code", "user", "key", "digest", "issued_at", "revoked_at", "revoked_by", "reason")


@admin.register(IssuerKey)
class IssuerKeyAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("multikey", "made_at", "retired_at", "revoked_at")
