"""Staged re-evaluations: beside the board until applied, and never lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.evaluations.domain.finishing import finish_failed
from concours.platform.evaluations.models import Evaluation, Evaluator
from concours.platform.leaderboards import domain
from concours.platform.leaderboards.domain.reevaluating import compare, compare_decided
from concours.platform.leaderboards.domain.storing import lines_of
from concours.platform.leaderboards.enums import SetScope, Visibility
from concours.platform.leaderboards.models import Board, Reevaluation
from concours.platform.record.models import Event
from tests.factories import evaluations as runs
from tests.factories.boards import Field
from tests.factories.people import operator
from tests.platform.leaderboards.test_boards import standing


def three(field: Field, **fields: Any) -> Board:
    """A board of three entries with 3, 2 and 1, and a second version of the evaluator."""
    for title, right in (("A", 3), ("B", 2), ("C", 1)):
        field.score(field.enter(title), right)
    board = field.board(**fields)
    field.version("2")
    return board


def staged(field: Field, board: Board, **fields: Any) -> Reevaluation:
    field.moment += timedelta(minutes=1)
    with clock.frozen_at(field.moment):
        return domain.stage(
            actor=field.staff,
            board=board,
            evaluator=fields.pop("evaluator", Evaluator.objects.get(version="2")),
            scope=fields.pop("scope", SetScope.ALL),
            reason=fields.pop("reason", "The second case was counted twice."),
            **fields,
        )


def run_all(field: Field, *scores: float) -> None:
    """The set's runs end in the order of the queue."""
    field.moment += timedelta(minutes=1)
    with clock.frozen_at(field.moment):
        for right in scores:
            field.end(right)


def decided(field: Field, act: Any, found: Reevaluation) -> Board:
    field.moment += timedelta(minutes=1)
    with clock.frozen_at(field.moment):
        act(actor=field.staff, reevaluation=found)
    return field.refreshed(found.board)


def test_a_staged_set_does_not_touch_the_board(field: Field) -> None:
    board = three(field)
    before = standing(board)
    found = staged(field, board)
    run_all(field, 1, 9, 5)
    board = field.refreshed(board)
    assert standing(board) == before
    assert board.snapshots.count() == 1
    assert standing(board, field.staff) == before
    comparison = compare(reevaluation=found)
    titles = dict(board.track.entries.values_list("code", "title"))
    assert [
        (titles[one.entry], one.moved, one.value_change("right")) for one in comparison.found
    ] == [
        ("A", -2, -2.0),
        ("B", 1, 7.0),
        ("C", 1, 4.0),
    ]


def test_applying_is_one_act_with_a_snapshot_and_the_old_values_kept(field: Field) -> None:
    board = three(field)
    old = board.live
    found = staged(field, board)
    run_all(field, 1, 9, 5)
    board = decided(field, domain.apply, found)
    assert standing(board) == [("B", 1, 9.0), ("C", 2, 5.0), ("A", 3, 1.0)]
    found.refresh_from_db()
    assert (found.state, found.before, found.after) == ("applied", old, board.live)
    assert old is not None
    old.refresh_from_db()
    assert [line.run.values["right"] for line in lines_of(old)] == [3.0, 2.0, 1.0]
    assert domain.verify_snapshot(snapshot=old).holds
    assert board.live is not None
    verification = domain.verify_snapshot(snapshot=board.live)
    assert (verification.faults, verification.complete) == ((), True)
    event = Event.objects.filter(verb="board.reevaluation-applied").get()
    assert event.actor == f"user:{field.staff.code}"
    assert board.live.digest in event.data
    assert [one.moved for one in compare_decided(reevaluation=found).found] == [-2, 1, 1]


def test_the_former_version_is_applied_again(field: Field) -> None:
    board = three(field)
    before = standing(board)
    found = staged(field, board)
    run_all(field, 1, 9, 5)
    decided(field, domain.apply, found)
    board = decided(field, domain.revert, found)
    assert standing(board) == before
    assert board.evaluator.version == "1"
    assert board.live is not None
    assert domain.verify_snapshot(snapshot=board.live).holds
    board = decided(field, domain.apply, found)
    assert [title for title, *_ in standing(board)] == ["B", "C", "A"]
    assert board.evaluator.version == "2"


def test_of_two_sets_the_later_lies_over_the_earlier(field: Field) -> None:
    board = three(field)
    first = staged(field, board)
    run_all(field, 1, 9, 5)
    decided(field, domain.apply, first)
    field.version("3")
    board = field.refreshed(board)
    second = staged(
        field, board, evaluator=Evaluator.objects.get(version="3"), scope=SetScope.TOP, top=1
    )
    run_all(field, 0)
    board = decided(field, domain.apply, second)
    assert standing(board) == [("C", 1, 5.0), ("A", 2, 1.0), ("B", 3, 0.0)]
    with pytest.raises(Refused, match="applied later"):
        domain.revert(actor=field.staff, reevaluation=first)
    board = decided(field, domain.revert, second)
    assert standing(board) == [("B", 1, 9.0), ("C", 2, 5.0), ("A", 3, 1.0)]


def test_cancelling_throws_the_runs_out(field: Field) -> None:
    board = three(field)
    found = staged(field, board)
    run_all(field, 50)
    board = decided(field, domain.cancel_set, found)
    assert [right for *_, right in standing(board)] == [3.0, 2.0, 1.0]
    states = Evaluation.objects.filter(reevaluation=found.code).order_by("pk")
    assert list(states.values_list("state", flat=True)) == ["scored", "cancelled", "cancelled"]
    with pytest.raises(Refused, match="decided"):
        domain.apply(actor=field.staff, reevaluation=found)
    assert staged(field, board).state == "staged"


def test_a_set_is_applied_when_every_run_has_a_score(field: Field) -> None:
    board = three(field)
    found = staged(field, board)
    run_all(field, 1, 9)
    with pytest.raises(Refused, match="all runs of the set have ended"):
        domain.apply(actor=field.staff, reevaluation=found)
    lease, _run = runs.taken(by=field.worker)
    finish_failed(lease=lease, code="crash", reason="It crashed.", log="", seconds=1.0)
    with pytest.raises(Refused, match="1 runs have no score"):
        domain.apply(actor=field.staff, reevaluation=found)
    found.refresh_from_db()
    assert found.state == "staged"


def test_scores_after_the_staging_count_beside_the_set(field: Field) -> None:
    board = three(field)
    found = staged(field, board)
    run_all(field, 1, 9, 5)
    newcomer = field.enter("D")
    field.score(newcomer, 7)
    titles = {entry.title: entry for entry in field.track.entries.all()}
    field.score(titles["A"], 8)
    board = decided(field, domain.apply, found)
    assert standing(board) == [("B", 1, 9.0), ("A", 2, 8.0), ("D", 3, 7.0), ("C", 4, 5.0)]


def test_under_best_the_better_of_two_versions_does_not_count(field: Field) -> None:
    entry = field.enter("A")
    field.score(entry, 9)
    field.score(entry, 8)
    board = field.board()
    field.version("2")
    found = staged(field, board)
    assert [len(codes) for codes in found.runs.values()] == [1]
    run_all(field, 2)
    assert standing(decided(field, domain.apply, found)) == [("A", 1, 2.0)]


def test_every_run_of_an_entry_may_be_made_again(field: Field) -> None:
    entry = field.enter("A")
    field.score(entry, 9)
    field.score(entry, 8)
    board = field.board()
    field.version("2")
    found = staged(field, board, every_run=True)
    assert [len(codes) for codes in found.runs.values()] == [2]
    run_all(field, 2, 4)
    assert standing(decided(field, domain.apply, found)) == [("A", 1, 4.0)]


@pytest.mark.parametrize(("scope", "size"), [("all", 3), ("top", 2), ("chosen", 1)])
def test_whose_runs_are_made_again(field: Field, scope: str, size: int) -> None:
    board = three(field)
    code = field.track.entries.get(title="C").code
    found = staged(field, board, scope=SetScope(scope), top=2, entries=[code])
    assert len(found.runs) == size
    assert Evaluation.objects.filter(reevaluation=found.code).count() == size


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reason": " "}, "Say why"),
        ({"scope": SetScope.TOP, "top": 0}, "No entry"),
        ({"scope": SetScope.CHOSEN, "entries": ["nobody"]}, "nobody"),
    ],
)
def test_sets_that_cannot_be_are_refused(field: Field, fields: Any, words: str) -> None:
    board = three(field)
    with pytest.raises(Refused, match=words):
        staged(field, board, **fields)
    assert not Reevaluation.objects.exists()
    assert not Evaluation.objects.exclude(reevaluation="").exists()


def test_versions_that_do_not_fit_are_refused(field: Field) -> None:
    board = three(field)
    with pytest.raises(Refused, match="another version"):
        staged(field, board, evaluator=board.evaluator)
    second = Evaluator.objects.get(version="2")
    manifest = {**second.manifest, "sort": ["margin"]}
    Evaluator.objects.filter(pk=second.pk).update(manifest=manifest)
    with pytest.raises(Refused, match="does not sort"):
        staged(field, board, evaluator=Evaluator.objects.get(version="2"))


def test_one_set_is_staged_at_a_time(field: Field) -> None:
    board = three(field)
    staged(field, board)
    with pytest.raises(Refused, match="Another set"):
        staged(field, board)


def test_only_organisers_stage_and_decide(field: Field) -> None:
    board = three(field)
    found = staged(field, board)
    run_all(field, 1, 9, 5)
    captain = field.captain(field.track.entries.get(title="A"))
    for who in (captain, AnonymousUser()):
        for act in (domain.apply, domain.revert, domain.cancel_set):
            with pytest.raises(NotPermitted):
                act(actor=who, reevaluation=found)
    assert decided(field, domain.apply, found).live is not None
    domain.revert(actor=operator(), reevaluation=found)


def test_a_set_on_a_frozen_board_changes_what_staff_see_alone(field: Field) -> None:
    board = three(field, visibility=Visibility.PUBLIC)
    before = standing(board)
    field.moment += timedelta(seconds=1)
    with clock.frozen_at(field.moment):
        domain.freeze(actor=field.staff, board=board)
    board = field.refreshed(board)
    found = staged(field, board)
    run_all(field, 1, 9, 5)
    board = decided(field, domain.apply, found)
    with clock.frozen_at(field.moment):
        assert standing(board) == before
        assert standing(board, field.staff)[0] == ("B", 1, 9.0)
        assert board.frozen is not None
        assert domain.verify_snapshot(snapshot=board.frozen).holds


def test_an_entry_whose_archive_was_erased_keeps_what_it_scored(field: Field) -> None:
    """Its run could only fail, and would count against the worker."""
    board = three(field)
    for submission in board.track.entries.get(title="A").submissions.all():
        submission.file.storage.delete(submission.file.name)
    found = staged(field, board)
    assert Evaluation.objects.filter(reevaluation=found.code).count() == 2
    run_all(field, 9, 5)
    board = decided(field, domain.apply, found)
    assert standing(board) == [("B", 1, 9.0), ("C", 2, 5.0), ("A", 3, 3.0)]
