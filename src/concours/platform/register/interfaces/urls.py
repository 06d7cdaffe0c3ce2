from __future__ import annotations

from django.urls import path

from concours.platform.register.interfaces import pages

app_name = "register"
urlpatterns = [
    path("", pages.projects, name="projects"),
    path("<slug:slug>/", pages.project, name="project"),
]
