from __future__ import annotations

from statistics import fmean

import pytest
from scipy.stats import pearsonr

from concours.peerreview import consensus
from concours.peerreview.files import read_rankings
from concours.platform.accounts.models import User
from concours.platform.competitions.models import Entry, Season, Team
from concours.platform.core.actors import System
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.record import domain as record
from concours.platform.record.models import Event
from concours.platform.review import domain as review
from concours.platform.review.models import Assignment, Review, ReviewRound, Standing
from concours.platform.seasons.agreement import agreement, read_truth
from concours.platform.seasons.imports import import_season
from concours.platform.seasons.judged import read_judged
from tests.factories import people

pytestmark = pytest.mark.django_db

ACTOR = System("tests")
ENTRIES = "id,title,team\nx,Ex,Team One\ny,Why,Team Two\nz,Zed,Team Three\n"
REVIEWERS = "id,entry\nann,x\nbob,y\ncy,z\n"
REVIEWS = "reviewer,entry,score\nann,y,3\nann,z,5\nbob,x,1\nbob,z,4\ncy,x,2\ncy,y,\n"


@pytest.fixture
def files(tmp_path):
    """The paths of three small files, as keyword arguments."""
    texts = {"entries": ENTRIES, "reviewers": REVIEWERS, "reviews": REVIEWS}
    paths = {name: tmp_path / f"{name}.csv" for name in texts}
    for name, path in paths.items():
        path.write_text(texts[name], encoding="utf-8")
    return paths


def stored():
    models = (Season, Team, Entry, User, ReviewRound, Review, Event)
    return {model.__name__: model.objects.count() for model in models}


def take_in(files, **options):
    return import_season(actor=ACTOR, data=read_judged(**files), slug="given", **options)


def test_what_others_judged_becomes_a_season_with_published_standings(files):
    imported = take_in(files)

    assert stored() | {"Event": 0} == {
        "Season": 1, "Team": 3, "Entry": 3, "User": 3, "ReviewRound": 1, "Review": 5, "Event": 0,
    }  # fmt: skip
    assert [e.title for e in Entry.objects.order_by("pk")] == ["Ex", "Why", "Zed"]
    assert {u.name for u in User.objects.all()} == {"ann", "bob", "cy"}
    assert not any(user.has_usable_password() for user in User.objects.all())
    assert Entry.objects.get(title="Ex").reviewer.name == "ann"
    assert imported.snapshot.published
    best = Standing.objects.get(snapshot=imported.snapshot, position=1)
    assert best.entry.title == "Zed"
    undone = Assignment.objects.get(state="defaulted")
    assert (undone.reviewer.name, undone.entry.title) == ("cy", "Why")
    imported.track.refresh_from_db()
    assert imported.track.phase.kind == "result"


def test_the_record_names_the_files_and_the_verdict_can_be_computed_again(files):
    imported = take_in(files)

    assert record.verify().holds
    assert review.verify_standings(snapshot=imported.snapshot) == []
    assert review.verify_assignment(round=imported.snapshot.round) == []
    event = Event.objects.get(verb="round.imported")
    assert set(read_judged(**files).sources) == {"entries.csv", "reviewers.csv", "reviews.csv"}
    assert all(digest in event.data for digest in read_judged(**files).sources.values())
    Review.objects.filter(points_milli=20_000).update(comment="tampered")
    assert "is not the one that the record holds" in "".join(
        review.verify_standings(snapshot=imported.snapshot)
    )


def test_the_same_seed_repeats_an_import_exactly(files):
    data = read_judged(**files)
    first = import_season(actor=ACTOR, data=data, slug="one", seed=b"s" * 32)
    again = import_season(actor=ACTOR, data=data, slug="two", seed=b"s" * 32)

    def rows(imported):
        return list(
            Standing.objects.filter(snapshot=imported.snapshot)
            .order_by("position")
            .values_list("entry__title", "rank", "estimate", "points_milli")
        )

    assert rows(first) == rows(again)


def test_criteria_become_a_rubric(files):
    files["reviews"].write_text(
        "reviewer,entry,Code quality,创意,创意2\nann,y,3,0.5,1\nbob,x,4,0.25,0\ncy,x,5,1,1\n"
    )
    imported = take_in(files)
    criteria = imported.snapshot.round.rubric.criteria.order_by("position")
    assert [(c.key, c.title, c.max_points) for c in criteria] == [
        ("code-quality", "Code quality", 5),
        ("criterion-2", "创意", 100),
        ("2", "创意2", 5),
    ]
    assert Review.objects.get(assignment__reviewer__name="bob").scores == {
        "code-quality": 4, "criterion-2": 25, "2": 0,
    }  # fmt: skip


def test_a_slug_in_use_is_refused_and_nothing_changes(files):
    take_in(files)
    before = stored()
    with pytest.raises(Refused) as refused:
        take_in(files)
    assert refused.value.code == "slug-taken"
    assert stored() == before


@pytest.mark.parametrize("slug", ["", "Upper", "../x", "x" * 61, "a b", "-a"])
def test_an_odd_slug_is_refused(files, slug):
    with pytest.raises(Refused) as refused:
        import_season(actor=ACTOR, data=read_judged(**files), slug=slug)
    assert refused.value.code == "bad-slug"
    assert stored()["Season"] == 0


def test_only_an_organiser_of_the_installation_imports(files):
    person = people.person()
    with pytest.raises(NotPermitted):
        import_season(actor=person, data=read_judged(**files), slug="given")
    assert stored()["Season"] == 0


@pytest.mark.parametrize("crash_at", [1, 5, 9, 12, 14])
def test_a_crash_in_the_middle_leaves_nothing(files, monkeypatch, crash_at):
    real, calls = record.append, []

    def crash(**event):
        calls.append(event)
        if len(calls) == crash_at:
            raise RuntimeError("power cut")
        return real(**event)

    monkeypatch.setattr("concours.platform.record.domain.append", crash)
    with pytest.raises(RuntimeError):
        take_in(files)
    assert set(stored().values()) == {0}


def test_reviewer_names_are_not_shown_to_the_public(files, client):
    take_in(files)
    page = client.get("/seasons/given/")
    assert page.status_code == 200
    for address in ("/seasons/given/", "/api/v1/seasons/given"):
        text = client.get(address).content.decode()
        assert "ann" not in text.split()
        assert ".invalid" not in text


def test_a_thousand_students_come_out_as_the_engine_says_and_ahead_of_borda(shared):
    path = shared / "peerreview" / "data_n_1000_k_6.csv"
    data = read_judged(rankings=path)
    imported = import_season(actor=ACTOR, data=data, slug="students")

    found = agreement(imported, data, read_truth("by-id", data))
    named = read_rankings(path)
    estimate = dict(zip(named.entries, consensus(named.reviews).estimate, strict=True))
    stored_estimates = dict(
        Standing.objects.filter(snapshot=imported.snapshot).values_list("entry__title", "estimate")
    )
    assert len(data.entries) == 1_000
    assert found.borda == pytest.approx(0.9344, abs=0.0005)
    assert found.standings == pytest.approx(0.9512, abs=0.01)
    # The engine's estimates but for what a twentieth of the reviewers wrote: own reviews are out.
    assert imported.snapshot.folds == 20
    stored = [stored_estimates[f"Entry {name}"] for name in estimate]
    assert pearsonr(stored, list(estimate.values())).statistic > 0.99
    assert fmean(abs(a - b) for a, b in zip(stored, estimate.values(), strict=True)) < 0.06
