"""Reports of health: equal bytes for equal figures, and nothing that was changed is taken."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concours.contribution import BadHealth, History, health_of, read_health, to_json
from concours.contribution.report import digest_of, figures_of, health_from
from tests.contribution.test_health import COMMITS, NOW, TAGS, commit

HEAD = "ab" * 20


def text() -> str:
    health = health_of(History(head=HEAD, commits=[commit()], tags=[]), at=NOW)
    return to_json(health, name="good", head=HEAD)


def resealed(**changes: Any) -> bytes:
    """A report that somebody changed and gave a new digest."""
    content = json.loads(text())
    content["figures"].update(changes.pop("figures", {}))
    content.update(changes)
    content["digest"] = digest_of(content)
    return json.dumps(content).encode()


@given(commits=st.lists(COMMITS, max_size=20), tags=st.lists(TAGS, max_size=5))
def test_what_is_written_is_read_back(commits: list[Any], tags: list[Any]) -> None:
    health = health_of(History(head=HEAD, commits=commits, tags=tags), at=NOW)
    written = to_json(health, name="good", head=HEAD)

    found = read_health(written.encode())

    assert (found.health, found.head, found.repository) == (health, HEAD, "good")
    assert to_json(found.health, name="good", head=HEAD) == written
    assert health_from(figures_of(health), at=NOW) == health


def test_it_names_no_person() -> None:
    assert "ada" not in text().lower()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b" " * (2**20 + 1),
        text().replace('"commits": 1', '"commits": 2').encode(),
        resealed(format="another/1"),
        resealed(at="2026-01-01T00:00:00"),
        resealed(at=7),
        resealed(at="0001-01-01T00:00:00+14:00"),
        resealed(at="9999-12-31T23:59:59-14:00"),
        resealed(repository={"name": "x", "head": "none"}),
        resealed(repository={"name": "a\u202eb", "head": HEAD}),
        resealed(figures={"commits": -1}),
        resealed(figures={"commits": 2**40}),
        resealed(figures={"commits": True}),
        resealed(figures={"more": 1}),
        resealed(figures={"months": [{"month": "2026-13", "commits": 1}]}),
        resealed(figures={"months": [{}] * 61}),
        resealed(figures={"named": [{"domain": "x" * 301, "authors": 2, "commits": 2}]}),
        resealed(figures={"retention": {"newcomers": 1}}),
        b'{"format": "concours-health-report/1"}',
    ],
)
def test_what_is_no_report_is_refused(raw: bytes) -> None:
    with pytest.raises(BadHealth):
        read_health(raw)
