"""`concours review screen`: flags by id, the same as the Python API's."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from concours.peerreview import ReviewSet, simulate
from concours.peerreview.screening import screen
from tests.cli.reviewing import read, refused, run, write, written_reviews

N = 60
NAMES = [f"team-{i:02d}" for i in range(N)]
BAD = 7


@pytest.fixture(autouse=True)
def _at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def with_a_liar() -> ReviewSet:
    made = simulate.gaussian_world(N, 10, seed=b"screen", noise_sd=0.5).reviews
    score = np.where(made.reviewer == BAD, -made.score, made.score)
    reviews = ReviewSet(
        n_entries=N, n_reviewers=N, reviewer=made.reviewer, entry=made.entry, score=score
    )
    written_reviews("r.csv", reviews, NAMES)
    return reviews


def test_a_reversed_reviewer_is_flagged_by_id_as_in_python() -> None:
    reviews = with_a_liar()
    told = run("screen", "r.csv", "--seed", "aa", "--out", "all").stdout
    assert f"Reviewer {NAMES[BAD]} scores against the rest" in told
    assert "proves nothing" in told
    expected = screen(reviews, seed=b"\xaa", reviewer_entry=np.arange(N))
    flags = read("all/flags.csv")
    assert [x["kind"] for x in flags] == [flag.kind for flag in expected.flags]
    assert [float(x["p_value"]) for x in flags] == [flag.p_value for flag in expected.flags]
    assert flags[0]["reviewers"] == NAMES[BAD]
    assert len(read("all/tests.csv")) == len(expected.tests)
    facts = json.loads(Path("all/screening.json").read_text())
    assert facts["limits"]
    assert facts["flags"][0]["evidence"] == expected.flags[0].evidence


def test_times_comments_and_wishes_may_come_beside() -> None:
    reviews = with_a_liar()
    pairs = zip(reviews.reviewer.tolist(), reviews.entry.tolist(), strict=True)
    rows = [
        f"{NAMES[r]},{NAMES[e]},{3 if r == 5 else 300 + 7 * (i % 40)},note {i}"
        for i, (r, e) in enumerate(pairs)
    ]
    write("more.csv", "reviewer,entry,seconds,comment", *rows[::-1])
    words = ("screen", "r.csv", "--seconds", "more.csv", "--comments", "more.csv", "--json")
    facts = json.loads(run(*words).stdout)
    assert {tuple(f["reviewers"]) for f in facts["flags"] if f["kind"] == "haste"} == {(NAMES[5],)}
    ran = {test["kind"]: test["ran"] for test in facts["tests"]}
    assert ran["haste"]
    assert ran["copied-comments"]
    assert not ran["bids"]


def test_owners_come_from_a_table_or_an_assignment() -> None:
    with_a_liar()
    write("who.csv", "id,entry", *(f"{name}," for name in NAMES))
    tests = {t["kind"]: t for t in json.loads(run("screen", "r.csv", "--json").stdout)["tests"]}
    assert tests["down-scoring"]["tested"] > 0
    told = run("screen", "r.csv", "--reviewers", "who.csv", "--json").stdout
    tests = {t["kind"]: t for t in json.loads(told)["tests"]}
    assert tests["down-scoring"]["tested"] == 0


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--level", "0.9"), "level"),
        (("--detector", "palmistry"), "palmistry"),
        (("--seconds", "bad.csv"), "bad.csv:2: no reviewer 'nobody' in REVIEWS"),
        (("--seconds", "own.csv"), "own.csv:2: no such review"),
        (("--seconds", "word.csv"), "word.csv:2: seconds 'x' is not a number"),
        (("--comments", "own.csv"), "own.csv:1: no column 'comment'"),
        (("--reviewers", "few.csv"), "few.csv: reviewer 'team-00' is missing"),
        (("--reviewers", "few.csv", "--assignment", "few.csv"), "give one"),
    ],
)
def test_screen_refuses_in_one_line(more: tuple[str, ...], words: str) -> None:
    reviews = with_a_liar()
    write("bad.csv", "reviewer,entry,seconds", "nobody,team-01,4")
    write("own.csv", "reviewer,entry,seconds", "team-01,team-01,4")
    first = f"{NAMES[reviews.reviewer[0]]},{NAMES[reviews.entry[0]]}"
    write("word.csv", "reviewer,entry,seconds", f"{first},x")
    write("few.csv", "id,entry", "team-01,team-01")
    assert words in refused("screen", "r.csv", *more)
