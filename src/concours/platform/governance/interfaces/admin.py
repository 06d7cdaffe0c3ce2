"""Staff look at governance here. Ballots are not shown: of a secret vote nobody reads them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from concours.platform.core.read_only import ReadOnly
from concours.platform.governance.models import AccessReview, Charter, Membership, Vote


@admin.register(Charter)
class CharterAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("number", "name", "version", "adopted_at")


@admin.register(Membership)
class MembershipAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("body", "user", "role", "since", "until")
    list_select_related = ("body", "user")


@admin.register(AccessReview)
class AccessReviewAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("code", "project", "origin", "to", "state", "asked_at")
    list_filter = ("state",)
    list_select_related = ("project",)


@admin.register(Vote)
class VoteAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_display = ("code", "review", "body", "state", "opens_at", "closes_at")
    list_filter = ("state",)
    list_select_related = ("review__project", "body")
