from __future__ import annotations

import re
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf

from concours.platform.register import courses
from concours.platform.register.courses import Course, GridRow, Spread
from concours.platform.register.reading import load_files, read_landscape, read_podlings

DAY = date(2020, 1, 1)
TODAY = date(2026, 1, 1)


def course(*steps: tuple[str, int | None], **more) -> Course:
    """Steps as (stage, days after DAY)."""
    dated = tuple((stage, None if n is None else DAY + timedelta(days=n)) for stage, n in steps)
    return Course(stage=dated[-1][0], steps=dated, **more)


WAYS = [
    course(("candidate", 0), ("preparation", 10), ("incubating", 110), ("graduated", 400)),
    course(("preparation", 0), ("incubating", 200), ("archived", 500)),
    course(("preparation", 0), ("archived", 50), ("preparation", 60)),
    course(("incubating", None)),
    Course(stage="candidate", steps=()),
]


def test_the_funnel_tells_what_became_of_those_who_stood_there():
    told = {row.stage: row for row in courses.funnel_of(WAYS)}

    prepared = told["preparation"]
    assert (prepared.stood, prepared.moved_on, prepared.archived, prepared.still) == (3, 2, 0, 1)
    incubated = told["incubating"]
    assert (incubated.stood, incubated.moved_on, incubated.archived) == (3, 1, 1)
    assert (told["candidate"].stood, told["candidate"].still) == (2, 1)
    for row in told.values():
        assert row.stood == row.moved_on + row.archived + row.still


def test_stays_are_measured_and_those_without_days_are_counted():
    told = {row.stage: row for row in courses.stage_times(WAYS, today=TODAY)}

    prepared = told["preparation"]
    assert prepared.left == Spread(number=3, low=75.0, median=100.0, high=150.0)
    assert prepared.still == 1
    assert prepared.unknown == 0
    assert told["incubating"].unknown == 1
    assert "graduated" not in told


def test_the_ways_between_stages_and_from_entry():
    told = {(row.from_stage, row.to_stage): row.spread for row in courses.way_times(WAYS)}

    assert told["preparation", "incubating"].median == 150
    assert told["incubating", "graduated"] == Spread(number=1, low=290, median=290, high=290)
    assert told[courses.ENTRY, "graduated"].median == 400
    assert told[courses.ENTRY, "archived"].median == 275


def test_the_years_have_no_gap():
    rows, undated = courses.years_of([course(("incubating", 0), ("graduated", 800)), *WAYS[3:]])
    assert [(row.year, row.entered, row.graduated) for row in rows] == [
        (2020, 1, 0),
        (2021, 0, 0),
        (2022, 0, 1),
    ]
    assert undated == 2
    assert courses.years_of([]) == ([], 0)


def test_a_grid_has_the_largest_first_and_the_nameless_last():
    pairs = [("", "candidate")] * 9 + [("a", "graduated"), ("b", "archived"), ("b", "candidate")]
    assert courses.grid_of(pairs) == [
        GridRow(slug="b", counts=(1, 0, 0, 0, 1)),
        GridRow(slug="a", counts=(0, 0, 0, 1, 0)),
        GridRow(slug="", counts=(9, 0, 0, 0, 0)),
    ]


def test_without_open_stays_the_estimate_is_a_median_and_open_ones_only_lengthen_it():
    assert courses.median_with_open([1, 2, 3], []) == 2
    assert courses.median_with_open([1, 2, 3], [10, 10]) == 3
    assert courses.median_with_open([1], [10, 10]) is None
    assert courses.median_with_open([], [10]) is None


lengths = st.lists(st.integers(0, 60).map(float), max_size=30)


@given(ended=lengths.filter(len), still=lengths)
def test_the_estimate_is_that_of_scipy(ended, still):
    survival = ecdf(CensoredData(uncensored=ended, right=still)).sf
    below = survival.quantiles[survival.probabilities <= 0.5 + 1e-9]

    found = courses.median_with_open(ended, still)

    # SciPy lists the lengths of open stays too; those change nothing.
    assert found == (None if len(below) == 0 else below[0])


@given(lengths.filter(len))
def test_quartiles_are_those_of_numpy(days):
    found = courses.spread_of(days)
    assert [found.low, found.median, found.high] == pytest.approx(
        list(np.percentile(days, [25, 50, 75]))
    )


def stated(shared) -> list[int]:
    """All numbers of the README's last paragraph, in order."""
    text = (shared / "foundation/README.md").read_text().rpartition("Measured once")[2]
    return [int(one.replace(",", "")) for one in re.findall(r"\d[\d,]*\d|\d", text)]


def measured(reading) -> dict[tuple[str, str], tuple[int, int]]:
    rows = [
        Course(stage=one.stage, steps=tuple((step.stage, step.on) for step in one.steps))
        for one in reading.projects
    ]
    return {
        (row.from_stage, row.to_stage): (row.spread.number, round(row.spread.median))
        for row in courses.way_times(rows)
    }


def test_the_median_times_of_two_registers_are_those_their_readme_states(shared):
    folder = shared / "foundation"
    numbers = stated(shared)
    podlings = measured(
        read_podlings(
            load_files([folder / "podlings_graduated.txt", folder / "podlings_retired.txt"])
        )
    )
    landscape = measured(read_landscape(load_files([folder / "cncf-landscape-projects.yml"])))

    assert podlings["incubating", "graduated"] == (numbers[0], numbers[2]) == (264, 524)
    assert podlings["incubating", "archived"] == (numbers[1], numbers[3]) == (85, 1_024)
    assert landscape["preparation", "incubating"] == (49, 755)
    assert landscape["incubating", "graduated"] == (38, 792)
    assert landscape[courses.ENTRY, "graduated"] == (38, 1_090)
    assert landscape[courses.ENTRY, "archived"] == (28, 1_267)
    assert {755, 49, 792, 1_090, 1_267, 28} <= set(numbers)
