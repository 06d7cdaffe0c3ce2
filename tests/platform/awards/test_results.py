from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from concours.platform.awards import domain
from concours.platform.awards.document import digest_of, from_text, outcome_of
from concours.platform.awards.enums import LedgerKind
from concours.platform.awards.models import Award, JuryScore, LedgerLine, Payout, Result, ResultLine
from concours.platform.competitions import domain as competitions_domain
from concours.platform.competitions.enums import PhaseKind
from concours.platform.competitions.models import Track
from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.record.chain import canonical
from concours.platform.record.models import Event
from concours.platform.review.domain import peer_results
from tests.factories import awards
from tests.factories.competitions import ACTOR, advance, captain_of
from tests.factories.people import organisation, organiser, person

pytestmark = pytest.mark.django_db
Unchanged = Callable[[], Any]


def compute(track: Track, actor: Any = ACTOR) -> Result:
    with clock.frozen_at(awards.RESULT):
        return domain.compute_result(actor=actor, track=track)


def publish(result: Result, actor: Any = ACTOR) -> Result:
    with clock.frozen_at(awards.RESULT):
        return domain.publish_result(actor=actor, result=result)


def test_totals_by_hand(tmp_path: Path) -> None:
    """50 × peer + 30 × machine + 20 × jury, for three finalists; the others by peer alone."""
    track = awards.in_final(folder=tmp_path, weight_peer=50, weight_machine=30, weight_jury=20)
    members = [awards.juror(of=track) for _ in range(3)]
    given = {entry.pk: 90_000 - 10_000 * n for n, entry in enumerate(awards.finalists(track))}
    for entry in awards.finalists(track):
        awards.machine(entry=entry, points_milli=given[entry.pk])
        for number, member in enumerate(members):
            awards.score(by=member, entry=entry, points_milli=given[entry.pk] + number)
    peers = peer_results(track=track)
    result = compute(track)
    lines = list(result.lines.all())
    assert [line.position for line in lines] == list(range(1, 7))
    assert [line.reason for line in lines] == ["formula"] * 3 + ["peer-alone"] * 3
    for line in lines[:3]:
        machine, peer = given[line.entry_id], peers[line.entry_id].points_milli
        assert line.total == Fraction(50 * peer + 30 * machine + 20 * (machine + 1), 100)
        assert (line.machine_milli, line.peer_milli) == (machine, peer)
        assert (line.jury_milli, line.jury_count) == (machine + 1, 3)
    for line in lines[3:]:
        assert line.total == peers[line.entry_id].points_milli
        assert (line.jury_milli, line.jury_count) == (None, 0)
    for group in (lines[:3], lines[3:]):
        assert [line.total for line in group] == sorted(
            (line.total for line in group), reverse=True
        )


def test_a_draft_says_what_it_was_computed_from(tmp_path: Path) -> None:
    result = awards.computed(folder=tmp_path)
    assert (result.number, result.state, result.published_at) == (1, "draft", None)
    assert digest_of(result.inputs) == result.inputs_digest
    document = json.loads(result.inputs)
    assert canonical(document) == result.inputs
    assert document["track"] == result.track.code
    assert result.formula["weights"] == {"machine": 0, "peer": 50, "jury": 50}
    assert result.formula["peer"]["snapshot"] == 1
    assert (result.formula["entries"], result.formula["finalists"]) == (6, 3)
    assert domain.verify_result(result=result).holds
    assert not Award.objects.exists()
    event = Event.objects.latest("seq")
    assert event.verb == "result.computed"
    assert result.inputs_digest in event.data


def test_the_document_names_no_person(tmp_path: Path) -> None:
    result = awards.computed(folder=tmp_path)
    people = [score.juror.user for score in JuryScore.objects.all()]
    people += [captain_of(entry.team) for entry in result.track.entries.all()]
    for somebody in people:
        for word in (somebody.code, somebody.name, somebody.email):
            assert word not in result.inputs


def test_publication_makes_awards_that_balance(tmp_path: Path) -> None:
    result = awards.published(folder=tmp_path)
    assert (result.state, result.published_at) == ("published", awards.RESULT)
    got = [(award.place, award.title, award.amount_minor) for award in Award.objects.all()]
    assert got == [
        (1, "First prize", 1_000_000),
        (2, "Second prize", 500_000),
        (3, "Second prize", 500_000),
        (4, "Third prize", 100_001),
        (5, "Third prize", 100_001),
    ]
    assert sum(line.amount_minor for line in LedgerLine.objects.all()) == 0
    assert [line.amount_minor for line in LedgerLine.objects.filter(kind="returned")] == [-299_998]
    assert not LedgerLine.objects.filter(kind="rounding").exists()
    event = Event.objects.get(verb="result.published")
    assert digest_of(canonical(json.loads(event.data)["inputs"])) == result.inputs_digest
    assert domain.verify_result(result=result).holds


def test_equals_share_and_what_does_not_split_is_rounding(tmp_path: Path) -> None:
    """Three equal finalists share 1,000,000 + 500,000 + 500,000: 666,666 each, 2 left."""
    track = awards.without_peers(folder=tmp_path, weight_jury=1)
    awards.juror(of=track)
    awards.score_all(track=track, points=[70_000, 70_000, 70_000])
    awards.pool(of=track)
    result = publish(compute(advance(track, to=PhaseKind.RESULT)))
    assert [(line.place, line.tied) for line in result.lines.all()] == [(1, True)] * 3
    assert [award.amount_minor for award in Award.objects.all()] == [666_666] * 3
    by_kind = {
        kind: sum(line.amount_minor for line in LedgerLine.objects.filter(kind=kind))
        for kind in LedgerKind.values
    }
    assert by_kind == {
        "funding": 2_500_000,
        "award": -1_999_998,
        "rounding": -2,
        "reserved": 0,
        "returned": -500_000,
        "reversed": 0,
    }


def test_a_track_without_peer_review_needs_no_standings(tmp_path: Path) -> None:
    track = awards.without_peers(folder=tmp_path, weight_machine=1, weight_jury=0)
    for number, entry in enumerate(awards.finalists(track)):
        awards.machine(entry=entry, points_milli=number)
    result = compute(track)
    assert result.formula["peer"] == {}
    assert [line.total_milli for line in result.lines.all()] == [2, 1, 0]


def test_without_standings_there_is_no_result(tmp_path: Path, unchanged: Unchanged) -> None:
    track = awards.without_peers(folder=tmp_path)
    Track.objects.filter(pk=track.pk).update(weight_peer=1)
    with unchanged(), pytest.raises(Refused) as refusal:
        compute(track)
    assert refusal.value.code == "no-standings"


def test_every_missing_part_is_named(tmp_path: Path, unchanged: Unchanged) -> None:
    track = awards.in_final(folder=tmp_path, weight_machine=10)
    member = awards.juror(of=track)
    entries = awards.finalists(track)
    awards.machine(entry=entries[0])
    awards.score(by=member, entry=entries[1])
    with unchanged(), pytest.raises(Refused) as refusal:
        compute(track)
    assert refusal.value.code == "parts-missing"
    said = str(refusal.value)
    assert f"the machine score of “{entries[1].title}”" in said
    assert f"the machine score of “{entries[0].title}”" not in said
    assert f"{member.user.name}'s score of “{entries[0].title}”" in said
    assert f"{member.user.name}'s score of “{entries[1].title}”" not in said


def test_a_jury_that_weighs_has_to_exist(tmp_path: Path, unchanged: Unchanged) -> None:
    track = awards.in_final(folder=tmp_path)
    with unchanged(), pytest.raises(Refused, match="a juror without a conflict"):
        compute(track)


def test_jurors_in_conflict_are_not_waited_for(tmp_path: Path) -> None:
    track = awards.in_final(folder=tmp_path)
    aside, other = awards.juror(of=track), awards.juror(of=track)
    entries = awards.finalists(track)
    organisation(members=[aside.user, captain_of(entries[0].team)])
    for entry in entries:
        awards.score(by=other, entry=entry)
        if entry != entries[0]:
            awards.score(by=aside, entry=entry, points_milli=60_000)
    result = compute(track)
    counted = {line.entry_id: line.jury_count for line in result.lines.filter(reason="formula")}
    assert counted == {entries[0].pk: 1, entries[1].pk: 2, entries[2].pk: 2}


def test_a_removed_juror_does_not_count(tmp_path: Path) -> None:
    track = awards.in_final(folder=tmp_path)
    kept, removed = awards.juror(of=track), awards.juror(of=track)
    for entry in awards.finalists(track):
        awards.score(by=kept, entry=entry, points_milli=10_000)
        awards.score(by=removed, entry=entry, points_milli=90_000)
    domain.remove_juror(actor=ACTOR, juror=removed)
    lines = compute(track).lines.filter(reason="formula")
    assert [(line.jury_milli, line.jury_count) for line in lines] == [(10_000, 1)] * 3


def test_a_disqualified_entry_has_no_place(tmp_path: Path) -> None:
    track = awards.ready(folder=tmp_path)
    out = awards.finalists(track)[0]
    competitions_domain.disqualify_entry(actor=ACTOR, entry=out, reason="copied")
    result = compute(track)
    assert not result.lines.filter(entry=out).exists()
    assert out.code not in result.inputs
    assert result.formula["finalists"] == 2


def test_only_organisers_compute_and_publish(tmp_path: Path, unchanged: Unchanged) -> None:
    result = awards.computed(folder=tmp_path)
    member = JuryScore.objects.all()[0].juror.user
    for actor in (person(), member, captain_of(result.track.entries.all()[0].team)):
        with unchanged():
            with pytest.raises(NotPermitted):
                compute(result.track, actor)
            with pytest.raises(NotPermitted):
                publish(result, actor)
    assert publish(result, organiser(season=result.track.season)).published


def test_not_before_the_result_phase(tmp_path: Path, unchanged: Unchanged) -> None:
    track = awards.in_final(folder=tmp_path)
    awards.juror(of=track)
    awards.score_all(track=track)
    result = compute(track)
    with unchanged(), pytest.raises(Refused) as refusal:
        publish(result)
    assert refusal.value.code == "too-early"
    track.phases.filter(kind=PhaseKind.FINAL).update(scores_visible=True)
    assert publish(result).published


def test_published_once(tmp_path: Path, unchanged: Unchanged) -> None:
    """The second of two organisers who press the button holds the draft as it was."""
    first = awards.computed(folder=tmp_path)
    second = Result.objects.get(pk=first.pk)
    publish(first)
    with unchanged(), pytest.raises(Refused) as refusal:
        publish(second)
    assert refusal.value.code == "result-published"
    assert Award.objects.count() == 5


def test_a_newer_draft_is_the_one_to_publish(tmp_path: Path, unchanged: Unchanged) -> None:
    old = awards.computed(folder=tmp_path)
    new = compute(old.track)
    with unchanged(), pytest.raises(Refused) as refusal:
        publish(old)
    assert refusal.value.code == "newer-draft"
    assert publish(new).number == 2


def test_what_was_looked_at_is_what_is_published(tmp_path: Path, unchanged: Unchanged) -> None:
    result = awards.computed(folder=tmp_path)
    pool = result.track.prize_pools.get()
    domain.revise_pool(actor=ACTOR, pool=pool, total_minor=3_000_000, prizes=awards.PRIZES)
    with unchanged(), pytest.raises(Refused) as refusal:
        publish(result)
    assert refusal.value.code == "inputs-changed"


def test_a_tampered_draft_is_not_published(tmp_path: Path, unchanged: Unchanged) -> None:
    result = awards.computed(folder=tmp_path)
    ResultLine.objects.filter(result=result, position=2).update(total_numerator=1)
    with unchanged(), pytest.raises(Refused) as refusal:
        publish(result)
    assert refusal.value.code == "does-not-recompute"


def test_nothing_changes_after_publication(tmp_path: Path, unchanged: Unchanged) -> None:
    result = awards.published(folder=tmp_path)
    track = result.track
    entry, member = awards.finalists(track)[0], JuryScore.objects.all()[0].juror
    acts: list[Callable[[], Any]] = [
        lambda: compute(track),
        lambda: awards.score(by=member, entry=entry),
        lambda: awards.machine(entry=entry),
        lambda: awards.juror(of=track),
        lambda: domain.remove_juror(actor=ACTOR, juror=member),
        lambda: awards.pool(of=track),
        lambda: domain.revise_pool(
            actor=ACTOR, pool=track.prize_pools.get(), total_minor=1, prizes=[]
        ),
    ]
    for act in acts:
        with unchanged(), pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == "result-published"


def test_a_crash_in_computing_leaves_nothing(
    tmp_path: Path, unchanged: Unchanged, request: pytest.FixtureRequest
) -> None:
    track = awards.ready(folder=tmp_path)
    crash = request.getfixturevalue("crash")
    with unchanged(), pytest.raises(crash):
        compute(track)


def test_a_crash_in_publishing_leaves_nothing(
    tmp_path: Path, unchanged: Unchanged, request: pytest.FixtureRequest
) -> None:
    result = awards.computed(folder=tmp_path)
    crash = request.getfixturevalue("crash")
    with unchanged(), pytest.raises(crash):
        publish(result)
    assert Result.objects.get().state == "draft"


def test_verification_finds_every_kind_of_change(tmp_path: Path) -> None:
    """Each stored value is changed in turn; each change is found; undone, all holds again."""
    result = awards.published(folder=tmp_path)
    line, award = result.lines.get(position=2), Award.objects.get(place=2)
    changes: list[tuple[Any, dict[str, Any]]] = [
        (line, {name: getattr(line, name) + 7})
        for name in (
            "place",
            "peer_milli",
            "jury_milli",
            "jury_count",
            "total_numerator",
            "total_denominator",
        )
    ]
    changes += [
        (line, {"tied": not line.tied}),
        (line, {"reason": "peer-alone"}),
        (line, {"machine_milli": 5}),
        (award, {"amount_minor": award.amount_minor + 1}),
        (award, {"place": 9}),
        (award, {"title": "Grand prize"}),
        (award.ledger_line, {"amount_minor": award.ledger_line.amount_minor - 1}),
        (result, {"inputs_digest": "0" * 64}),
        (result, {"inputs": result.inputs.replace(":50", ":51", 1)}),
        (result, {"formula": {**result.formula, "version": "another"}}),
    ]
    for row, change in changes:
        rows = type(row).objects.filter(pk=row.pk)
        before = rows.values(*change).get()
        rows.update(**change)
        assert not domain.verify_result(result=Result.objects.get(pk=result.pk)).holds, change
        rows.update(**before)
    assert domain.verify_result(result=Result.objects.get(pk=result.pk)).holds


def test_a_lost_line_and_a_lost_award_are_found(tmp_path: Path) -> None:
    result = awards.published(folder=tmp_path)
    award = Award.objects.get(place=1)
    award.ledger_line.delete()
    Payout.objects.filter(award=award).update(award=None)
    award.delete()
    result.lines.get(position=6).delete()
    faults = " ".join(domain.verify_result(result=result).faults)
    for said in ("lines are stored", "the award of", "does not sum to zero", "does not pay"):
        assert said in faults


def test_who_sees_which_result(tmp_path: Path) -> None:
    draft = awards.computed(folder=tmp_path)
    track, staff = draft.track, organiser(season=draft.track.season)
    insiders = (staff, organiser())
    outsiders = (person(), captain_of(track.entries.all()[0].team))
    for user in insiders:
        assert domain.result_of(user=user, track=track) == draft
    for user in outsiders:
        assert domain.result_of(user=user, track=track) is None
    published = publish(draft)
    for user in (*insiders, *outsiders):
        assert domain.result_of(user=user, track=track) == published


def test_the_document_alone_is_enough(tmp_path: Path) -> None:
    """Places and shares from the text, compared with what is stored."""
    result = awards.published(folder=tmp_path)
    outcome = outcome_of(from_text(result.inputs))
    stored = {line.entry.code: (line.place, line.total) for line in result.lines.all()}
    assert stored == {s.candidate.code: (s.place, s.total) for s in outcome.standings}
    (settlement,) = outcome.settlements.values()
    assert {share.code: share.amount_minor for share in settlement.shares} == {
        award.entry.code: award.amount_minor for award in Award.objects.all()
    }


@pytest.mark.parametrize("text", ["{}", "[]", "null", '{"format": "x", "formula": "y"}', "", "{"])
def test_other_documents_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        from_text(text)
