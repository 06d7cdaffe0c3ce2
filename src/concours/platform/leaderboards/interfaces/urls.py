"""Addresses of leaderboards."""

from __future__ import annotations

from django.urls import path

from concours.platform.leaderboards.interfaces.pages import (
    board,
    desk,
    exports,
    history,
    reevaluations,
    sources,
)

app_name = "leaderboards"

TRACK = "seasons/<slug:season>/tracks/<slug:track>/"
BOARD = TRACK + "boards/<slug:split>/"
DESK = TRACK + "desk/boards/"
ONE = DESK + "<slug:split>/"
SET = ONE + "sets/<slug:code>/"

urlpatterns = [
    path(TRACK + "boards/", board.boards, name="boards"),
    path(BOARD, board.board, name="board"),
    path(BOARD + "board.csv", exports.as_csv, name="csv"),
    path(BOARD + "board.json", exports.as_json, name="json"),
    path(BOARD + "check/", board.check, name="check"),
    path(BOARD + "entries/<slug:code>/", history.history, name="history"),
    path(BOARD + "entries/<slug:code>/choose/", history.choose, name="choose"),
    path(TRACK + "sources/", sources.sources, name="sources"),
    path(TRACK + "sources/<slug:split>/<slug:code>/", sources.entry, name="source"),
    path(TRACK + "sources/<slug:split>/<slug:code>/SHA256SUMS", sources.sums, name="source-sums"),
    path(
        TRACK + "sources/<slug:split>/<slug:code>/files/<path:name>",
        sources.file,
        name="source-file",
    ),
    path(DESK, desk.desk, name="desk"),
    path(DESK + "new/", desk.create, name="create"),
    path(DESK + "results/", desk.results, name="results"),
    path(ONE + "open/", desk.open_board, name="open"),
    path(ONE + "columns/", desk.open_columns, name="open-columns"),
    path(ONE + "freeze/", desk.freeze, name="freeze"),
    path(ONE + "unfreeze/", desk.unfreeze, name="unfreeze"),
    path(ONE + "sets/", reevaluations.sets, name="sets"),
    path(SET, reevaluations.show, name="set"),
    path(SET + "apply/", reevaluations.apply, name="apply"),
    path(SET + "cancel/", reevaluations.cancel, name="cancel"),
    path(SET + "revert/", reevaluations.revert, name="revert"),
]
