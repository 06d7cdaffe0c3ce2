"""Seasons, proposals, tracks, phases: what is refused changes nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from concours.platform.competitions import domain
from concours.platform.competitions.domain.calendar import add_months
from concours.platform.competitions.domain.phases import PhasePlan
from concours.platform.competitions.enums import PhaseKind, ProposalState, TrackState
from concours.platform.competitions.models import Season, Track
from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.record import domain as record
from tests.factories import competitions as make
from tests.factories.people import organiser, person

pytestmark = pytest.mark.django_db


def refusal_code(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.code


def test_only_staff_create_seasons() -> None:
    with pytest.raises(NotPermitted):
        domain.create_season(
            actor=person(),
            slug="x",
            title="x",
            starts_at=make.day(2023, 1, 1),
            ends_at=make.day(2023, 2, 1),
        )

    assert Season.objects.count() == 0
    assert record.head()[0] == 0


def test_an_organiser_of_one_season_does_not_run_another() -> None:
    mine, other = make.season(), make.season()
    staff = organiser(season=mine)

    with pytest.raises(NotPermitted):
        domain.create_batch(
            actor=staff,
            season=other,
            number=1,
            title="x",
            starts_at=make.day(2023, 1, 1),
            final_at=make.day(2023, 2, 1),
        )

    assert other.batches.count() == 0


def test_a_batch_lies_within_its_season() -> None:
    with pytest.raises(Refused) as refused:
        domain.create_batch(
            actor=make.ACTOR,
            season=make.season(),
            number=1,
            title="x",
            starts_at=make.day(2023, 1, 1),
            final_at=make.day(2024, 6, 1),
        )

    assert refusal_code(refused) == "dates-in-wrong-order"


def test_registration_closes_two_months_after_the_track_starts() -> None:
    track = make.draft_track()

    assert track.registration_opens_at == track.season.starts_at
    assert track.registration_closes_at == make.day(2023, 3, 1)


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001
    st.integers(0, 60),
)
def test_months_are_counted_by_the_calendar(moment: datetime, months: int) -> None:
    moment = moment.replace(tzinfo=UTC)

    later = add_months(moment, months)

    assert (later.year * 12 + later.month) - (moment.year * 12 + moment.month) == months
    assert later.day == moment.day or (later + timedelta(days=1)).day == 1
    assert later.timetz() == moment.timetz()


def propose(actor: object, season: Season) -> object:
    return domain.propose_track(
        actor=actor,
        season=season,
        batch=season.batches.get(),
        topic="Fonts",
        category="software",
        owner="A university",
        description="Why",
        rules="How",
        format="What",
    )


@pytest.mark.parametrize(
    ("offset", "open_"), [(-1, True), (0, False), (1, False)], ids=["before", "on", "after"]
)
def test_the_call_for_tracks_closes_to_the_second(offset: int, open_: bool) -> None:
    season = make.season(
        proposals_open_at=make.day(2022, 12, 1), proposals_close_at=make.day(2023, 2, 1)
    )
    make.batch(of=season)

    with clock.frozen_at(make.day(2023, 2, 1) + timedelta(seconds=offset)):
        if open_:
            propose(person(), season)
        else:
            with pytest.raises(Refused, match="not open"):
                propose(person(), season)

    assert season.proposals.count() == int(open_)


def test_a_proposal_becomes_a_track_with_its_rules(spring: datetime) -> None:
    season = make.season()
    make.batch(of=season)
    staff = organiser(season=season)
    proposal = propose(person(), season)

    domain.comment_on_proposal(actor=staff, proposal=proposal, text="Good.")
    decided = domain.decide_proposal(
        actor=staff, proposal=proposal, approve=True, reason="Asked for.", slug="fonts"
    )

    assert decided.state == ProposalState.APPROVED
    assert decided.track.slug == "fonts"
    assert decided.track.state == TrackState.DRAFT
    assert decided.track.rules_versions.get().text == "How\n\nWhat"


@pytest.mark.parametrize("approve", [True, False])
def test_a_decision_needs_reasons_staff_and_an_undecided_proposal(
    approve: bool, spring: datetime
) -> None:
    season = make.season()
    make.batch(of=season)
    staff = organiser(season=season)
    proposal = propose(person(), season)

    with pytest.raises(Refused, match="reasons"):
        domain.decide_proposal(
            actor=staff, proposal=proposal, approve=approve, reason=" ", slug="s"
        )
    with pytest.raises(NotPermitted):
        domain.decide_proposal(
            actor=proposal.proposer, proposal=proposal, approve=approve, reason="r", slug="s"
        )
    domain.decide_proposal(actor=staff, proposal=proposal, approve=approve, reason="r", slug="s")
    events = record.head()[0]
    with pytest.raises(Refused, match="decided"):
        domain.decide_proposal(
            actor=staff, proposal=proposal, approve=not approve, reason="r", slug="s2"
        )
    with pytest.raises(Refused, match="decided"):
        domain.comment_on_proposal(actor=staff, proposal=proposal, text="Late.")

    assert record.head()[0] == events
    assert Track.objects.count() == int(approve)


def test_a_track_starts_once_with_rules_and_phases() -> None:
    bare = domain.create_track(
        actor=make.ACTOR, batch=make.batch(), slug="bare", title="Bare", category="x"
    )
    with pytest.raises(Refused, match="rules"):
        domain.start_track(actor=make.ACTOR, track=bare)
    domain.publish_rules(actor=make.ACTOR, track=bare, text="Rules")
    with pytest.raises(Refused, match="phases"):
        domain.start_track(actor=make.ACTOR, track=bare)
    domain.plan_phases(actor=make.ACTOR, track=bare, phases=make.PHASES)
    assert domain.current_rules(bare) is None

    started = domain.start_track(actor=make.ACTOR, track=bare)

    assert started.phase.kind == PhaseKind.REGISTRATION
    assert domain.current_rules(bare).number == 1
    with pytest.raises(Refused, match="already"):
        domain.start_track(actor=make.ACTOR, track=bare)
    with pytest.raises(Refused, match="keeps its phases"):
        domain.plan_phases(actor=make.ACTOR, track=started, phases=make.PHASES[:1])


def test_phases_that_overlap_are_refused() -> None:
    track = make.draft_track()
    overlapping = [
        PhasePlan(
            kind=PhaseKind.REGISTRATION,
            starts_at=make.day(2023, 1, 1),
            ends_at=make.day(2023, 3, 1),
        ),
        PhasePlan(
            kind=PhaseKind.FINAL, starts_at=make.day(2023, 2, 1), ends_at=make.day(2023, 4, 1)
        ),
    ]

    with pytest.raises(Refused, match="before has ended"):
        domain.plan_phases(actor=make.ACTOR, track=track, phases=overlapping)

    assert track.phases.count() == len(make.PHASES)


def test_the_database_holds_a_started_track_to_one_active_phase() -> None:
    track = make.track()

    with pytest.raises(IntegrityError), transaction.atomic():
        Track.objects.filter(pk=track.pk).update(phase=None)


def test_phases_pass_in_order_and_the_last_closes_the_track() -> None:
    track = make.track()
    kinds = []
    while track.state == TrackState.STARTED:
        kinds.append(track.phase.kind)
        track = domain.advance_phase(actor=make.ACTOR, track=track, leaving=track.phase)

    assert kinds == [plan.kind for plan in make.PHASES]
    assert track.state == TrackState.CLOSED


def test_an_organiser_who_saw_an_older_phase_is_refused() -> None:
    track = make.track()
    seen = track.phase
    domain.advance_phase(actor=make.ACTOR, track=track, leaving=seen)

    with pytest.raises(Refused) as refused:
        domain.advance_phase(actor=make.ACTOR, track=track, leaving=seen)

    assert refusal_code(refused) == "phase-moved-on"
    track.refresh_from_db()
    assert track.phase.kind == PhaseKind.PEER_REVIEW


@pytest.mark.django_db(transaction=True)
def test_organisers_who_press_at_once_pass_one_phase() -> None:
    track = make.track()
    seen = track.phase

    def press(_: int) -> str:
        try:
            domain.advance_phase(actor=make.ACTOR, track=track, leaving=seen)
        except Refused as refused:
            return refused.code
        finally:
            connection.close()
        return "advanced"

    with ThreadPoolExecutor(max_workers=5) as pool:
        outcomes = sorted(pool.map(press, range(5)))

    track.refresh_from_db()
    assert outcomes == ["advanced"] + ["phase-moved-on"] * 4
    assert track.phase.kind == PhaseKind.PEER_REVIEW
    assert record.verify().holds


def test_rules_after_the_start_take_the_next_number_at_once(spring: datetime) -> None:
    track = make.track()

    second = domain.publish_rules(actor=make.ACTOR, track=track, text="Stricter")

    assert (second.number, second.published_at) == (2, spring)
    assert domain.current_rules(track) == second
