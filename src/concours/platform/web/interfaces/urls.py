from __future__ import annotations

from django.urls import path

from concours.platform.web.interfaces import pages, plumbing, style_guide

app_name = "web"
urlpatterns = [
    path("", pages.home, name="home"),
    path("about/", pages.about, name="about"),
    path("search/", pages.search, name="search"),
    path("robots.txt", plumbing.robots, name="robots"),
    path("favicon.ico", plumbing.favicon, name="favicon"),
    path("style-guide/", style_guide.style_guide, name="style-guide"),
]
