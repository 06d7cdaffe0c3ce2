"""Addresses of peer review."""

from __future__ import annotations

from django.urls import path

from concours.platform.review.interfaces.pages import (
    advice,
    alarms,
    amending,
    blind,
    desk,
    duties,
    duty_desk,
    rebuttal,
    received,
    reputation,
    screening,
    standings,
    transfer,
)

app_name = "review"

DUTY = "reviews/<slug:code>/"
TRACK = "seasons/<slug:season>/tracks/<slug:track>/"
DESK = TRACK + "desk/review/"

urlpatterns = [
    path("reviews/", duties.mine, name="mine"),
    path("reviews/reputation/", reputation.own, name="reputation"),
    path(DUTY, duties.review, name="review"),
    path(DUTY + "total/", duties.total, name="total"),
    path(DUTY + "conflict/", duties.conflict, name="conflict"),
    path(DUTY + "amend/", amending.amend, name="amend"),
    path(DUTY + "archive/", duties.archive, name="archive"),
    path("entries/<slug:code>/reviews/pass-on/", transfer.transfer, name="transfer"),
    path("entries/<slug:code>/reviews/", received.entry_reviews, name="entry_reviews"),
    path("entries/<slug:code>/reviews/<slug:alias>/answer/", received.answer, name="answer"),
    path("entries/<slug:code>/reviews/<slug:alias>/rate/", received.rate, name="rate"),
    path("entries/<slug:code>/blind/", blind.blind, name="blind"),
    path("entries/<slug:code>/blind/archive/", blind.archive, name="blind_archive"),
    path(TRACK + "standings/", standings.standings, name="standings"),
    path(TRACK + "standings/inputs.json", standings.inputs, name="standings_inputs"),
    path(DESK, desk.desk, name="desk"),
    path(DESK + "plan/", desk.plan, name="plan"),
    path(DESK + "assign/", desk.assign, name="assign"),
    path(DESK + "declare/", desk.declare, name="declare"),
    path(DESK + "extend/", desk.extend, name="extend"),
    path(DESK + "rebuttal/", rebuttal.plan, name="plan_rebuttal"),
    path(DESK + "reveal/", desk.reveal, name="reveal"),
    path(DESK + "alarms/<int:pk>/", alarms.settle, name="settle_alarm"),
    path(DESK + "remind/", desk.remind, name="remind"),
    path(DESK + "replace/", duty_desk.replace, name="replace"),
    path(DESK + "remove/", duty_desk.remove, name="remove"),
    path(DESK + "excuse/", duty_desk.excuse, name="excuse"),
    path(DESK + "reserve/", duty_desk.reserve, name="reserve"),
    path(DESK + "reserve/release/", duty_desk.release, name="release"),
    path(DESK + "close/", desk.close, name="close"),
    path(DESK + "compute/", desk.compute, name="compute"),
    path(DESK + "publish/", desk.publish, name="publish"),
    path(DESK + "reputation/", reputation.in_round, name="reputations"),
    path(DESK + "advice/", advice.advice, name="advice"),
    path(DESK + "screening/", screening.screening, name="screening"),
    path(DESK + "screening/run/", screening.run, name="screen"),
    path(DESK + "screening/<slug:code>/", screening.decide, name="decide_flag"),
    path(DESK + "check/", desk.check, name="check"),
]
