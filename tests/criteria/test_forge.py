"""A forge's data: read as the APIs give it, whatever is wrong with a row."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from concours.cli.criteria import app
from concours.criteria import BadForge, Outcome, Repository, Verdict, read_forge
from tests.criteria.conftest import look
from tests.factories.clones import CloneMaker

AT = datetime(2024, 6, 1, tzinfo=UTC)
API = "https://api.github.com/repos/kite/kite"


def when(days: float) -> str:
    return (AT - timedelta(days=days)).isoformat().replace("+00:00", "Z")


def issue(number: int, days: float = 100, who: str = "ada", **more: Any) -> dict[str, Any]:
    return {"number": number, "user": {"login": who}, "created_at": when(days), **more}


def comment(number: int, days: float, who: str = "bo", **more: Any) -> dict[str, Any]:
    about = {} if "target" in more else {"issue_url": f"{API}/issues/{number}"}
    return {"user": {"login": who}, "created_at": when(days), **about, **more}


def outcome_of(repository: Repository, tmp_path: Path, content: Any, **given: int) -> Outcome:
    path = tmp_path / "forge.json"
    path.write_text(json.dumps(content))
    return look("response-times", replace(repository, at=AT, forge=read_forge(path)), **given)


def test_without_data_nothing_is_known(good: Repository) -> None:
    outcome = look("response-times", good)
    assert outcome.verdict is Verdict.CANNOT_TELL
    assert "--forge" in outcome.mend.en


def test_the_share_and_the_median_of_what_others_answered(good: Repository, tmp_path: Path) -> None:
    content = {
        "issues": [
            issue(1),  # answered after two days
            issue(2),  # answered by the author, a robot and a deleted account alone
            issue(3, pull_request={"url": "x"}, merged_at=when(96), merged_by={"login": "bo"}),
            issue(4, days=5),  # too young
            issue(5, days=500),  # too old
        ],
        "pulls": [issue(3), issue(6)],
        "comments": [
            comment(1, 98),
            comment(1, 99.5, "ada"),
            comment(2, 99, "ada"),
            comment(2, 99, "renovate[bot]"),
            comment(2, 99, "ci", user={"login": "ci", "type": "Bot"}),
            comment(2, 99, user=None),
            comment(6, 99),
        ],
    }

    outcome = outcome_of(good, tmp_path, content, share=75)

    assert outcome.verdict is Verdict.MET
    assert outcome.facts["asked"] == 4
    assert outcome.facts["in_time"] == 3
    assert outcome.facts["median_hours"] == 48
    assert outcome.said.en.startswith("75 % of 4 issues and pull requests")
    assert [place.path for place in outcome.places] == ["issue 2"]
    assert outcome_of(good, tmp_path, content, share=76).verdict is Verdict.NOT_MET


def test_where_most_wait_there_is_no_median(good: Repository, tmp_path: Path) -> None:
    content = [issue(1, comments=[comment(1, 99)]), issue(2), issue(3, comments=2)]
    outcome = outcome_of(good, tmp_path, content)
    assert outcome.facts["median_hours"] == ""
    assert "most wait still" in outcome.said.en


def test_gitee_and_atomgit_are_read(good: Repository, tmp_path: Path) -> None:
    """Names of letters, a target within the comment, numbers of their own for pull requests."""
    content = {
        "issues": [[issue("IA1B2C")], [issue(5)]],
        "pulls": [issue(5)],
        "comments": [
            comment(0, 99, target={"issue": {"number": "IA1B2C"}, "pull_request": None}),
            comment(5, 99, issue_url="", html_url="https://atomgit.com/kite/kite/pulls/5#note_1"),
        ],
    }
    outcome = outcome_of(good, tmp_path, content)
    assert (outcome.facts["asked"], outcome.facts["answered"]) == (3, 2)
    assert [place.path for place in outcome.places] == ["issue 5"]


def test_what_comes_after_the_moment_looked_at_is_not_known_yet(
    good: Repository, tmp_path: Path
) -> None:
    outcome = outcome_of(good, tmp_path, [issue(1, comments=[comment(1, -1)]), issue(2, days=-2)])
    assert (outcome.facts["asked"], outcome.facts["answered"]) == (1, 0)


def test_nothing_was_asked(good: Repository, tmp_path: Path) -> None:
    assert outcome_of(good, tmp_path, []).verdict is Verdict.CANNOT_TELL


def test_broken_rows_are_told_and_left_out(tmp_path: Path) -> None:
    path = tmp_path / "forge.json"
    rows = [
        "text", {}, issue(1, created_at="soon"), issue(2, created_at="2024-01-01T00:00:00"),
        issue(3, user="ada"), issue(number=True), issue(4, created_at=5), {"number": 5}, issue(6),
        issue(7, user={"login": ["x"]}),
    ]  # fmt: skip
    path.write_text(json.dumps({"issues": rows, "comments": [{}, comment(6, 99), [None]]}))

    found = read_forge(path)

    assert [one.number for one in found.asked] == ["6"]
    assert len(found.asked[0].answers) == 1
    assert {fault.place for fault in found.unread} == {
        *(f"issues[{number}]" for number in range(10) if number != 8), "comments[0]", "comments[2]",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "no JSON"),
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("5", "give an object"),
        ('{"comments": []}', "give an object"),
        ('{"issues": {}}', "issues is no list"),
    ],
)
def test_what_is_no_such_file(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "forge.json"
    path.write_text(content)
    with pytest.raises(BadForge, match=told):
        read_forge(path)


def test_no_file_at_all(tmp_path: Path) -> None:
    with pytest.raises(BadForge, match="No such file"):
        read_forge(tmp_path / "nothing")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("2024-01-01T00:00Z"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "issues pulls comments number user author login created_at issue_url target".split()
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(content=_JSON)
def test_whatever_is_in_it_is_read_or_told(
    content: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("forge") / "forge.json"
    path.write_text(json.dumps(content))
    try:
        found = read_forge(path)
    except BadForge:
        return
    assert all(at >= one.at for one in found.asked for at in one.answers)


def test_the_command_tells_what_it_could_not_read(tmp_path: Path) -> None:
    clone = CloneMaker().commit({"a": "b"}).make(tmp_path / "kite")
    path = tmp_path / "forge.json"
    path.write_text(json.dumps([{}, issue(1, comments=[comment(1, 99)])]))
    run = CliRunner().invoke(
        app,
        ["check", str(clone), "--set", "openharmony", "--at", "2024-06-01", "--forge", str(path)],
        env={"COLUMNS": "200"},
    )

    assert "1 rows could not be read" in run.stderr
    assert "issues[0]" in run.stderr
    assert "100 % of 1 issues" in run.stdout


@pytest.mark.parametrize("option", ["--forge", "--keys"])
def test_the_command_names_a_file_that_is_not_there(tmp_path: Path, option: str) -> None:
    clone = CloneMaker().commit({"a": "b"}).make(tmp_path / "kite")
    run = CliRunner().invoke(app, ["check", str(clone), option, str(tmp_path / "nothing")])
    assert run.exit_code == 2
    assert "No such file" in run.stderr
