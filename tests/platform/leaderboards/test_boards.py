"""Boards in the database: what counts, snapshots, freezing, verification."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from concours.platform.competitions import domain as competitions
from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.evaluations.models import Evaluation, Evaluator
from concours.platform.leaderboards import domain
from concours.platform.leaderboards.domain.reading import Shown
from concours.platform.leaderboards.domain.storing import KEPT, SLACK, lines_of
from concours.platform.leaderboards.enums import Visibility
from concours.platform.leaderboards.models import Board, Change, StoredBlock
from concours.platform.record.models import Event
from tests.factories.boards import Field
from tests.factories.people import person

PUBLIC = AnonymousUser()


def standing(board: Board, user: object = PUBLIC) -> list[tuple[str, int, float]]:
    """[(entry's title, place, main value)] as `user` sees the board."""
    shown = Shown(user=user, board=board)
    titles = dict(board.track.entries.values_list("code", "title"))
    return [
        (titles[one.line.run.entry], one.place, one.line.run.values["right"])
        for one in shown.window(size=100).placed
    ]


def test_a_new_board_has_the_runs_that_are_there(field: Field) -> None:
    first, second = field.enter("First"), field.enter("Second")
    field.score(first, 1)
    field.score(second, 2)
    board = field.board()
    assert standing(board) == [("Second", 1, 2.0), ("First", 2, 1.0)]
    assert board.live is not None
    assert (board.live.number, board.live.count, board.live.cause) == (1, 2, "created")


def test_a_finished_run_is_taken_into_the_next_snapshot(field: Field) -> None:
    first, second = field.enter("First"), field.enter("Second")
    field.score(first, 1)
    board = field.board()
    field.score(second, 2)
    board = field.refreshed(board)
    field.score(first, 3)
    board = field.refreshed(board)
    assert standing(board) == [("First", 1, 3.0), ("Second", 2, 2.0)]
    assert not Change.objects.exists()
    assert domain.verify_snapshot(snapshot=board.live).complete  # type: ignore[arg-type]
    assert domain.verify_snapshot(snapshot=board.live).holds  # type: ignore[arg-type]


def test_snapshots_of_new_scores_are_a_second_apart(field: Field) -> None:
    entry = field.enter("First")
    board = field.board()
    with clock.frozen_at(field.moment + timedelta(milliseconds=900)):
        domain.refresh_due()
    field.score(entry, 1)
    board = Board.objects.select_related("live").get(pk=board.pk)
    assert board.live is not None
    taken = board.live.taken_at
    Change.objects.create(board=board, entry=entry)
    Change.objects.create(board=board, entry=entry)
    with clock.frozen_at(taken + timedelta(milliseconds=999)):
        assert domain.refresh_due() == 0
        assert Change.objects.count() == 2
    Evaluation.objects.update(values={"right": 5.0, "margin": 1.0})
    with clock.frozen_at(taken + timedelta(seconds=1)):
        assert domain.refresh_due() == 1
    assert not Change.objects.exists()


def test_a_run_is_taken_in_at_once_where_the_last_snapshot_is_a_second_old(field: Field) -> None:
    entry = field.enter("First")
    board = field.board()
    field.score(entry, 4)
    board = Board.objects.select_related("track__season", "live").get(pk=board.pk)
    assert standing(board) == [("First", 1, 4.0)]


def test_a_clock_that_was_turned_back_keeps_no_board_waiting(field: Field) -> None:
    entry = field.enter("First")
    field.moment += timedelta(days=9)
    board = field.board()
    field.moment -= timedelta(days=9)
    field.score(entry, 4)
    board = Board.objects.select_related("track__season", "live").get(pk=board.pk)
    assert standing(board) == [("First", 1, 4.0)]


def test_what_changes_nothing_makes_no_snapshot(field: Field) -> None:
    entry = field.enter("First")
    field.score(entry, 4)
    board = field.board()
    events = Event.objects.count()
    Change.objects.create(board=board, entry=entry)
    assert domain.refresh(board=board) is None
    assert board.snapshots.count() == 1
    assert Event.objects.count() == events


@pytest.mark.parametrize(("rule", "counts"), [("best", 9.0), ("last", 3.0), ("selected", 3.0)])
def test_the_rule_says_which_submission_counts(field: Field, rule: str, counts: float) -> None:
    entry = field.enter("First")
    for right in (5, 9, 3):
        field.score(entry, right)
    assert standing(field.board(rule=rule)) == [("First", 1, counts)]


def test_a_team_selects_what_counts(field: Field) -> None:
    entry = field.enter("First")
    for right in (5, 9, 3):
        field.score(entry, right)
    board = field.board(rule="selected")
    first = entry.submissions.get(number=1)
    first.entry = entry
    domain.choose_submission(actor=field.captain(entry), board=board, submission=first)
    board = field.refreshed(board)
    assert standing(board) == [("First", 1, 5.0)]
    assert domain.verify_snapshot(snapshot=board.live).holds  # type: ignore[arg-type]
    field.score(entry, 20)
    assert standing(field.refreshed(board)) == [("First", 1, 5.0)]


def test_nobody_selects_for_others_nor_what_has_no_score(field: Field) -> None:
    entry, other = field.enter("First"), field.enter("Other")
    field.score(entry, 1)
    field.score(other, 2)
    board = field.board(rule="selected")
    submission = entry.submissions.get()
    submission.entry = entry
    with pytest.raises(NotPermitted):
        domain.choose_submission(actor=field.captain(other), board=board, submission=submission)
    Evaluation.objects.filter(submission=submission).update(state="faulted")
    with pytest.raises(Refused, match="no score"):
        domain.choose_submission(actor=field.captain(entry), board=board, submission=submission)
    assert field.board(split="ranking", rule="best").rules["rule"] == "best"
    with pytest.raises(Refused, match="does not choose"):
        domain.choose_submission(
            actor=field.captain(entry),
            board=Board.objects.get(split="ranking"),
            submission=submission,
        )


def test_nothing_is_selected_on_a_frozen_board(field: Field) -> None:
    entry = field.enter("First")
    field.score(entry, 1)
    board = field.board(rule="selected")
    with clock.frozen_at(field.moment):
        domain.freeze(actor=field.staff, board=board)
        submission = entry.submissions.get()
        with pytest.raises(Refused, match="frozen"):
            domain.choose_submission(actor=field.captain(entry), board=board, submission=submission)


def test_a_frozen_board_stands_still_for_all_but_staff(field: Field) -> None:
    first, second = field.enter("First"), field.enter("Second")
    field.score(first, 1)
    board = field.board()
    with clock.frozen_at(field.moment):
        domain.freeze(actor=field.staff, board=board, at=field.moment + timedelta(minutes=2))
    field.score(second, 5)
    field.score(first, 7, margin=987.0)
    board = field.refreshed(board)
    with clock.frozen_at(field.moment):
        for user in (PUBLIC, field.captain(first), person()):
            assert standing(board, user) == [("Second", 1, 5.0), ("First", 2, 1.0)]
        assert standing(board, field.staff) == [("First", 1, 7.0), ("Second", 2, 5.0)]
        assert board.frozen is not None
        verification = domain.verify_snapshot(snapshot=board.frozen)
        assert (verification.faults, verification.complete) == ((), True)
        domain.unfreeze(actor=field.staff, board=board)
        board.refresh_from_db()
        assert standing(board) == [("First", 1, 7.0), ("Second", 2, 5.0)]


def test_a_freeze_that_nobody_settled_shows_what_was_before(field: Field) -> None:
    first = field.enter("First")
    field.score(first, 1)
    board = field.board()
    with clock.frozen_at(field.moment):
        domain.freeze(actor=field.staff, board=board, at=field.moment + timedelta(seconds=30))
    # The worker is away: no snapshot at the moment, only a later live one.
    field.score(first, 7)
    Board.objects.filter(pk=board.pk).update(frozen=None)
    board = Board.objects.select_related("track__season", "live").get(pk=board.pk)
    with clock.frozen_at(field.moment):
        assert standing(board, field.staff) == [("First", 1, 7.0)]
        assert standing(board) == [("First", 1, 1.0)]


def test_a_frozen_board_is_settled_by_the_pulse(field: Field) -> None:
    first = field.enter("First")
    field.score(first, 1)
    board = field.board()
    with clock.frozen_at(field.moment):
        domain.freeze(actor=field.staff, board=board, at=field.moment + timedelta(seconds=30))
    with clock.frozen_at(field.moment + timedelta(seconds=31)):
        domain.refresh_due()
    board.refresh_from_db()
    assert board.frozen is not None
    assert (board.frozen.cause, board.frozen.pinned) == ("freeze", True)


@pytest.mark.parametrize("act", ["freeze", "past", "unfreeze", "open", "columns"])
def test_acts_that_do_not_fit_are_refused(field: Field, act: str) -> None:
    board = field.board()
    before = Board.objects.values().get(pk=board.pk)
    with clock.frozen_at(field.moment), pytest.raises(Refused):
        if act == "freeze":
            domain.freeze(actor=field.staff, board=board)
            before = Board.objects.values().get(pk=board.pk)
            domain.freeze(actor=field.staff, board=board)
        elif act == "past":
            domain.freeze(actor=field.staff, board=board, at=field.moment - timedelta(seconds=1))
        elif act == "unfreeze":
            domain.unfreeze(actor=field.staff, board=board)
        elif act == "open":
            domain.open_board(actor=field.staff, board=board)
        else:
            domain.open_columns(actor=field.staff, board=board)
            before = Board.objects.values().get(pk=board.pk)
            domain.open_columns(actor=field.staff, board=board)
    assert Board.objects.values().get(pk=board.pk) == before


def test_whoever_does_not_organise_does_nothing_to_a_board(field: Field) -> None:
    board = field.board(visibility=Visibility.SEALED)
    captain = field.captain(field.enter("First"))
    acts = [
        lambda who: domain.create_board(actor=who, track=field.track, split="ranking"),
        lambda who: domain.open_board(actor=who, board=board),
        lambda who: domain.open_columns(actor=who, board=board),
        lambda who: domain.freeze(actor=who, board=board),
        lambda who: domain.unfreeze(actor=who, board=board),
        lambda who: domain.results_are_out(actor=who, track=field.track),
    ]
    for who in (captain, PUBLIC):
        for act in acts:
            with pytest.raises(NotPermitted):
                act(who)


def test_a_board_is_made_once_and_for_cases_that_there_are(field: Field) -> None:
    field.board()
    with pytest.raises(Refused, match="there already"):
        field.board()
    Evaluator.objects.update(active=False)
    with pytest.raises(Refused, match="no cases"):
        field.board(split="ranking")


def test_an_order_that_tells_sealed_values_is_not_made_public(field: Field) -> None:
    manifest = {**field.evaluator.manifest, "sort": ["right", "margin"]}
    Evaluator.objects.filter(pk=field.evaluator.pk).update(manifest=manifest)
    with pytest.raises(Refused, match="sealed column"):
        field.board()
    board = field.board(visibility=Visibility.SEALED)
    with pytest.raises(Refused, match="sealed column"):
        domain.open_board(actor=field.staff, board=board)
    domain.open_columns(actor=field.staff, board=board)
    domain.open_board(actor=field.staff, board=board)


def test_whoever_leaves_the_track_leaves_the_board(field: Field) -> None:
    first, second = field.enter("First"), field.enter("Second")
    field.score(first, 1)
    field.score(second, 2)
    board = field.board()
    with clock.frozen_at(field.moment):
        competitions.withdraw_entry(actor=field.captain(second), entry=second)
    assert domain.note_withdrawn() == 1
    board = field.refreshed(board)
    assert standing(board) == [("First", 1, 1.0)]
    assert domain.verify_snapshot(snapshot=board.live).holds  # type: ignore[arg-type]
    assert domain.note_withdrawn() == 0


def test_events_tell_that_a_board_changed_and_no_value(field: Field) -> None:
    entry = field.enter("First")
    field.score(entry, 61.0, margin=987.625)
    board = field.board(visibility=Visibility.SEALED)
    field.score(entry, 62.0, margin=412.375)
    board = field.refreshed(board)
    assert board.live is not None
    events = Event.objects.filter(subject=f"board:{board.code}")
    assert [event.verb for event in events.order_by("seq")] == [
        "board.snapshot",
        "board.created",
        "board.snapshot",
    ]
    for event in Event.objects.all():
        for bait in ("987.625", "412.375", "61.0", "62.0", board.salt):
            assert bait not in event.data
    told = json.loads(events.order_by("-seq")[0].data)
    assert (told["number"], told["digest"]) == (2, board.live.digest)


def test_verification_sees_every_kind_of_change(field: Field) -> None:
    first, second = field.enter("First"), field.enter("Second")
    run = field.score(first, 1)
    field.score(second, 2)
    board = field.board()
    snapshot = board.live
    assert snapshot is not None
    assert domain.verify_snapshot(snapshot=snapshot).holds

    Evaluation.objects.filter(pk=run.pk).update(values={"right": 9.0, "margin": 1.0})
    found = domain.verify_snapshot(snapshot=snapshot)
    assert any(f"the line of {first.code}" in fault for fault in found.faults)
    Evaluation.objects.filter(pk=run.pk).update(values={"right": 1.0, "margin": 1.0})

    block = StoredBlock.objects.first()
    assert block is not None
    text = block.text
    StoredBlock.objects.filter(pk=block.pk).update(text=text.replace('"right":1.0', '"right":8.0'))
    found = domain.verify_snapshot(snapshot=snapshot)
    assert any("does not match its digest" in fault for fault in found.faults)
    StoredBlock.objects.filter(pk=block.pk).update(text=text)

    board.snapshots.update(digest="0" * 64)
    snapshot.refresh_from_db()
    found = domain.verify_snapshot(snapshot=snapshot)
    assert found.faults == ("the header does not match the snapshot's digest",)


def test_a_run_that_is_missing_from_the_board_is_noticed(field: Field) -> None:
    first, second = field.enter("First"), field.enter("Second")
    field.score(first, 1)
    board = field.board()
    field.score(second, 2)
    # Somebody took the change away and put the old snapshot back.
    board.save(update_fields=["live"])
    board = Board.objects.select_related("live").get(pk=board.pk)
    Change.objects.all().delete()
    found = domain.verify_snapshot(snapshot=board.live)  # type: ignore[arg-type]
    assert "the stored runs lead to another board" in found.faults


def test_old_snapshots_let_their_content_go_and_keep_their_digest(field: Field) -> None:
    entry = field.enter("First")
    board = field.board()
    for right in range(KEPT + SLACK + 3):
        Evaluation.objects.filter(split="practice").update(values={"right": right, "margin": 0.0})
        if right == 0:
            field.score(entry, 0.5)
            continue
        Change.objects.create(board=board, entry=entry)
        board = field.refreshed(board)
    kept = [(one.number, one.kept) for one in board.snapshots.order_by("number")]
    assert kept[0] == (1, True), "the first is pinned"
    assert not kept[2][1]
    assert all(held for _, held in kept[-KEPT:])
    assert all(len(digest) == 64 for digest in board.snapshots.values_list("digest", flat=True))
    assert standing(board)[0][0] == "First"
    assert board.blocks.count() <= KEPT + SLACK + 2


def test_a_page_takes_few_queries_however_large_the_board(field: Field) -> None:
    for number in range(6):
        field.score(field.enter(f"Entry {number}"), number)
    board = field.board()
    board = Board.objects.select_related("track__season", "track__phase", "live").get(pk=board.pk)
    with CaptureQueriesContext(connection) as seen:
        Shown(user=PUBLIC, board=board).window(size=50)
    # A block, and which entries are baselines.
    assert len(seen) == 2
    snapshot = board.live
    assert snapshot is not None
    assert len(lines_of(snapshot)) == 6
