from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from concours.platform.awards import domain
from concours.platform.awards.domain.jury import conflicts_in
from concours.platform.awards.domain.sealing import seal_of
from concours.platform.awards.models import Juror, JuryScore
from concours.platform.competitions import domain as competitions_domain
from concours.platform.competitions.enums import PhaseKind
from concours.platform.competitions.models import Entry, Track
from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.record.models import Event
from tests.factories import awards
from tests.factories.competitions import ACTOR, advance, captain_of
from tests.factories.people import organisation, organiser, person

pytestmark = pytest.mark.django_db
Unchanged = Callable[[], Any]


@pytest.fixture
def final(tmp_path: Path) -> Track:
    return awards.in_final(folder=tmp_path)


@pytest.fixture
def first(final: Track) -> Entry:
    return awards.finalists(final)[0]


def outsider(track: Track) -> Entry:
    """An entry that is not in the final."""
    inside = [entry.pk for entry in awards.finalists(track)]
    found = track.entries.exclude(pk__in=inside).first()
    assert found is not None
    return found


def test_an_organiser_appoints_and_the_record_says_so(final: Track) -> None:
    staff, expert = organiser(season=final.season), person()
    with clock.frozen_at(awards.FINAL_OPENS):
        appointed = domain.appoint_juror(actor=staff, track=final, user=expert)
    assert appointed.appointed_at == awards.FINAL_OPENS
    event = Event.objects.latest("seq")
    assert (event.verb, event.actor) == ("juror.appointed", f"user:{staff.code}")
    assert expert.code in event.data


def test_only_organisers_appoint_and_remove(final: Track, unchanged: Unchanged) -> None:
    member, stranger = awards.juror(of=final), organiser()
    stranger.staff_roles.all().delete()
    for actor in (person(), stranger, member.user):
        with unchanged():
            with pytest.raises(NotPermitted):
                domain.appoint_juror(actor=actor, track=final, user=person())
            with pytest.raises(NotPermitted):
                domain.remove_juror(actor=actor, juror=member)


def test_whoever_takes_part_does_not_judge(final: Track, unchanged: Unchanged) -> None:
    for entry in final.entries.all():
        with unchanged(), pytest.raises(Refused, match="cannot judge") as refusal:
            domain.appoint_juror(actor=ACTOR, track=final, user=captain_of(entry.team))
        assert refusal.value.code == "takes-part"


def test_a_closed_account_does_not_judge(final: Track, unchanged: Unchanged) -> None:
    gone = person(is_active=False)
    with unchanged(), pytest.raises(Refused) as refusal:
        domain.appoint_juror(actor=ACTOR, track=final, user=gone)
    assert refusal.value.code == "account-closed"


def test_appointed_once(final: Track, unchanged: Unchanged) -> None:
    member = awards.juror(of=final)
    with unchanged(), pytest.raises(Refused) as refusal:
        domain.appoint_juror(actor=ACTOR, track=final, user=member.user)
    assert refusal.value.code == "juror-already"


def test_removed_and_back_with_the_scores(final: Track, first: Entry, unchanged: Unchanged) -> None:
    member = awards.juror(of=final)
    awards.score(by=member, entry=first)
    domain.remove_juror(actor=ACTOR, juror=member)
    with unchanged(), pytest.raises(NotPermitted):
        awards.score(by=member, entry=first, points_milli=1)
    with unchanged(), pytest.raises(Refused) as refusal:
        domain.remove_juror(actor=ACTOR, juror=member)
    assert refusal.value.code == "juror-removed"
    back = awards.juror(of=final, user=member.user)
    assert back.pk == member.pk
    assert JuryScore.objects.get(juror=back).points_milli == 50_000


def test_a_score_is_stored_and_sealed_in_the_record(final: Track, first: Entry) -> None:
    member = awards.juror(of=final)
    awards.score(by=member, entry=first, points_milli=87_125, comment=" Fine. ")
    stored = JuryScore.objects.get()
    assert (stored.points_milli, stored.comment) == (87_125, "Fine.")
    event = Event.objects.latest("seq")
    assert event.verb == "jury.scored"
    assert stored.seal in event.data
    assert "87125" not in event.data
    assert "87.125" not in event.data
    assert stored.seal == seal_of(
        salt=stored.salt,
        content={
            "entry": first.code,
            "juror": member.user.code,
            "points_milli": 87_125,
            "comment": "Fine.",
        },
    )


def test_a_second_score_replaces_the_first(final: Track, first: Entry) -> None:
    member = awards.juror(of=final)
    awards.score(by=member, entry=first, points_milli=1)
    seal = JuryScore.objects.get().seal
    awards.score(by=member, entry=first, points_milli=2)
    stored = JuryScore.objects.get()
    assert stored.points_milli == 2
    assert stored.seal != seal
    assert Event.objects.filter(verb="jury.scored").count() == 2


def test_only_jurors_score(final: Track, first: Entry, unchanged: Unchanged) -> None:
    awards.juror(of=final)
    for actor in (person(), organiser(season=final.season), captain_of(first.team)):
        with clock.frozen_at(awards.FINAL), unchanged(), pytest.raises(NotPermitted):
            domain.score_as_juror(actor=actor, entry=first, points_milli=1)


def test_a_juror_of_another_track_does_not_score(
    final: Track, first: Entry, tmp_path: Path, unchanged: Unchanged
) -> None:
    other = awards.in_final(folder=tmp_path)
    member = awards.juror(of=other)
    with unchanged(), pytest.raises(NotPermitted):
        awards.score(by=member, entry=first)


@pytest.mark.parametrize("points", [-1, 100_001])
def test_scores_out_of_range(final: Track, first: Entry, points: int, unchanged: Unchanged) -> None:
    member = awards.juror(of=final)
    with unchanged(), pytest.raises(Refused) as refusal:
        awards.score(by=member, entry=first, points_milli=points)
    assert refusal.value.code == "score-out-of-range"


@pytest.mark.parametrize("points", [0, 100_000])
def test_the_ends_of_the_range(final: Track, first: Entry, points: int) -> None:
    awards.score(by=awards.juror(of=final), entry=first, points_milli=points)
    assert JuryScore.objects.get().points_milli == points


def test_finalists_only(final: Track, unchanged: Unchanged) -> None:
    member = awards.juror(of=final)
    with unchanged(), pytest.raises(Refused) as refusal:
        awards.score(by=member, entry=outsider(final))
    assert refusal.value.code == "not-a-finalist"


def test_a_disqualified_finalist_is_not_scored(
    final: Track, first: Entry, unchanged: Unchanged
) -> None:
    member = awards.juror(of=final)
    competitions_domain.disqualify_entry(actor=ACTOR, entry=first, reason="copied")
    with unchanged(), pytest.raises(Refused) as refusal:
        awards.score(by=member, entry=first)
    assert refusal.value.code == "not-a-finalist"


@pytest.mark.parametrize(
    ("moment", "taken"),
    [
        (awards.FINAL_OPENS - timedelta(seconds=1), False),
        (awards.FINAL_OPENS, True),
        (awards.FINAL_CLOSES - timedelta(seconds=1), True),
        (awards.FINAL_CLOSES, False),
        (awards.FINAL_CLOSES + timedelta(seconds=1), False),
    ],
)
def test_the_final_to_the_second(
    final: Track, first: Entry, moment: datetime, taken: bool, unchanged: Unchanged
) -> None:
    member = awards.juror(of=final)
    with clock.frozen_at(moment):
        if taken:
            domain.score_as_juror(actor=member.user, entry=first, points_milli=5)
            assert JuryScore.objects.get().scored_at == moment
        else:
            with unchanged(), pytest.raises(Refused) as refusal:
                domain.score_as_juror(actor=member.user, entry=first, points_milli=5)
            assert refusal.value.code == "final-not-running"


def test_not_in_another_phase(final: Track, first: Entry, unchanged: Unchanged) -> None:
    member = awards.juror(of=final)
    advance(final, to=PhaseKind.RESULT)
    with unchanged(), pytest.raises(Refused) as refusal:
        awards.score(by=member, entry=first)
    assert refusal.value.code == "not-in-final"


def test_an_organisation_shared_with_the_team_is_a_conflict(
    final: Track, unchanged: Unchanged
) -> None:
    entries = awards.finalists(final)
    member = awards.juror(of=final)
    shared = organisation(members=[member.user, captain_of(entries[0].team)])
    organisation(members=[captain_of(entries[1].team)])
    assert conflicts_in(track=final) == {
        member.pk: {entries[0].pk: frozenset({shared.pk})},
    }
    with unchanged(), pytest.raises(Refused) as refusal:
        awards.score(by=member, entry=entries[0])
    assert refusal.value.code == "conflict"
    awards.score(by=member, entry=entries[1])


def test_a_crash_leaves_nothing_half_done(
    final: Track, first: Entry, unchanged: Unchanged, crash: type[Exception]
) -> None:
    member = Juror.objects.create(track=final, user=person(), appointed_at=awards.FINAL_OPENS)
    with unchanged(), pytest.raises(crash):
        domain.appoint_juror(actor=ACTOR, track=final, user=person())
    with unchanged(), pytest.raises(crash):
        domain.remove_juror(actor=ACTOR, juror=member)
    with unchanged(), pytest.raises(crash):
        awards.score(by=member, entry=first)
    with unchanged(), pytest.raises(crash):
        awards.machine(entry=first)
    with unchanged(), pytest.raises(crash):
        awards.pool(of=final)
