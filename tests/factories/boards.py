"""Boards with scored entries, made through the domain functions and the queue's own endings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from concours.platform.accounts.models import User
from concours.platform.competitions.models import Entry, Track
from concours.platform.core import clock
from concours.platform.evaluations.models import Evaluation, Evaluator, Worker
from concours.platform.leaderboards import domain
from concours.platform.leaderboards.domain.refreshing import run_finished
from concours.platform.leaderboards.enums import Visibility
from concours.platform.leaderboards.models import Board
from tests.factories import competitions as make
from tests.factories import evaluations as runs
from tests.factories.people import organiser, person

SPRING = make.day(2023, 2, 1) + timedelta(hours=12)
"""In the practice phase, with registration open."""


@dataclass
class Field:
    """A track with an evaluator, its organiser, and entries that score when told to."""

    folder: Path
    track: Track
    evaluator: Evaluator
    staff: User
    worker: Worker
    moment: datetime

    def captain(self, entry: Entry) -> User:
        return make.captain_of(entry.team)

    def enter(self, title: str) -> Entry:
        with clock.frozen_at(SPRING):
            team = make.team(of=self.track.season, captain=person())
            return make.entry(in_track=self.track, by=team, title=title)

    def score(self, entry: Entry, right: float, *, margin: float = 1.0, **more: Any) -> Evaluation:
        """The entry submits and its run ends with that score, a minute after the one before."""
        self.moment += timedelta(minutes=1)
        with clock.frozen_at(self.moment):
            submission = runs.submission(of=entry, folder=self.folder)
            run = runs.evaluation(of=submission, split=more.pop("split", "practice"))
            return self.end(right, margin=margin, expected=run, **more)

    def end(
        self,
        right: float,
        *,
        margin: float = 1.0,
        expected: Evaluation | None = None,
        **more: Any,
    ) -> Evaluation:
        """The next waiting run ends with that score, and boards hear of it."""
        lease, run = runs.taken(by=self.worker)
        assert expected is None or run == expected
        width = more.pop("width", 0.5)
        intervals = {"right": (right - width, right + width), "margin": (margin - 1, margin + 1)}
        values = {"right": right, "margin": margin}
        assert runs.score(lease, values=values, intervals=intervals, **more)
        run_finished(run.pk)
        run.refresh_from_db()
        return run

    def board(self, **fields: Any) -> Board:
        with clock.frozen_at(self.moment):
            return domain.create_board(
                actor=self.staff,
                track=self.track,
                split=fields.pop("split", "practice"),
                visibility=fields.pop("visibility", Visibility.PUBLIC),
                **fields,
            )

    def refreshed(self, board: Board) -> Board:
        with clock.frozen_at(self.moment):
            domain.refresh(board=board)
        return Board.objects.select_related("track__season", "live", "frozen").get(pk=board.pk)

    def version(self, number: str) -> Evaluator:
        """Another version of the evaluator, which new runs are made with from now on."""
        with clock.frozen_at(self.moment):
            return runs.evaluator(of=self.track, folder=self.folder, version=number)


def field(folder: Path) -> Field:
    with clock.frozen_at(SPRING):
        track = runs.track(title="Sums")
        evaluator = runs.evaluator(of=track, folder=folder)
        return Field(
            folder=folder,
            track=track,
            evaluator=evaluator,
            staff=organiser(season=track.season),
            worker=runs.worker(),
            moment=SPRING,
        )
