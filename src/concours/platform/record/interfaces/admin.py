from __future__ import annotations

from django.contrib import admin

from concours.platform.record.models import Event
from concours.platform.web.interfaces.admin import ReadOnlyAdmin


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("seq", "at", "actor", "via", "verb", "subject", "season")
    list_filter = ("via",)
    search_fields = ("subject", "actor", "verb")
    ordering = ("-seq",)
    show_full_result_count = False
