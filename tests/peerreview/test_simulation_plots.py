"""Pictures of studies: the same bytes, text as text, and a clear word without matplotlib."""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest

from concours.peerreview import BadInput
from concours.peerreview.simulation import Study, plots, study
from concours.peerreview.simulation.svg import COLOURS

SPACE = "{http://www.w3.org/2000/svg}"
Plot = Callable[[Study], str]
PLOTS: dict[str, Plot] = {
    "recall_by_reviews": plots.recall_by_reviews,
    "recall_by_bad_share": plots.recall_by_bad_share,
    "whiskers": plots.whiskers,
    "flags": plots.flags,
}


@pytest.fixture(scope="module")
def made() -> Study:
    pytest.importorskip("matplotlib", reason="the extra `reports` is not installed")
    return study(
        entries=24, seed=b"p", reviews_per_entry=(3, 5), parts=(1, 2), methods=("mean",),
        selection=("exact-dollar-partition", "borda"), worlds=3, gain_worlds=2,
        behaviours=[{}, {"reversed": 0.25}],
    )  # fmt: skip


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314  (made by the engine)


def words(svg: str) -> str:
    return " ".join("".join(node.itertext()) for node in parsed(svg).iter(f"{SPACE}text"))


@pytest.mark.parametrize("name", PLOTS)
def test_a_picture_is_the_same_again(made: Study, name: str) -> None:
    assert PLOTS[name](made) == PLOTS[name](made)


@pytest.mark.parametrize("name", PLOTS)
def test_a_picture_has_no_date_and_follows_the_page(made: Study, name: str) -> None:
    svg = PLOTS[name](made)

    assert svg.startswith("<svg")
    assert "dc:date" not in svg
    assert "currentColor" in svg
    assert "prefers-color-scheme:dark" in svg
    assert not re.search(r'<svg[^>]* width="', svg)
    root = parsed(svg)
    assert root[0].tag.endswith("title")
    assert root[0].text
    assert root[1].tag.endswith("desc")
    assert root[1].text


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "recall_by_reviews",
            ["reviews an entry", "Recall", "one part", "2 parts", "first by mean", "whiskers"],
        ),
        (
            "recall_by_bad_share",
            ["reviewers who are not honest (%)", "5 reviews an entry, 2 parts"],
        ),
        ("whiskers", ["3 reviews, one part", "exact-dollar-partition (selection)"]),
        ("flags", ["reviewers flagged (%)", "reversed", "honest", "level 1%"]),
    ],
)
def test_text_stays_text(made: Study, name: str, expected: list[str]) -> None:
    found = words(PLOTS[name](made))

    for phrase in expected:
        assert phrase in found


@pytest.mark.parametrize("measure", plots.MEASURES)
def test_every_measure_can_be_shown(made: Study, measure: str) -> None:
    assert plots.MEASURES[measure].split(" (")[0] in words(plots.whiskers(made, measure=measure))


def test_a_method_keeps_its_colour_from_picture_to_picture(made: Study) -> None:
    # The first method of consensus has the first colour; the bad crowd changes nothing.
    for svg in (plots.recall_by_reviews(made), plots.whiskers(made, bad_share=0.25)):
        assert COLOURS[0] in svg


def test_whiskers_are_as_long_as_standard_errors(made: Study) -> None:
    short = plots.whiskers(made)
    longer = Study(
        entries=made.entries, size=made.size, level=made.level,
        rows=tuple(type(r)(**{**vars(r), "recall_se": 3 * r.recall_se}) for r in made.rows),
    )  # fmt: skip

    assert short != plots.whiskers(longer)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda s: plots.whiskers(s, measure="charm"), "no measure 'charm'"),
        (lambda s: plots.whiskers(s, bad_share=0.9), "no method has recall"),
        (lambda s: plots.recall_by_reviews(s, bad_share=0.9), "no such design"),
        (lambda s: plots.recall_by_bad_share(s, reviews_per_entry=99), "no such design"),
        (
            lambda s: plots.recall_by_bad_share(
                Study(entries=24, size=6, level=0.01, rows=tuple(s.where(bad_share=0.0)))
            ),
            "one share",
        ),
        (
            lambda s: plots.flags(Study(entries=24, size=6, level=0.01, rows=s.rows)),
            "nothing was screened",
        ),
    ],
)
def test_what_is_not_there_is_refused(
    made: Study, call: Callable[[Study], str], message: str
) -> None:
    with pytest.raises(BadInput, match=message):
        call(made)


@pytest.mark.parametrize("name", PLOTS)
def test_without_matplotlib_the_extra_is_named(
    made: Study, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def missing(module: str, *rest: Any) -> Any:
        if module.split(".")[0] == "matplotlib":
            raise ImportError(module)
        return real(module, *rest)

    monkeypatch.setattr(builtins, "__import__", missing)

    with pytest.raises(BadInput, match=r"pip install 'concours\[reports\]'"):
        PLOTS[name](made)
