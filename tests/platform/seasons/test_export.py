from __future__ import annotations

import csv
import tomllib
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concours.platform.competitions.models import Entry
from concours.platform.core import clock
from concours.platform.core.actors import System
from concours.platform.core.errors import Refused
from concours.platform.record import domain as record
from concours.platform.review.methods import Methods, methods_of
from concours.platform.review.models import Assignment, Pseudonym, ReviewRound
from concours.platform.seasons import toml_text
from concours.platform.seasons.check import check_folder, read_folder
from concours.platform.seasons.export import export_season
from concours.platform.seasons.imports import import_season
from concours.platform.seasons.judged import read_judged
from concours.platform.seasons.load import load_folder
from tests.factories import competitions, review

ACTOR = System("tests")


def _unordered(project):
    """The areas of a project have no order."""
    return vars(project) | {"areas": set(project.areas)}


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.django_db
def test_a_season_written_back_is_the_season_that_was_loaded(shipped, tmp_path):
    with clock.frozen_at(datetime(2022, 12, 5, tzinfo=UTC)):
        load_folder(actor=ACTOR, folder=shipped)
    export_season(slug="open-atom-2022", to=tmp_path / "out")

    assert check_folder(tmp_path / "out") == []
    with clock.frozen_at(datetime(2022, 12, 5, tzinfo=UTC)):
        again = load_folder(actor=ACTOR, folder=tmp_path / "out")
    assert again.changes == ()
    before, after = read_folder(shipped), read_folder(tmp_path / "out")
    assert after.register.donors == before.register.donors
    assert [_unordered(one) for one in after.register.projects] == [
        _unordered(one) for one in before.register.projects
    ]
    assert [track.rules for track in after.tracks] == [track.rules for track in before.tracks]
    assert [track.pools for track in after.tracks] == [track.pools for track in before.tracks]
    with (tmp_path / "out/record.jsonl").open(encoding="utf-8") as lines:
        assert record.verify_lines(lines).holds


METHODS = """[review]
assignment = "balanced"
selection = "peer-nomination"
cycles_up_to = 3
own_left_out = false
level = 80
"""


@pytest.mark.django_db
def test_methods_of_review_come_with_the_track_and_go_back_with_it(copy, change, tmp_path):
    name = "tracks/carsmos-driving-algorithm"
    change(f"{name}.toml", "[weights]", METHODS + "[weights]")
    with clock.frozen_at(datetime(2023, 1, 20, tzinfo=UTC)):
        load_folder(actor=ACTOR, folder=copy, start_tracks=True)
    round_ = ReviewRound.objects.get(track__slug="carsmos-driving-algorithm")
    expected = Methods(selection="peer-nomination", cycles_up_to=3, own_left_out=False, level=80)
    assert methods_of(round_.params) == expected
    other = ReviewRound.objects.exclude(pk=round_.pk).first()
    assert other is not None
    assert methods_of(other.params) == Methods()

    export_season(slug="open-atom-2022", to=tmp_path / "out")
    written = (tmp_path / f"out/{name}.toml").read_text(encoding="utf-8")
    assert tomllib.loads(written)["review"] == tomllib.loads(METHODS)["review"]
    change(f"{name}.toml", "level = 80", "level = 90")
    with (
        clock.frozen_at(datetime(2023, 1, 20, tzinfo=UTC)),
        pytest.raises(Refused, match="review_methods"),
    ):
        load_folder(actor=ACTOR, folder=copy)


@pytest.mark.django_db
def test_what_has_come_of_it_names_reviewers_by_alias_alone(tmp_path):
    given_reviews = tmp_path / "reviews.csv"
    given_reviews.write_text(
        "reviewer,entry,score\nann,bob,3\nann,cy,5\nbob,ann,1\nbob,cy,4\ncy,ann,2\ncy,bob,\n"
    )
    imported = import_season(actor=ACTOR, data=read_judged(reviews=given_reviews), slug="given")
    names = export_season(slug="given", to=tmp_path / "out")

    data = tmp_path / "out/data/judged"
    assert {"data/judged/entries.csv", "rubrics/given-imported.toml", "record.jsonl"} <= set(names)
    assert check_folder(tmp_path / "out") == []
    assert {row["team"] for row in rows(data / "entries.csv")} == {""}
    alias = dict(Pseudonym.objects.filter(kind="reviewer").values_list("subject_id", "alias"))
    codes = dict(Entry.objects.values_list("pk", "code"))
    expected = {
        (alias[duty.reviewer_id], codes[duty.entry_id], duty.state)
        for duty in Assignment.objects.all()
    }
    assert {tuple(row.values()) for row in rows(data / "assignments.csv")} == expected
    reviews = rows(data / "reviews.csv")
    assert sorted(row["score"] for row in reviews) == ["1", "2", "3", "4", "5"]
    assert [(r["reviewer"], r["entry"]) for r in reviews] == sorted(
        (r["reviewer"], r["entry"]) for r in reviews
    )
    standings = rows(data / "standings.csv")
    assert [int(row["position"]) for row in standings] == [1, 2, 3]
    best = imported.snapshot.standings.get(position=1)
    assert standings[0]["entry"] == best.entry.code
    for path in data.iterdir():
        assert "Reviewer ann" not in path.read_text()


@pytest.mark.django_db
def test_no_spreadsheet_takes_a_strangers_words_for_a_formula(tmp_path):
    formula = '=HYPERLINK("https://evil.example","look")'
    round_ = review.assigned(entries=8, folder=tmp_path)
    entry = round_.track.entries.order_by("pk").first()
    Entry.objects.filter(pk=entry.pk).update(title=formula)
    duty = Assignment.objects.filter(round=round_).order_by("pk").first()
    review.write(duty, comment="@SUM(1+1) and more")

    export_season(slug=round_.track.season.slug, to=tmp_path / "out")

    data = tmp_path / f"out/data/{round_.track.slug}"
    assert {row["title"][:2] for row in rows(data / "entries.csv")} == {"'=", "En"}
    assert rows(data / "reviews.csv")[0]["comment"] == "'@SUM(1+1) and more"


@pytest.mark.django_db
def test_an_unknown_season_is_refused(tmp_path):
    with pytest.raises(Refused) as refused:
        export_season(slug="nothing", to=tmp_path / "out")
    assert refused.value.code == "no-season"
    assert not (tmp_path / "out").exists()


@pytest.mark.django_db
def test_a_folder_that_is_there_is_left_alone(tmp_path):
    season = competitions.season()
    (tmp_path / "out").mkdir()
    with pytest.raises(Refused) as refused:
        export_season(slug=season.slug, to=tmp_path / "out")
    assert refused.value.code == "folder-taken"
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.django_db
def test_a_crash_in_the_middle_leaves_no_folder(tmp_path, monkeypatch):
    season = competitions.season()

    def crash(*args):
        raise RuntimeError("disk full")

    monkeypatch.setattr(record, "export_lines", crash)
    with pytest.raises(RuntimeError):
        export_season(slug=season.slug, to=tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
plain = st.one_of(
    texts.filter(bool), st.integers(-(2**60), 2**60), st.booleans(), st.dates(date(1970, 1, 1)),
    st.datetimes(datetime(1970, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)  # fmt: skip
keys = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
tables = st.recursive(
    st.dictionaries(keys, plain, max_size=4),
    lambda inner: st.dictionaries(
        keys, plain | inner | st.lists(inner.filter(bool), min_size=1, max_size=3), max_size=4
    ),
    max_leaves=12,
)


@given(tables)
def test_written_toml_is_read_back_as_it_was(values):
    assert tomllib.loads(toml_text.table(values)) == values
