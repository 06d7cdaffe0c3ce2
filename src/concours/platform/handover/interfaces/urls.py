"""Addresses of handovers and dossiers."""

from __future__ import annotations

from django.urls import path

from concours.platform.handover.interfaces import acts, desk, pages

app_name = "handover"

DESK = "seasons/<slug:season>/tracks/<slug:track>/handover/"
ONE = "handovers/<slug:code>/"
DOSSIER = "dossiers/<slug:slug>/"

urlpatterns = [
    path(DESK, desk.desk, name="desk"),
    path(DESK + "ask/<slug:code>/", desk.ask, name="ask"),
    path(DESK + "reviewers/", desk.reviewers, name="reviewers"),
    path(DESK + "invite/", desk.invite, name="invite"),
    path(ONE, pages.handover, name="handover"),
    path(ONE + "agree/", acts.agree, name="agree"),
    path(ONE + "decline/", acts.decline, name="decline"),
    path(ONE + "say/", acts.say, name="say"),
    path(ONE + "leave/", acts.give_leave, name="give-leave"),
    path(ONE + "leave/withdraw/", acts.withdraw_leave, name="withdraw-leave"),
    path(ONE + "hand-over/", acts.hand_over, name="hand-over"),
    path(ONE + "take-back/", acts.take_back, name="take-back"),
    path(DOSSIER, pages.dossier, name="dossier"),
    path(DOSSIER + "dossier.json", pages.content, name="content"),
    path(DOSSIER + "dossier.zip", pages.package, name="package"),
    path(DOSSIER + "attach/", acts.attach, name="attach"),
]
