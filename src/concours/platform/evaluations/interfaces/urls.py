"""Addresses of evaluations."""

from __future__ import annotations

from django.urls import path

from concours.platform.evaluations.interfaces.pages import artefacts, desk, runs

app_name = "evaluations"

RUN = "evaluations/<slug:code>/"
CASE = RUN + "cases/<slug:case>/"
EVALUATOR = "evaluators/<slug:code>/"
WORKER = "workers/<str:name>/"

urlpatterns = [
    path("entries/<slug:code>/evaluations/", runs.of_entry, name="of-entry"),
    path("submissions/<slug:code>/evaluate/", runs.evaluate, name="evaluate"),
    path(RUN, runs.run, name="run"),
    path(RUN + "progress/", runs.progress, name="progress"),
    path(RUN + "cancel/", runs.cancel, name="cancel"),
    path(RUN + "requeue/", desk.requeue, name="requeue"),
    path(CASE + "replay/", artefacts.replay, name="replay"),
    path(CASE + "files/<str:name>", artefacts.download, name="artefact"),
    path("seasons/<slug:season>/tracks/<slug:track>/evaluations/", desk.desk, name="desk"),
    path(EVALUATOR + "activate/", desk.activate, name="activate"),
    path(EVALUATOR + "set-aside/", desk.set_aside, name="set-aside"),
    path(EVALUATOR + "resume/", desk.resume, name="resume"),
    path("workers/", desk.workers, name="workers"),
    path(WORKER + "set-aside/", desk.worker, {"act": "set-aside"}, name="worker-set-aside"),
    path(WORKER + "resume/", desk.worker, {"act": "resume"}, name="worker-resume"),
]
