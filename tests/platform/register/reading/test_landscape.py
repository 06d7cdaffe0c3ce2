from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concours.platform.register.reading import SourceFile, Step, read_landscape

DAYS = ("accepted", "incubating", "graduated", "archived")


def landscape(*found: Any) -> bytes:
    """Items as a landscape file; JSON is YAML."""
    part = {"subcategory": None, "name": "Parts", "items": list(found)}
    category = {"category": None, "name": "Runtime", "subcategories": [part]}
    return json.dumps({"landscape": [category]}, indent=1).encode()


def item(level: str, **extra: str) -> dict[str, Any]:
    return {"item": None, "name": "Kite", "project": level, "extra": extra}


def read(*found: Any):
    return read_landscape([SourceFile("landscape.yml", landscape(*found))])


def steps(*found: Any) -> list[tuple[str, str]]:
    (kite,) = read(*found).projects
    return [(step.stage, str(step.on or "")) for step in kite.steps]


def test_a_project_with_its_levels_days_area_and_address():
    found = item(
        "graduated", accepted="2018-01-01", incubating="2019-01-01", graduated="2020-01-01"
    )
    found["homepage_url"] = "https://kite.example/"

    (kite,) = read(found).projects

    assert (kite.slug, kite.area, kite.homepage) == ("kite", "Runtime", "https://kite.example/")
    assert kite.steps == (
        Step(stage="preparation", on=date(2018, 1, 1)),
        Step(stage="incubating", on=date(2019, 1, 1)),
        Step(stage="graduated", on=date(2020, 1, 1)),
    )


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (item("sandbox", accepted="2018-01-01"), [("preparation", "2018-01-01")]),
        (
            item("incubating", accepted="2018-01-01", incubating="2018-01-01"),
            [("incubating", "2018-01-01")],
        ),
        (
            item("archived", accepted="2018-01-01", archived="2018-01-01"),
            [("preparation", "2018-01-01"), ("archived", "2018-01-01")],
        ),
        (item("sandbox"), [("preparation", "")]),
        (
            item("graduated", accepted="2018-01-01", incubating="2019-01-01"),
            [("preparation", "2018-01-01"), ("incubating", "2019-01-01"), ("graduated", "")],
        ),
    ],
)
def test_what_the_days_tell(found, expected):
    assert steps(found) == expected


def test_days_without_quotes_are_days():
    text = (
        "landscape:\n- name: A\n  subcategories:\n  - items:\n"
        "    - item:\n      name: Kite\n      project: sandbox\n      extra: {accepted: 2018-01-01}"
    )
    (kite,) = read_landscape([SourceFile("l.yml", text.encode())]).projects
    assert kite.steps == (Step(stage="preparation", on=date(2018, 1, 1)),)


def test_a_stage_skipped_in_the_source_is_kept_and_told():
    reading = read(item("graduated", accepted="2018-01-01", graduated="2020-01-01"))

    assert [step.stage for step in reading.projects[0].steps] == ["preparation", "graduated"]
    (remark,) = reading.remarks
    assert remark.reason == "goes from preparation to graduated at once; kept so"
    assert reading.unread == []


def test_products_of_members_are_passed_over():
    reading = read(item("sandbox", accepted="2018-01-01"), {"item": None, "name": "Product"})
    assert len(reading.projects) == 1
    assert reading.passed_over == 1
    assert reading.unread == []


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (item("famous"), "'famous' is no level"),
        (item("sandbox", accepted="yesterday"), "extra.accepted: 'yesterday' is no date"),
        (
            item("incubating", accepted="2019-01-01", incubating="2018-01-01"),
            "wrong order: incubating 2018-01-01 is before accepted 2019-01-01",
        ),
        (
            item("sandbox", accepted="2018-01-01", archived="2019-01-01"),
            "its level is preparation, and it has a day for archived",
        ),
        ({"name": "", "project": "sandbox"}, "has no name"),
        ({"name": "风筝", "project": "sandbox"}, "no short name"),
        (["a", "list"], "has no name"),
    ],
)
def test_a_broken_item_is_told_with_its_line_and_the_others_are_read(found, reason):
    good = {**item("sandbox", accepted="2018-01-01"), "name": "Sail"}
    reading = read(good, found)

    assert [one.name for one in reading.projects] == ["Sail"]
    (unread,) = reading.unread
    assert unread.line > 10
    assert reason in unread.reason


def test_an_address_that_would_run_is_left_out():
    reading = read(
        {**item("sandbox", accepted="2018-01-01"), "homepage_url": "javascript:alert(1)"}
    )
    assert reading.projects[0].homepage == ""
    assert reading.remarks[0].reason == "its home page is no web address; left out"


def test_a_chinese_name_takes_its_short_name_from_the_repository():
    found = {**item("sandbox", accepted="2018-01-01"), "name": "风筝"}
    found["repo_url"] = "https://example.org/acme/kite"
    assert read(found).projects[0].slug == "kite"


BOMB = b"a: &a [x, x]\nb: &b [*a, *a]\nlandscape: [*b, *b]\n"


@pytest.mark.parametrize(
    ("content", "reason", "line"),
    [
        (BOMB, "has an alias", 2),
        (b"[" * 100_000, "nested more than 20 deep", 1),
        (b"{a: " * 100_000, "nested more than 20 deep", 1),
        (b"a: b: c", "no YAML", 1),
        (b"--- {a: 1}\n--- {b: 1}", "no YAML", 2),
        (b"a: \x00", "no YAML", 0),
        (b"", "has no list named landscape", 0),
        (b"landscape", "has no list named landscape", 0),
        (b"\xff", "not UTF-8", 0),
    ],
)
def test_files_of_strangers_are_refused_whole(content, reason, line):
    reading = read_landscape([SourceFile("l.yml", content)])
    (unread,) = reading.unread
    assert reason in unread.reason
    assert unread.line == line
    assert reading.projects == []


def test_tags_make_no_objects():
    text = b"landscape: !!python/object/apply:os.system ['touch /tmp/never']"
    assert read_landscape([SourceFile("l.yml", text)]).projects == []


days = st.dates(date(2015, 1, 1), date(2026, 1, 1)).map(str)


@given(
    level=st.sampled_from(["sandbox", "incubating", "graduated", "archived"]),
    extra=st.fixed_dictionaries({}, optional=dict.fromkeys(DAYS, days)),
)
def test_whatever_the_days_a_history_is_in_order_and_ends_at_its_level(level, extra):
    reading = read(item(level, **extra))

    assert len(reading.projects) + len(reading.unread) == 1
    for history in reading.projects:
        known = [step.on for step in history.steps if step.on]
        assert known == sorted(known)
        assert history.stage == ("preparation" if level == "sandbox" else level)
        stages = [step.stage for step in history.steps]
        assert len(stages) == len(set(stages))
