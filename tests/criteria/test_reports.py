from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from concours.criteria import (
    BadReport,
    Repository,
    State,
    Verdict,
    check_repository,
    load_preset,
    read_report,
    to_json,
)
from concours.criteria.page import to_html
from concours.criteria.report import digest_of
from tests.factories.clones import CloneMaker

Read = Callable[[CloneMaker], Repository]


def test_the_good_project_waits_for_people_alone(good: Repository) -> None:
    report = check_repository(good, load_preset("open-atom"), stage="graduated")

    counts = report.counts()
    assert report.failed == []
    assert counts[State.NOT_MET] == 0
    assert counts[State.MET] + counts[State.WAITS] == 44
    assert counts[State.CANNOT_TELL] == 1  # its tags are signed, and it publishes no keys


def test_rows_that_both_judge_are_not_met_by_a_machine_alone(good: Repository) -> None:
    report = check_repository(good, load_preset("apache-maturity"))

    (row,) = [one for one in report.results if one.row.code == "CD30"]
    assert row.outcome is not None
    assert row.outcome.verdict is Verdict.MET
    assert row.state is State.WAITS


def test_equal_clones_give_equal_bytes(good: Repository) -> None:
    criteria = load_preset("openharmony")

    assert to_json(check_repository(good, criteria)) == to_json(check_repository(good, criteria))


def test_a_report_is_read_back_with_its_digest(good: Repository) -> None:
    criteria = load_preset("open-atom")
    report = check_repository(good, criteria, stage="graduated", clone=Path("/x/good.git"))

    stored = read_report(to_json(report).encode())

    assert (stored.criteria, stored.version, stored.stage) == ("open-atom", "1", "graduated")
    assert stored.criteria_digest == criteria.digest
    assert (stored.repository, stored.head, stored.at) == ("good", good.head, good.at)
    assert {row.code for row in stored.rows} == {
        one.row.code for one in report.results if one.row.check
    }


@pytest.mark.parametrize("key", ["head", "verdict", "said"])
def test_a_changed_report_is_refused(good: Repository, key: str) -> None:
    content = json.loads(to_json(check_repository(good, load_preset("open-atom"))))
    if key == "head":
        content["repository"]["head"] = "0" * 40
    else:
        content["rows"][0]["outcome"][key] = "met" if key == "verdict" else {"en": "x", "zh": "x"}
        content["rows"][0]["outcome"]["facts"]["new"] = 1

    with pytest.raises(BadReport, match="was changed"):
        read_report(json.dumps(content).encode())


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "no JSON"),
        (b"[]", "no report"),
        (b"[" * 100_000, "no JSON"),
        (b'{"format": "concours-criteria-report/2"}', "no report"),
        (b" " * (5 * 2**20), "more than"),
    ],
)
def test_what_is_no_report_is_refused(raw: bytes, said: str) -> None:
    with pytest.raises(BadReport, match=said):
        read_report(raw)


def test_a_report_with_its_digest_right_and_parts_wrong_is_refused(good: Repository) -> None:
    content = json.loads(to_json(check_repository(good, load_preset("open-atom"))))
    content["rows"][0]["outcome"]["verdict"] = "splendid"
    content["digest"] = digest_of(content)

    with pytest.raises(BadReport, match="missing"):
        read_report(json.dumps(content).encode())


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("said", {"en": "half \ud800 a character", "zh": ""}),
        ("places", [{"path": "a", "line": float("inf"), "commit": ""}]),
        ("at", "0001-01-01T00:00:00+14:00"),
        ("at", "9999-12-31T23:59:59-14:00"),
    ],
)
def test_what_no_database_keeps_is_refused(good: Repository, part: str, value: Any) -> None:
    content = json.loads(to_json(check_repository(good, load_preset("open-atom"))))
    (content if part == "at" else content["rows"][0]["outcome"])[part] = value
    content["digest"] = digest_of(content)

    with pytest.raises(BadReport, match="missing"):
        read_report(json.dumps(content).encode())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_names_from_the_clone_are_escaped_in_the_page(read: Read, language: str) -> None:
    maker = CloneMaker().commit({"<script>alert(1)<x>.py": "x = 1\n"})
    report = check_repository(read(maker), load_preset("open-atom"))

    page = to_html(report, language=language)

    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
