"""Addresses of webhooks."""

from __future__ import annotations

from django.urls import path

from concours.platform.webhooks.interfaces import pages

app_name = "webhooks"

DESK = "seasons/<slug:season>/desk/webhooks/"
ONE = DESK + "<slug:code>/"

urlpatterns = [
    path(DESK, pages.desk, name="desk"),
    path(ONE, pages.webhook, name="webhook"),
    path(ONE + "resume/", pages.resume, name="resume"),
    path(ONE + "remove/", pages.remove, name="remove"),
    path(ONE + "messages/<slug:message>/resend/", pages.resend, name="resend"),
]
