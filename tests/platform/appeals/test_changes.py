from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from concours.platform.appeals import domain
from concours.platform.appeals.domain import applying
from concours.platform.appeals.enums import ChangeKind, ChangeState
from concours.platform.appeals.models import ChangeSet
from concours.platform.awards import domain as money
from concours.platform.awards.domain import balance_of, from_text, published_result, verify_result
from concours.platform.awards.domain.gathering import counting_scores
from concours.platform.awards.models import LedgerLine, Payout, PrizePool, Result
from concours.platform.competitions.enums import EntryState
from concours.platform.competitions.models import Entry, Track
from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.record.models import Event
from concours.platform.review.domain import (
    counting_reviews,
    recompute,
    round_of,
    verify_standings,
)
from concours.platform.review.models import Review, StandingSnapshot
from tests.factories import appeals, awards
from tests.factories.competitions import ACTOR
from tests.factories.people import organiser, person

pytestmark = pytest.mark.django_db
Unchanged = Callable[[], Any]


@pytest.fixture
def track(tmp_path: Path) -> Track:
    return appeals.judged(folder=tmp_path)


@pytest.fixture
def over(tmp_path: Path) -> Any:
    """A track whose result is published, with the clock in its second appeal phase."""
    with clock.frozen_at(appeals.LATER):
        yield appeals.ended(folder=tmp_path)


def lines(track: Track) -> list[tuple[Any, ...]]:
    """What the published standings say, in order."""
    snapshot = round_of(track=track).snapshots.get(published=True)
    keys = ("entry_id", "rank", "rank_low", "rank_high", "points_milli", "estimate", "finalist")
    return list(snapshot.standings.order_by("position").values_list(*keys))


def places(track: Track) -> list[tuple[Any, ...]]:
    """What the published result says, in order, with the awards."""
    result = published_result(track=track)
    won = dict(result.awards.values_list("entry_id", "amount_minor"))
    keys = ("entry_id", "place", "total_numerator", "total_denominator", "jury_milli")
    rows = result.lines.order_by("position").values_list(*keys)
    return [(*row, won.get(row[0])) for row in rows]


def published(track: Track) -> StandingSnapshot:
    return round_of(track=track).snapshots.get(published=True)


def test_a_preview_touches_nothing_published(track: Track) -> None:
    before = lines(track)
    made = appeals.strike(of=track, entry=appeals.ranked(track)[0])
    made = domain.preview_changes(actor=ACTOR, change_set=made)
    assert lines(track) == before
    assert StandingSnapshot.objects.count() == 1
    assert made.preview["moves"]
    assert made.preview_digest
    assert made.state == ChangeState.DRAFT


def test_an_applied_strike_makes_new_standings_and_keeps_the_old(track: Track) -> None:
    first = appeals.ranked(track)[0]
    reviews = {row.pk: row.scores for row in Review.objects.all()}
    old = published(track)
    said = {move["code"]: move["after"] for move in _preview(track, first).preview["moves"]}
    applied = appeals.apply(ChangeSet.objects.get())
    new = published(track)
    assert (new.number, new.amends, new.seed) == (old.number + 1, old, old.seed)
    assert new.review_count == old.review_count - 1
    assert {row.pk: row.scores for row in Review.objects.all()} == reviews
    for row in new.standings.select_related("entry"):
        if row.entry.code in said:
            told = said[row.entry.code]
            assert (told["rank"], told["points_milli"]) == (row.rank, row.points_milli)
    old.refresh_from_db()
    assert not old.published
    assert old.published_at is not None
    assert verify_standings(snapshot=old) == verify_standings(snapshot=new) == []
    assert applied.before["standings"]["result_digest"] == old.result_digest
    assert applied.after["standings"]["result_digest"] == new.result_digest


def _preview(track: Track, entry: Entry) -> ChangeSet:
    made = appeals.strike(of=track, entry=entry)
    return domain.preview_changes(actor=ACTOR, change_set=made)


def test_the_record_alone_computes_it_again(track: Track) -> None:
    appeals.apply(appeals.strike(of=track, entry=appeals.ranked(track)[0]))
    event = Event.objects.get(verb="changes.applied")
    data = json.loads(event.data)
    again = recompute(data["standings"])
    assert again.digest == published(track).result_digest
    assert data["before"]["standings"]["snapshot"] == 1
    assert data["after"]["standings"]["snapshot"] == 2
    # Bait: the code of the duty stands beside its reviewer in other events.
    duties = Review.objects.values_list("assignment__code", flat=True)
    assert not [code for code in duties if code in event.data]


def test_reversing_gives_the_same_standings(track: Track) -> None:
    before = lines(track)
    applied = appeals.apply(appeals.strike(of=track, entry=appeals.ranked(track)[1]))
    assert lines(track) != before
    back = domain.reverse_changes(actor=ACTOR, change_set=applied, reason="The appeal was wrong.")
    assert back.reverses == applied
    appeals.apply(back)
    assert lines(track) == before
    assert published(track).number == 3
    assert [verify_standings(snapshot=one) for one in StandingSnapshot.objects.all()] == [[]] * 3


def test_a_set_is_reversed_once_and_the_later_first(track: Track, unchanged: Unchanged) -> None:
    entry = appeals.ranked(track)[0]
    first = appeals.apply(appeals.strike(of=track, entry=entry))
    with clock.frozen_at(appeals.DURING.replace(hour=12)):
        restore = appeals.change_set(of=track)
        domain.add_change(
            actor=ACTOR,
            change_set=restore,
            kind=ChangeKind.RESTORE,
            entry=entry,
            alias=appeals.alias_on(entry),
        )
        second = appeals.apply(restore)
    with unchanged(), pytest.raises(Refused) as refusal:
        domain.reverse_changes(actor=ACTOR, change_set=first, reason="No.")
    assert refusal.value.code == "changed-later"
    domain.reverse_changes(actor=ACTOR, change_set=second, reason="No.")
    with unchanged(), pytest.raises(Refused) as refusal:
        domain.reverse_changes(actor=ACTOR, change_set=second, reason="No.")
    assert refusal.value.code == "reversed-already"


def test_corrected_points_count(track: Track) -> None:
    last = appeals.ranked(track)[-1]
    rank = {row[0]: row[1] for row in lines(track)}[last.pk]
    made = appeals.change_set(of=track)
    for counting in counting_reviews(round=round_of(track=track), entry=last):
        domain.add_change(
            actor=ACTOR,
            change_set=made,
            kind=ChangeKind.CORRECT,
            entry=last,
            alias=counting.alias,
            scores={"idea": 5, "code": 10},
        )
    appeals.apply(made)
    assert {row[0]: row[1] for row in lines(track)}[last.pk] < rank


def test_an_entry_goes_out_and_comes_back(track: Track) -> None:
    before = lines(track)
    first = appeals.ranked(track)[0]
    made = appeals.change_set(of=track, reason="It was copied.")
    domain.add_change(actor=ACTOR, change_set=made, kind=ChangeKind.DISQUALIFY, entry=first)
    applied = appeals.apply(made)
    first.refresh_from_db()
    assert (first.state, first.state_reason) == (EntryState.DISQUALIFIED, "It was copied.")
    assert first.pk not in {row[0] for row in lines(track)}
    back = domain.reverse_changes(actor=ACTOR, change_set=applied, reason="It was not.")
    appeals.apply(back)
    first.refresh_from_db()
    assert first.state == EntryState.ENTERED
    assert lines(track) == before


def test_a_corrected_juror_moves_the_money_and_it_balances(over: Track) -> None:
    first = published_result(track=over).lines.order_by("position")[0].entry
    juror = over.jurors.select_related("user").first()
    assert juror is not None
    before, old = places(over), published_result(track=over)
    pool = PrizePool.objects.get(track=over)
    assert old is not None
    assert balance_of(pool=pool) == 0
    made = appeals.change_set(of=over)
    for one in over.jurors.select_related("user"):
        domain.add_change(
            actor=ACTOR,
            change_set=made,
            kind=ChangeKind.JURY,
            entry=first,
            juror=one.user,
            points_milli=0,
        )
    made = domain.preview_changes(actor=ACTOR, change_set=made)
    assert made.preview["prizes"] > 0
    assert not made.preview["standings"]
    applied = appeals.apply(made)
    new = published_result(track=over)
    assert new is not None
    assert new.number == old.number + 1
    assert places(over) != before
    assert balance_of(pool=pool) == 0
    old.refresh_from_db()
    assert old.state == "superseded"
    assert old.awards.count() > 0
    assert verify_result(result=old).holds
    assert verify_result(result=new).holds
    assert counting_scores(track=over)[first.pk][juror.pk] == 0
    # Bait: who the juror is and what they gave is in the change, and in no event.
    event = Event.objects.get(verb="changes.applied")
    assert juror.user.code not in event.data
    appeals.apply(domain.reverse_changes(actor=ACTOR, change_set=applied, reason="Undo."))
    assert places(over) == before
    assert balance_of(pool=pool) == 0
    assert LedgerLine.objects.filter(kind="award", reversal__isnull=True).count() == len(
        [row for row in before if row[-1] is not None]
    )


def test_standings_that_move_take_the_published_result_along(over: Track) -> None:
    last = appeals.ranked(over)[-1]
    made = appeals.change_set(of=over)
    domain.add_change(actor=ACTOR, change_set=made, kind=ChangeKind.DISQUALIFY, entry=last)
    appeals.apply(made)
    result = published_result(track=over)
    assert result is not None
    inputs = from_text(result.inputs)
    assert inputs.peer["snapshot"] == 2
    assert last.code not in {one.code for one in inputs.candidates}
    assert Result.objects.filter(track=over, state="superseded").count() == 1


def test_a_result_that_could_not_be_computed_stops_it(over: Track, unchanged: Unchanged) -> None:
    finalist = awards.finalists(over)[0]
    made = appeals.change_set(of=over)
    domain.add_change(actor=ACTOR, change_set=made, kind=ChangeKind.DISQUALIFY, entry=finalist)
    made = domain.preview_changes(actor=ACTOR, change_set=made)
    assert made.preview["finalists_in"] == 1
    assert made.preview["missing"]
    with unchanged(), pytest.raises(Refused) as refusal:
        _apply(made)
    assert refusal.value.code == "result-incomplete"
    entering = next(
        move["code"]
        for move in made.preview["moves"]
        if move["after"]["finalist"] and not move["before"]["finalist"]
    )
    for juror in over.jurors.select_related("user"):
        domain.add_change(
            actor=ACTOR,
            change_set=made,
            kind=ChangeKind.JURY,
            entry=Entry.objects.get(code=entering),
            juror=juror.user,
            points_milli=75_000,
        )
    assert appeals.apply(made).state == ChangeState.APPLIED


def _apply(made: ChangeSet, *, by: Any = ACTOR, **signed: str) -> ChangeSet:
    return domain.apply_changes(
        actor=by,
        change_set=made,
        expected=made.preview_digest,
        signature=domain.Signature(**signed),
    )


def test_the_act_is_signed(track: Track, unchanged: Unchanged) -> None:
    staff = organiser(season=track.season, password="Correct horse 7")
    without = organiser(season=track.season)
    without.set_unusable_password()
    without.save()
    made = _preview(track, appeals.ranked(track)[0])
    for by, signed in (
        (staff, {"password": "wrong"}),
        (staff, {"code": made.code}),
        (without, {"code": "wrong"}),
        (without, {}),
    ):
        with unchanged(), pytest.raises(Refused) as refusal:
            _apply(made, by=by, **signed)
        assert refusal.value.code == "not-signed"
    assert _apply(made, by=staff, password="Correct horse 7").ended_by == staff
    another = _preview(track, appeals.ranked(track)[1])
    assert _apply(another, by=without, code=another.code).state == ChangeState.APPLIED


def test_five_wrong_passwords_close_the_door(track: Track) -> None:
    staff = organiser(season=track.season, password="Correct horse 7")
    made = _preview(track, appeals.ranked(track)[0])
    for _ in range(5):
        with pytest.raises(Refused):
            _apply(made, by=staff, password="wrong")
    with pytest.raises(Refused) as refusal:
        _apply(made, by=staff, password="Correct horse 7")
    assert refusal.value.code == "too-many-attempts"


def test_only_a_fresh_preview_is_applied(track: Track, unchanged: Unchanged) -> None:
    entries = appeals.ranked(track)
    made = appeals.strike(of=track, entry=entries[0])
    with unchanged(), pytest.raises(Refused) as refusal:
        _apply(made)
    assert refusal.value.code == "preview-needed"
    made = domain.preview_changes(actor=ACTOR, change_set=made)
    appeals.apply(appeals.strike(of=track, entry=entries[1]))
    with unchanged(), pytest.raises(Refused) as refusal:
        _apply(made)
    assert refusal.value.code == "inputs-changed"
    domain.add_change(actor=ACTOR, change_set=made, kind=ChangeKind.DISQUALIFY, entry=entries[2])
    made.refresh_from_db()
    assert (made.preview, made.preview_digest) == ({}, "")


def test_only_staff_stage_and_apply(track: Track, unchanged: Unchanged) -> None:
    made = _preview(track, appeals.ranked(track)[0])
    judge = appeals.judge(of=track).user
    captain = appeals.captain(appeals.ranked(track)[1])
    for somebody in (judge, captain, person()):
        with unchanged(), pytest.raises(NotPermitted):
            domain.draft_changes(actor=somebody, track=track, title="Mine", reason="First")
        with unchanged(), pytest.raises(NotPermitted):
            _apply(made, by=somebody)
        with unchanged(), pytest.raises(NotPermitted):
            domain.cancel_changes(actor=somebody, change_set=made)


def test_who_is_of_an_entry_applies_nothing(track: Track, unchanged: Unchanged) -> None:
    made = _preview(track, appeals.ranked(track)[0])
    staff = appeals.captain(appeals.ranked(track)[1])
    staff.staff_roles.create(role="organiser", season=track.season)
    staff.set_password("Correct horse 7")
    staff.save()
    with unchanged(), pytest.raises(Refused) as refusal:
        _apply(made, by=staff, password="Correct horse 7")
    assert refusal.value.code == "takes-part"


def test_a_set_is_applied_once(track: Track, unchanged: Unchanged) -> None:
    made = _preview(track, appeals.ranked(track)[0])
    assert _apply(made).state == ChangeState.APPLIED
    with unchanged(), pytest.raises(Refused) as refusal:
        _apply(made)
    assert refusal.value.code == "not-a-draft"


def test_payouts_follow_and_what_was_paid_stops_it(over: Track, unchanged: Unchanged) -> None:
    first = Payout.objects.filter(pool__track=over).order_by("-amount_minor", "pk")[0]
    awards.papers(of=first)
    awards.decide(money.ask_release(actor=awards.DESK, payout=first))
    user = first.shares.get().user
    awards.pay(of=first, user=user, amount_minor=1)
    made = appeals.change_set(of=over)
    for juror in over.jurors.select_related("user"):
        domain.add_change(
            actor=ACTOR,
            change_set=made,
            kind=ChangeKind.JURY,
            entry=first.entry,
            juror=juror.user,
            points_milli=0,
        )
    applied = appeals.apply(made)
    pool = PrizePool.objects.get(track=over)
    assert money.verify_money(pool=pool) == []
    first.refresh_from_db()
    assert first.paid_minor == 1
    assert first.released_minor == first.amount_minor - 1
    awards.pay(of=first, user=user, amount_minor=first.released_minor, reference="T-2")
    appeals.apply(domain.reverse_changes(actor=ACTOR, change_set=applied, reason="Undo."))
    first.refresh_from_db()
    assert first.amount_minor == 1_000_000
    awards.decide(money.ask_release(actor=awards.DESK, payout=first))
    first.refresh_from_db()
    awards.pay(of=first, user=user, amount_minor=first.released_minor, reference="T-3")
    again = appeals.change_set(of=over)
    domain.add_change(actor=ACTOR, change_set=again, kind=ChangeKind.DISQUALIFY, entry=_last(over))
    for juror in over.jurors.select_related("user"):
        domain.add_change(
            actor=ACTOR,
            change_set=again,
            kind=ChangeKind.JURY,
            entry=first.entry,
            juror=juror.user,
            points_milli=0,
        )
    again = domain.preview_changes(actor=ACTOR, change_set=again)
    with unchanged(), pytest.raises(Refused) as refusal:
        _apply(again)
    assert refusal.value.code == "paid-already"
    assert money.verify_money(pool=pool) == []


def _last(track: Track) -> Entry:
    return appeals.ranked(track)[-1]


def test_a_cancelled_set_stays_cancelled(track: Track, unchanged: Unchanged) -> None:
    before = lines(track)
    made = _preview(track, appeals.ranked(track)[0])
    assert domain.cancel_changes(actor=ACTOR, change_set=made).state == ChangeState.CANCELLED
    assert lines(track) == before
    with unchanged(), pytest.raises(Refused) as refusal:
        _apply(made)
    assert refusal.value.code == "not-a-draft"


def test_a_crash_at_the_last_step_leaves_nothing(
    track: Track, unchanged: Unchanged, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = _preview(track, appeals.ranked(track)[0])

    def fail(**_anything: Any) -> None:
        raise RuntimeError("the power fails")

    monkeypatch.setattr(applying, "note", fail)
    with unchanged(), pytest.raises(RuntimeError):
        _apply(made)


def test_changes_name_what_there_is_and_once(track: Track, unchanged: Unchanged) -> None:
    entry = appeals.ranked(track)[0]
    made = appeals.strike(of=track, entry=entry)
    alias = appeals.alias_on(entry)
    for kind, more, code in (
        (ChangeKind.RESTORE, {"alias": alias}, "changed-already"),
        (ChangeKind.STRIKE, {"alias": "ZZZ"}, "no-such-review"),
        (ChangeKind.REINSTATE, {}, "not-disqualified"),
        (ChangeKind.JURY, {"juror": person(), "points_milli": 1}, "juror-removed"),
    ):
        with unchanged(), pytest.raises(Refused) as refusal:
            domain.add_change(actor=ACTOR, change_set=made, kind=kind, entry=entry, **more)
        assert refusal.value.code == code
    other = appeals.change_set(of=track)
    with unchanged(), pytest.raises(Refused) as refusal:
        domain.add_change(
            actor=ACTOR,
            change_set=other,
            kind=ChangeKind.CORRECT,
            entry=entry,
            alias=alias,
            scores={"idea": 6, "code": 10},
        )
    assert refusal.value.code == "bad-scores"
    with unchanged(), pytest.raises(Refused) as refusal:
        domain.preview_changes(actor=ACTOR, change_set=other)
    assert refusal.value.code == "empty"
