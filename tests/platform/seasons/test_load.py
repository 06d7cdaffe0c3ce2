from __future__ import annotations

from datetime import UTC, datetime

import pytest

from concours.platform.awards.models import Prize, PrizePool
from concours.platform.competitions.models import Batch, RulesVersion, Season, Track
from concours.platform.core import clock
from concours.platform.core.actors import System
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.record import domain as record
from concours.platform.record.models import Event
from concours.platform.register.models import Donation, Donor, Project, TechnicalArea
from concours.platform.review.models import ReviewRound, Rubric
from concours.platform.seasons.faults import DataRefused
from concours.platform.seasons.load import load_folder
from tests.factories import people

pytestmark = pytest.mark.django_db

ACTOR = System("tests")
BEFORE = datetime(2022, 12, 5, tzinfo=UTC)
FIRST_STARTED = datetime(2023, 1, 20, tzinfo=UTC)
TRACK = "tracks/carsmos-driving-algorithm.toml"


def load(folder, at=BEFORE, **options):
    with clock.frozen_at(at):
        return load_folder(actor=ACTOR, folder=folder, **options)


def counted():
    models = (
        Season, Batch, Track, RulesVersion, PrizePool, Prize, Rubric, ReviewRound, Project, Donor,
        Donation, TechnicalArea, Event,
    )  # fmt: skip
    return {model.__name__: model.objects.count() for model in models}


def test_the_shipped_season_loads_whole(shipped):
    loaded = load(shipped)

    season = Season.objects.get()
    assert loaded.season == season
    assert (season.slug, season.state) == ("open-atom-2022", "open")
    assert counted() | {"Event": 0} == {
        "Season": 1, "Batch": 2, "Track": 8, "RulesVersion": 8, "PrizePool": 8, "Prize": 25,
        "Rubric": 3, "ReviewRound": 0, "Project": 20, "Donor": 36, "Donation": 36,
        "TechnicalArea": 12, "Event": 0,
    }  # fmt: skip
    carsmos = Track.objects.get(slug="carsmos-driving-algorithm")
    assert carsmos.state == "draft"
    assert carsmos.registration_opens_at == season.starts_at
    assert carsmos.registration_closes_at == datetime(2023, 3, 10, tzinfo=UTC)
    assert [phase.kind for phase in carsmos.phases.all()] == [
        "practice", "ranking", "peer-review", "appeal", "final", "result",
    ]  # fmt: skip
    prizes = carsmos.prize_pools.get().prizes.order_by("place_from")
    assert [(p.place_from, p.place_to, p.amount_minor) for p in prizes] == [
        (1, 1, 20_000_000), (2, 2, 10_000_000), (3, 4, 5_000_000), (5, 14, 1_000_000),
    ]  # fmt: skip
    criterion = Rubric.objects.get(slug="algorithm").criteria.get(key="evidence")
    assert "- 10: " in criterion.description
    assert "- 10: " in criterion.description_zh
    assert Event.objects.filter(verb="season.loaded").count() == 1
    assert record.verify().holds


def test_loading_again_changes_nothing_and_says_so(shipped):
    load(shipped, at=FIRST_STARTED, start_tracks=True)
    before = counted()

    again = load(shipped, at=FIRST_STARTED, start_tracks=True)

    assert again.changes == ()
    assert counted() == before


def test_tracks_start_when_their_registration_is_open_and_their_seed_is_committed(shipped):
    load(shipped)
    loaded = load(shipped, at=FIRST_STARTED, start_tracks=True)

    started = {track.slug for track in Track.objects.filter(state="started")}
    assert started == {"carsmos-driving-algorithm", "rt-thread-nano-edge"}
    assert len(loaded.changes) == 4
    carsmos = ReviewRound.objects.get(track__slug="carsmos-driving-algorithm")
    assert carsmos.rubric.slug == "algorithm"
    assert carsmos.opens_at == datetime(2023, 4, 10, tzinfo=UTC)
    assert carsmos.closes_at == datetime(2023, 5, 8, tzinfo=UTC)
    assert carsmos.finalists == 14

    later = load(shipped, at=datetime(2023, 2, 5, tzinfo=UTC), start_tracks=True)
    assert len(later.changes) == 4
    assert Track.objects.filter(state="started").count() == 4


def test_a_track_whose_registration_is_over_stays_a_draft(shipped):
    load(shipped, at=datetime(2023, 9, 1, tzinfo=UTC), start_tracks=True)
    started = {track.slug for track in Track.objects.filter(state="started")}
    assert started == {"vearch-vector-search", "miniblink-lean-browser"}


def test_the_same_data_makes_another_season_under_another_slug(shipped):
    load(shipped)
    other = load(shipped, slug="rehearsal", title_suffix=" (rehearsal)")

    assert other.season.title.endswith("2022-2023 (rehearsal)")
    assert Track.objects.filter(season=other.season).count() == 8
    assert counted()["Project"] == 20
    assert counted()["Rubric"] == 3
    assert load(shipped, slug="rehearsal", title_suffix=" (rehearsal)").changes == ()


def test_new_rules_become_the_next_version(copy, change):
    load(copy)
    change("tracks/carsmos-driving-algorithm.rules.en.md", "at most ten pages", "of two pages")

    assert load(copy).changes == ("track carsmos-driving-algorithm: new rules",)
    assert [v.number for v in RulesVersion.objects.filter(track__slug__startswith="cars")] == [1, 2]


def test_a_new_track_is_added(copy):
    for path in list(copy.glob("tracks/miniblink*")):
        path.rename(copy / path.name)
    load(copy)
    for path in list(copy.glob("miniblink*")):
        path.rename(copy / "tracks" / path.name)

    assert load(copy).changes == ("track miniblink-lean-browser: drafted",)


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        (TRACK, "finalists = 14", "finalists = 15", "driving-algorithm: finalists"),
        (TRACK, "starts_at = 2023-06-10", "starts_at = 2023-06-11", "driving-algorithm: phases"),
        (TRACK, "batch = 1", "registration_closes_at = 2023-03-01T00:00:00Z\nbatch = 1", "_closes"),
        ("season.toml", "First batch", "Batch one", "batch 1: title"),
        ("season.toml", "starts_at = 2022-12-01", "starts_at = 2022-11-30", "starts_at"),
    ],
)
def test_a_difference_that_cannot_be_mended_is_refused(copy, change, file, old, new, named):
    load(copy)
    before = counted()
    change(file, old, new)
    (copy / "tracks/carsmos-driving-algorithm.rules.en.md").write_text("Changed as well.")

    with pytest.raises(Refused) as refused:
        load(copy)

    assert refused.value.code == "season-differs"
    assert named in str(refused.value)
    assert counted() == before


def test_a_rubric_never_changes_under_its_name(copy, change):
    load(copy)
    change("rubrics/algorithm.toml", "weight = 35", "weight = 34")
    before = counted()
    with pytest.raises(Refused) as refused:
        load(copy)
    assert refused.value.code == "slug-taken"
    assert counted() == before


def test_a_folder_with_faults_loads_nothing(copy, change):
    change(TRACK, "batch = 1", "batch = 9")
    with pytest.raises(DataRefused) as refused:
        load(copy)
    assert refused.value.faults[0].file == TRACK
    assert set(counted().values()) == {0}


@pytest.mark.parametrize("crash_at", [1, 10, 60, 100])
def test_a_crash_in_the_middle_leaves_nothing(shipped, monkeypatch, crash_at):
    real, calls = record.append, []

    def crash(**event):
        calls.append(event)
        if len(calls) == crash_at:
            raise RuntimeError("power cut")
        return real(**event)

    monkeypatch.setattr("concours.platform.record.domain.append", crash)
    with pytest.raises(RuntimeError):
        load(shipped)
    assert set(counted().values()) == {0}


def test_only_an_organiser_of_the_installation_loads(shipped):
    with clock.frozen_at(BEFORE), pytest.raises(NotPermitted):
        load_folder(actor=people.person(), folder=shipped)
    assert set(counted().values()) == {0}
    with clock.frozen_at(BEFORE):
        load_folder(actor=people.operator(), folder=shipped)
    of_the_house = Event.objects.exclude(actor__startswith="user:")
    assert set(of_the_house.values_list("verb", flat=True)) <= {"board.snapshot"}
