"""Addresses of incubation."""

from __future__ import annotations

from django.urls import path

from concours.platform.incubation.interfaces.pages import (
    mentors,
    programmes,
    projects,
    reports,
    reviews,
)

app_name = "incubation"
PROJECT = "projects/<slug:slug>/incubation/"
HERE = "incubation/"

urlpatterns = [
    path(PROJECT, projects.project, name="project"),
    path(PROJECT + "do/<slug:act>/", projects.act, name="act"),
    path(PROJECT + "periods/<int:number>/", reports.new, name="new-report"),
    path(HERE + "periodic-reports/<slug:code>/", reports.report, name="report"),
    path(HERE + "periodic-reports/<slug:code>/revise/", reports.revise, name="revise"),
    path(HERE + "periodic-reports/<slug:code>/do/<slug:act>/", reports.act, name="act-on-report"),
    path(HERE + "annual-reviews/<slug:code>/", reviews.review, name="review"),
    path(HERE + "annual-reviews/<slug:code>/decide/", reviews.decide, name="decide"),
    path(HERE + "health-reports/<slug:code>/", projects.health_file, name="health"),
    path(HERE + "mentors/", mentors.mentors, name="mentors"),
    path(HERE + "mentors/<slug:code>/withdraw/", mentors.withdraw, name="withdraw"),
    path(HERE + "mine/", mentors.mine, name="mine"),
    path(HERE + "mine/<slug:act>/", mentors.answer, name="answer"),
    path(HERE + "overdue/", mentors.board, name="board"),
    path(HERE + "programmes/new/", programmes.adopt, name="adopt"),
    path(HERE + "programmes/<int:number>/", programmes.programme, name="programme"),
    path(HERE + "programmes/<int:number>/text/", programmes.text, name="programme-text"),
]
