"""Addresses of results, prizes and juries."""

from __future__ import annotations

from django.urls import path

from concours.platform.awards.interfaces.pages import desk, jury, pools, result

app_name = "awards"

TRACK = "seasons/<slug:season>/tracks/<slug:track>/"
DESK = TRACK + "result/desk/"
JURY = TRACK + "jury/"

urlpatterns = [
    path("jury/", jury.tracks, name="jury"),
    path(JURY, jury.track, name="jury-track"),
    path(JURY + "<slug:code>/", jury.score, name="jury-score"),
    path(JURY + "<slug:code>/snapshot/", jury.snapshot, name="jury-snapshot"),
    path(TRACK + "prizes/", result.prizes, name="prizes"),
    path(TRACK + "result/", result.result, name="result"),
    path(TRACK + "result/inputs.json", result.inputs, name="result-inputs"),
    path(TRACK + "result/check/", result.check, name="result-check"),
    path(DESK, desk.desk, name="desk"),
    path(DESK + "jurors/", desk.appoint, name="appoint"),
    path(DESK + "jurors/<slug:code>/remove/", desk.remove, name="remove-juror"),
    path(DESK + "machine/", desk.machine, name="machine"),
    path(DESK + "machine/<slug:split>/", desk.machine_from_board, name="machine-from-board"),
    path(DESK + "pools/", pools.new, name="new-pool"),
    path(DESK + "pools/<slug:code>/", pools.edit, name="pool"),
    path(DESK + "compute/", desk.compute, name="compute"),
    path(DESK + "publish/", desk.publish, name="publish"),
]
