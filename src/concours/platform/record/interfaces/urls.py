from __future__ import annotations

from django.urls import path

from concours.platform.record.interfaces import pages

app_name = "record"
urlpatterns = [
    path("", pages.events, name="events"),
    path("verify/", pages.verify, name="verify"),
    path("chain.txt", pages.chain, name="chain"),
    path("export.jsonl", pages.export, name="export"),
    path("<int:seq>/", pages.event, name="event"),
]
