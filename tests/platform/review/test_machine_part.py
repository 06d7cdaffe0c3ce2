"""Finalists of a track with a machine: chosen by reviews and ranking board, and recomputable."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from concours.platform.competitions import domain as competitions
from concours.platform.competitions.domain.phases import PhasePlan
from concours.platform.competitions.enums import PhaseKind
from concours.platform.competitions.models import Entry, Track
from concours.platform.core import clock
from concours.platform.core.errors import Refused
from concours.platform.leaderboards import domain as leaderboards
from concours.platform.leaderboards.enums import Visibility
from concours.platform.leaderboards.models import Board
from concours.platform.record.models import Event
from concours.platform.review import domain
from concours.platform.review.models import ReviewRound, Standing, StandingSnapshot
from tests.factories import competitions as make
from tests.factories import evaluations as runs
from tests.factories import review

pytestmark = pytest.mark.django_db

PRACTICE, RANKING = make.day(2023, 1, 15), make.day(2023, 2, 15)
BAIT = 7_654.25
"""Added to every score, so that a leaked value is seen."""
PHASES = [
    PhasePlan(
        kind=PhaseKind.REGISTRATION,
        starts_at=make.day(2022, 12, 1),
        ends_at=make.day(2023, 2, 2),
        may_submit=True,
    ),
    PhasePlan(
        kind=PhaseKind.RANKING,
        starts_at=make.day(2023, 2, 2),
        ends_at=make.day(2023, 3, 1),
        may_submit=True,
    ),
    *make.PHASES[1:],
]
ENTRIES, FINALISTS = 20, 4


@dataclass
class Contest:
    """A track whose entries wait to be reviewed and evaluated, in order of entering."""

    track: Track
    entries: list[Entry]
    folder: Path
    round: ReviewRound

    def evaluate(self, scores: dict[int, float]) -> None:
        """Ranking runs by the entry's place in the list."""
        worker = runs.worker()
        with at(RANKING):
            self.track = make.advance(self.track, to=PhaseKind.RANKING)
            for number, score in scores.items():
                submission = self.entries[number].submissions.get()
                submission.entry.track = self.track
                runs.evaluation(of=submission, split="ranking")
                lease, _row = runs.taken(by=worker)
                values = {"right": score + BAIT, "margin": 0.0}
                assert runs.score(lease, values=values, intervals={})

    def board(self) -> Board:
        with at(RANKING):
            return leaderboards.create_board(
                actor=make.ACTOR, track=self.track, split="ranking", visibility=Visibility.SEALED
            )

    def review(self) -> None:
        """All reviews: the later an entry entered, the better the peers find it."""
        review.to_review(self.round)
        with at(review.OPENS):
            domain.assign_reviews(actor=make.ACTOR, round=self.round)
        place = {entry.pk: number for number, entry in enumerate(self.entries)}
        for duty in self.round.assignments.select_related("reviewer"):
            number = place[duty.entry_id]
            count = len(self.entries)
            review.write(duty, idea=number * 5 // count, code=number * 10 // count)
        with at(review.AFTER):
            domain.close_round(actor=make.ACTOR, round=self.round)

    def compute(self) -> StandingSnapshot:
        with at(review.AFTER):
            return domain.compute_standings(actor=make.ACTOR, round=self.round)

    def finalists(self, snapshot: StandingSnapshot) -> set[int]:
        rows = Standing.objects.filter(snapshot=snapshot, finalist=True)
        chosen = set(rows.values_list("entry_id", flat=True))
        return {number for number, entry in enumerate(self.entries) if entry.pk in chosen}


@contextmanager
def at(moment: Any) -> Iterator[None]:
    with clock.frozen_at(moment):
        yield


def contest(
    folder: Path,
    *,
    machine: int = 60,
    entries: int = ENTRIES,
    methods: dict[str, Any] | None = None,
) -> Contest:
    with at(review.SPRING.replace(day=1)):
        track = make.draft_track(
            weight_machine=machine,
            weight_peer=20,
            weight_jury=20,
            finalists=FINALISTS,
            reviews_per_entry=4,
            review_methods=methods or {},
        )
        competitions.plan_phases(actor=make.ACTOR, track=track, phases=PHASES)
        track = competitions.start_track(actor=make.ACTOR, track=track)
        runs.evaluator(of=track, folder=folder)
        round_ = review.planned(track=track)
        entered = [make.entry(in_track=track) for _ in range(entries)]
        for entry in entered:
            runs.submission(of=entry, folder=folder)
    return Contest(track=track, entries=entered, folder=folder, round=round_)


def played(folder: Path, **fields: Any) -> Contest:
    """The machine finds those best that entered first, and says nothing of the last."""
    made = contest(folder, **fields)
    count = len(made.entries)
    made.evaluate({number: float(count - number) for number in range(count - 1)})
    made.board()
    made.review()
    return made


def test_the_machine_chooses_by_the_declared_weights(tmp_path: Path) -> None:
    found = played(tmp_path)

    snapshot = found.compute()

    # Alone the peers would take the last four; with three parts of four the machine's are in.
    chosen = found.finalists(snapshot)
    assert len(chosen) == FINALISTS
    assert sum(chosen) < sum(range(16, 20)) / 2
    assert snapshot.params["weights"] == {"machine": 60, "peer": 20}
    assert (snapshot.turnover, snapshot.recall, snapshot.impartial) == (None, None, True)
    last = Standing.objects.get(snapshot=snapshot, entry=found.entries[-1])
    first = Standing.objects.get(snapshot=snapshot, entry=found.entries[0])
    assert "it has no score of the entry" in domain.phrase_reason(last.reason)
    assert "counts 75 % of this; by its scores the entry has place 1." in domain.phrase_reason(
        first.reason
    )


def test_without_weight_the_machine_has_no_part(tmp_path: Path) -> None:
    found = contest(tmp_path, machine=0)
    found.review()

    snapshot = found.compute()

    assert "machine" not in snapshot.params
    assert snapshot.turnover is not None
    assert sum(found.finalists(snapshot)) > sum(range(16, 20)) / 2


def test_anyone_computes_it_again_from_the_record_which_holds_no_score(tmp_path: Path) -> None:
    found = played(tmp_path)
    snapshot = found.compute()
    with at(review.AFTER):
        domain.publish_standings(actor=make.ACTOR, snapshot=snapshot)

    event = Event.objects.get(verb="standings.published")
    data = json.loads(event.data)
    again = domain.recompute(data)

    by_code = {entry.code: number for number, entry in enumerate(found.entries)}
    codes = data["inputs"]["entries"]
    assert {by_code[codes[row.index]] for row in again.rows if row.finalist} == found.finalists(
        snapshot
    )
    places = dict(zip(codes, data["inputs"]["machine"]["places"], strict=True))
    assert [places[entry.code] for entry in found.entries] == [*range(1, ENTRIES), None]
    scores = [f"{BAIT + number:.2f}" for number in range(1, ENTRIES + 1)]
    for text in Event.objects.values_list("data", flat=True):
        assert not [score for score in scores if score in text]
    assert domain.verify_standings(snapshot=snapshot) == []


def test_a_board_that_goes_on_changes_neither_what_was_computed_nor_its_verdict(
    tmp_path: Path,
) -> None:
    found = played(tmp_path)
    snapshot = found.compute()
    board = Board.objects.get()
    pinned = board.live
    assert pinned is not None
    leaderboards.refresh(board=board)
    with at(review.AFTER):
        from concours.platform.leaderboards.domain.refreshing import note_change

        competitions.disqualify_entry(actor=make.ACTOR, entry=found.entries[-1], reason="bait")
        note_change(board=board)
        assert leaderboards.refresh(board=board) is None  # it had no line
        with pytest.raises(Refused, match="Entries have changed"):
            domain.publish_standings(actor=make.ACTOR, snapshot=snapshot)
        competitions.disqualify_entry(actor=make.ACTOR, entry=found.entries[0], reason="bait")
        note_change(board=board)
        assert leaderboards.refresh(board=board) is not None
    newer = found.compute()

    assert domain.verify_standings(snapshot=snapshot) == []
    assert domain.verify_standings(snapshot=newer) == []
    assert newer.params["machine"] == snapshot.params["machine"] + 1
    pinned.refresh_from_db()
    assert pinned.pinned


def test_without_a_score_on_the_board_nothing_is_computed(tmp_path: Path) -> None:
    found = contest(tmp_path)
    found.review()
    with pytest.raises(Refused) as refused:
        found.compute()
    assert refused.value.code == "no-machine-order"


def test_nominations_cannot_count_a_machine(tmp_path: Path) -> None:
    found = played(tmp_path, methods={"selection": "peer-nomination"})
    with pytest.raises(Refused) as refused:
        found.compute()
    assert refused.value.code == "reviews-alone"


@pytest.mark.parametrize("methods", [{"selection": "borda"}, {}])
def test_in_a_small_track_the_machine_counts_too(tmp_path: Path, methods: dict[str, Any]) -> None:
    """One part: by the sum of places where that is asked for, else by rank."""
    found = played(tmp_path, entries=12, methods=methods)

    snapshot = found.compute()

    assert snapshot.selection == methods.get("selection", "rank")
    assert found.finalists(snapshot) == {0, 1, 2, 3}
    assert domain.verify_standings(snapshot=snapshot) == []
