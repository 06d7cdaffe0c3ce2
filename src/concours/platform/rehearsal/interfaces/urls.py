from __future__ import annotations

from django.urls import path

from concours.platform.rehearsal.interfaces import pages

app_name = "rehearsal"
urlpatterns = [
    path("", pages.clock_page, name="clock"),
    path("real/", pages.real_time, name="real"),
]
