from __future__ import annotations

from django.urls import path

from concours.platform.register.interfaces import figures, pages

app_name = "register"
urlpatterns = [
    path("", pages.projects, name="projects"),
    path("figures/", figures.page, name="figures"),
    path("figures.csv", figures.as_csv, name="figures-csv"),
    path("<slug:slug>/", pages.project, name="project"),
]
