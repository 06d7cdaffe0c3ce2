"""Addresses of results, prizes and juries."""

from __future__ import annotations

from django.urls import path

from concours.platform.awards.interfaces.pages import (
    desk,
    jury,
    money,
    money_requests,
    payments,
    pools,
    result,
    winnings,
)

app_name = "awards"

TRACK = "seasons/<slug:season>/tracks/<slug:track>/"
DESK = TRACK + "result/desk/"
MONEY = DESK + "money/"
PAYOUT = MONEY + "awards/<slug:code>/"
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
    path(MONEY, money.desk, name="money"),
    path(MONEY + "open/", money_requests.open_money, name="open-money"),
    path(MONEY + "pools/<slug:code>/bonus/", money_requests.ask_bonus, name="ask-bonus"),
    path(MONEY + "pools/<slug:code>/grant/", money_requests.ask_grant, name="ask-grant"),
    path(
        MONEY + "pools/<slug:code>/give-back/", money_requests.ask_give_back, name="ask-give-back"
    ),
    path(MONEY + "requests/<slug:code>/confirm/", money_requests.confirm, name="confirm-request"),
    path(MONEY + "requests/<slug:code>/drop/", money_requests.drop, name="drop-request"),
    path(PAYOUT, money.payout, name="payout"),
    path(PAYOUT + "release/", money_requests.ask_release, name="ask-release"),
    path(PAYOUT + "claw-back/", money_requests.ask_claw_back, name="ask-claw-back"),
    path(PAYOUT + "papers/<slug:kind>/<slug:user>/", payments.confirm_paper, name="confirm-paper"),
    path(PAYOUT + "papers/<int:paper>/", payments.withdraw_paper, name="withdraw-paper"),
    path(PAYOUT + "pay/<slug:user>/", payments.pay, name="pay"),
    path(PAYOUT + "repay/<slug:user>/", payments.repay, name="repay"),
    path("awards/", winnings.awards, name="winnings"),
    path("awards/<slug:code>/", winnings.award, name="won"),
    path("seasons/<slug:season>/money/", winnings.money, name="season-money"),
    path("receipts/<slug:season>/<int:number>/", winnings.receipt, name="receipt"),
]
