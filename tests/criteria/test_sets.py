from __future__ import annotations

from pathlib import Path

import pytest

from concours.criteria import BadSet, Mode, Stage, load_preset, load_set, presets

ROW = """
[[rows]]
code = "A1"
chapter = "one"
stage = "graduated"
mode = "machine"
check = "contributors"
parameters = { least = 7 }
text = "Enough people."
text_zh = "人数足够。"
"""
SET = """format = 1
slug = "mine"
version = "3"
title = "Mine"
title_zh = "我的"
source = "ours"
note = "ours"
note_zh = "我们的"

[[chapters]]
key = "one"
title = "One"
title_zh = "一"
"""


@pytest.mark.parametrize(
    ("slug", "chapters", "stage", "musts", "others"),
    [
        ("open-atom", 10, Stage.INCUBATING, 4, 0),
        ("open-atom", 10, Stage.GRADUATED, 40, 5),
        ("apache-maturity", 7, Stage.GRADUATED, 34, 0),
        ("cncf-incubation", 6, Stage.INCUBATING, 32, 12),
        ("cncf-graduation", 6, Stage.GRADUATED, 44, 3),
        ("openharmony", 6, Stage.GRADUATED, 30, 0),
    ],
)
def test_a_preset_has_the_rows_of_its_source(
    slug: str, chapters: int, stage: Stage, musts: int, others: int
) -> None:
    criteria = load_preset(slug)

    rows = criteria.for_stage(stage)
    assert len(criteria.chapters) == chapters
    assert sum(row.must for row in rows) == musts
    assert len(rows) - musts == others


def test_what_is_not_confirmed_is_marked() -> None:
    criteria = load_preset("open-atom")

    confirmed = {row.code for row in criteria.rows if row.confirmed}

    assert confirmed == {*(f"OA-CD-{n}0" for n in range(1, 7)), "OA-PR-10"}
    assert all(row.clause == row.code for row in criteria.rows if row.confirmed)


@pytest.mark.parametrize("slug", presets())
def test_every_row_of_a_preset_says_something_of_its_own_in_both_languages(slug: str) -> None:
    criteria = load_preset(slug)

    assert len({row.text for row in criteria.rows}) == len(criteria.rows)
    assert len({row.text_zh for row in criteria.rows}) == len(criteria.rows)
    assert all(any("\u4e00" <= one <= "\u9fff" for one in row.text_zh) for row in criteria.rows)
    assert all((row.mode is Mode.PERSON) == (not row.check) for row in criteria.rows)


def test_a_set_is_read_with_its_parameters(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(SET + ROW, encoding="utf-8")

    criteria = load_set(path)

    (row,) = criteria.rows
    assert row.parameters == {"days": 365, "least": 7}
    assert (row.must, row.weight, row.valid_days) == (True, 1, 365)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('check = "contributors"', 'check = "guess"', "'guess' is no check"),
        ("least = 7", "lest = 7", "lest: is not a known key"),
        ("least = 7", 'least = "7"', "least"),
        ('mode = "machine"', 'mode = "person"', "does not go with the mode person"),
        ('check = "contributors"\nparameters = { least = 7 }', "", "does not go with the mode"),
        ('chapter = "one"', 'chapter = "two"', "'two' is no chapter"),
        ('stage = "graduated"', 'stage = "famous"', "'famous' is not known"),
        ('code = "A1"', 'code = "a 1"', "'a 1' is no code"),
        ('text = "Enough people."', "", "rows[1].text: is missing"),
        ("format = 1", "format = 2", "newer than this Concours"),
        (ROW, ROW + ROW, "'A1' is there twice"),
        (ROW, "", "names no row"),
        ("[[rows]]", "[[rows", "is not TOML"),
    ],
)
def test_a_fault_names_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text((SET + ROW).replace(old, new), encoding="utf-8")

    with pytest.raises(BadSet) as raised:
        load_set(path)

    assert said in str(raised.value)


def test_an_unknown_set_is_answered_with_those_there_are() -> None:
    with pytest.raises(BadSet, match="open-atom"):
        load_preset("../open-atom")
