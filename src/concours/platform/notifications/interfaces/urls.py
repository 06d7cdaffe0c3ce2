"""Addresses of notifications."""

from __future__ import annotations

from django.urls import path

from concours.platform.notifications.interfaces import pages

app_name = "notifications"

urlpatterns = [
    path("", pages.page, name="page"),
    path("preferences/", pages.preferences, name="preferences"),
    path("all-read/", pages.mark_all, name="mark-all"),
    path("undo/", pages.undo, name="undo"),
    path("unsubscribe/<str:token>/", pages.unsubscribe, name="unsubscribe"),
    path("<slug:code>/", pages.open_one, name="open"),
    path("<slug:code>/read/", pages.mark, {"state": "read"}, name="read"),
    path("<slug:code>/unread/", pages.mark, {"state": "unread"}, name="unread"),
]
