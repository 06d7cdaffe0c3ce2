from __future__ import annotations

from django.urls import path

from concours.platform.web.interfaces import pages

app_name = "web"
urlpatterns = [
    path("", pages.home, name="home"),
]
