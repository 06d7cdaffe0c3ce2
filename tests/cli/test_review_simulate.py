"""`concours review simulate`: the study of the Python API, as tables, words and pictures."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from concours.peerreview.simulation import MallowsWorlds, recommend, study
from tests.cli.reviewing import read, refused, run

SMALL = ("simulate", "--entries", "40", "--worlds", "2", "--gain-worlds", "1", "--seed", "aa")


@pytest.fixture(autouse=True)
def _at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_study_is_that_of_python_with_its_recommendation() -> None:
    words = ("--size", "6", "-k", "5", "--parts", "1,3", "--bad", "reversed=0.2", "--out", "all")
    told = run(*SMALL, *words).stdout
    expected = study(
        entries=40,
        size=6,
        seed=b"\xaa",
        reviews_per_entry=(5,),
        parts=(1, 3),
        behaviours=[{"reversed": 0.2}],
        worlds=2,
        gain_worlds=1,
    )
    rows = read("all/study.csv")
    assert [float(x["recall"]) for x in rows] == [row.recall for row in expected.rows]
    assert [x["selection"] for x in rows] == [row.selection for row in expected.rows]
    flags = read("all/screening.csv")
    assert [float(x["flagged"]) for x in flags] == [row.flagged for row in expected.screening]
    advice = recommend(expected)
    assert advice.message in " ".join(told.split())
    facts = json.loads(Path("all/study.json").read_text())
    assert facts["recommendation"]["selection"] == advice.selection


def test_rankings_are_simulated_by_mallows() -> None:
    words = ("--world", "mallows", "--phi", "0.3", "-k", "4", "--parts", "1", "--no-screening")
    facts = json.loads(run(*SMALL, *words, "--selection", "borda", "--json").stdout)
    expected = study(
        entries=40,
        seed=b"\xaa",
        reviews_per_entry=(4,),
        parts=(1,),
        selection=("borda",),
        world=MallowsWorlds(phi=0.3),
        worlds=2,
        gain_worlds=1,
        screening=False,
    )
    assert [row["recall"] for row in facts["rows"]] == [row.recall for row in expected.rows]
    assert facts["recommendation"] is None, "borda is not impartial"


def test_the_pictures_of_a_study_are_written() -> None:
    words = ("-k", "5", "--parts", "1", "--bad", "reversed=0.1", "--bad", "reversed=0.3")
    run(*SMALL, *words, "--plot", "p.svg")
    for name in ("p.svg", "p-whiskers.svg", "p-bad.svg", "p-flags.svg"):
        texts = "".join(Xml.fromstring(Path(name).read_bytes()).itertext())  # noqa: S314
        assert len(texts) > 100, name


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("-k", "three"), "--reviews three: whole numbers with commas expected"),
        (("--bad", "reversed"), "--bad reversed: a name and a share expected"),
        (("--bad", "reversed=x"), "a name and a share expected"),
        (("--bad", "clever=0.1"), "clever"),
        (("--bad", "reversed=1.5"), "reversed"),
        (("--world", "flat"), "--world flat: gaussian or mallows"),
        (("--methods", "guess"), "no 'guess'"),
        (("--size", "40"), "size"),
        (("-k", "50"), "lower reviews per entry to 39"),
        (("--plot", "p.png"), "SVG file expected"),
    ],
)
def test_simulate_refuses_in_one_line(more: tuple[str, ...], words: str) -> None:
    assert words in refused(*SMALL, *more)
    assert not Path("study.csv").exists()
