"""Figures of health: a history whose answers are known, and what hostile ones cannot do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concours.clones import Commit, Tag
from concours.contribution import (
    CloneRefused,
    Code,
    Health,
    History,
    Limits,
    Month,
    Organisation,
    Retention,
    Year,
    absence_factor,
    health_of,
    is_bot,
    read_history,
)
from tests.factories.clones import CloneMaker, run_git

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DAY = 86_400


def seconds(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, 12, tzinfo=UTC).timestamp())


def known() -> CloneMaker:
    """Ada came first and stayed, Bo went, Cy is new and writes from two addresses; a robot."""
    maker = CloneMaker()
    maker.commit(
        {".mailmap": "Cy Tan <cy@acme.example> <cy@home.example>\n"},
        author="Ada", email="ada@acme.example", at=seconds(2024, 3, 5),
    )  # fmt: skip
    maker.commit({}, author="Bo", email="bo@other.example", at=seconds(2024, 6, 1))
    maker.tag("v0.1.0", at=seconds(2024, 6, 2))
    maker.commit({}, author="Bo", email="BO@other.example", at=seconds(2024, 7, 1))
    maker.commit({}, author="Ada", email="ada@acme.example", at=seconds(2025, 2, 1))
    maker.commit({}, author="Cy", email="cy@home.example", at=seconds(2025, 10, 10))
    maker.commit({}, author="Cy Tan", email="cy@acme.example", at=seconds(2025, 11, 1))
    maker.commit({}, author="Di", email="di@gmail.com", at=seconds(2025, 11, 2))
    maker.commit(
        {}, author="dependabot[bot]", email="49+dep@users.example", at=seconds(2025, 11, 3)
    )
    maker.commit({}, author="Ada", email="ada@acme.example", at=seconds(2025, 11, 4), merges=1)
    maker.tag("v1.0.0", at=seconds(2025, 11, 5))
    maker.tag("nightly-2025", at=seconds(2025, 12, 5))
    maker.commit({}, author="Ada", email="ada@acme.example", at=seconds(2027, 1, 1))
    return maker


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    return read_history(known().make(tmp_path_factory.mktemp("known") / "clone"))


def test_the_figures_of_a_known_history(history: History) -> None:
    health = health_of(history, at=NOW)

    assert health == Health(
        at=NOW,
        commits=7,
        authors=4,
        merges=1,
        bots=1,
        left_out=1,
        commits_365=4,
        active_90=2,
        active_365=3,
        absence_factor=1,
        organisations=1,
        named=(Organisation(domain="acme.example", authors=2, commits=3),),
        days_since_commit=59,
        releases=2,
        releases_365=1,
        days_since_release=56,
        retention=Retention(newcomers=2, stayed=1),
        months=health.months,
        years=(
            Year(year=2024, releases=1),
            Year(year=2025, releases=1),
            Year(year=2026, releases=0),
        ),
    )
    assert [one for one in health.months if one.commits] == [
        Month(month="2024-03", commits=1, authors=1, newcomers=1),
        Month(month="2024-06", commits=1, authors=1, newcomers=1),
        Month(month="2024-07", commits=1, authors=1, newcomers=0),
        Month(month="2025-02", commits=1, authors=1, newcomers=0),
        Month(month="2025-10", commits=1, authors=1, newcomers=1),
        Month(month="2025-11", commits=2, authors=2, newcomers=1),
    ]
    assert [one.month for one in health.months][:: len(health.months) - 1] == ["2024-03", "2026-01"]


def test_the_moment_alone_decides_what_is_new(history: History) -> None:
    before = health_of(history, at=datetime(2024, 6, 15, tzinfo=UTC))
    after = health_of(history, at=datetime(2030, 1, 1, tzinfo=UTC))

    assert (before.commits, before.authors, before.releases, before.absence_factor) == (2, 2, 1, 1)
    assert (after.commits, after.active_365, after.absence_factor) == (8, 0, 0)
    assert len(after.months) == 60


def test_the_worked_example_of_chaoss() -> None:
    assert absence_factor([1000, 202, 90, 33, 332, 343, 42, 433]) == 2


@pytest.mark.parametrize(
    ("numbers", "factor"),
    [([], 0), ([0], 0), ([5], 1), ([1, 1], 1), ([1, 1, 1], 2), ([2, 1, 1], 1)],
)
def test_half_is_enough(numbers: list[int], factor: int) -> None:
    assert absence_factor(numbers) == factor


@pytest.mark.parametrize(
    ("author", "email", "bot"),
    [
        ("dependabot[bot]", "x@y.example", True),
        ("openeuler-ci-bot", "george@openeuler.example", True),
        ("K8s CI Robot", "k8s@example.org", True),
        ("Ada", "renovate-bot@example.org", True),
        ("Ada Talbot", "talbot@example.org", False),
        ("Robota", "robota@example.org", False),
        ("", "", False),
    ],
)
def test_who_is_marked_as_a_machine(author: str, email: str, *, bot: bool) -> None:
    assert is_bot(commit(author=author, email=email)) is bot


def test_an_empty_history_has_figures_too() -> None:
    health = health_of(History(head="0" * 40, commits=[], tags=[]), at=NOW)

    assert (health.commits, health.absence_factor, health.months, health.years) == (0, 0, (), ())
    assert health.days_since_commit is health.days_since_release is None


def test_an_organisation_of_one_is_counted_and_not_named() -> None:
    commits = [commit(email="eve@eves-own.example"), commit(email="x@gmail.com")]

    health = health_of(History(head="0" * 40, commits=commits, tags=[]), at=NOW)

    assert (health.organisations, health.named) == (1, ())


def test_no_commit_is_counted_that_cannot_be_dated() -> None:
    commits = [commit(at=None), commit(at=int(NOW.timestamp()) + 1), commit()]

    health = health_of(History(head="0" * 40, commits=commits, tags=[]), at=NOW)

    assert (health.commits, health.left_out) == (1, 2)


def test_a_clone_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CloneRefused) as raised:
        read_history(tmp_path)

    assert raised.value.code is Code.NO_REPOSITORY


def test_a_mailmap_that_leads_elsewhere_is_no_way_in(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("Stolen <stolen@example.org> <ada@concours.dev>\n")
    clone = CloneMaker().commit({".mailmap": str(secret)}, mode="120000").make(tmp_path / "clone")
    run_git("config", "mailmap.file", str(secret), folder=clone)

    found = read_history(clone)

    assert [one.email for one in found.commits] == ["ada@concours.dev"]


@pytest.mark.parametrize("content", [b"\xff\x00\xfe<", b"<" * 100_000, b"A <a@b> <\n" * 5_000])
def test_a_broken_mailmap_joins_nobody(tmp_path: Path, content: bytes) -> None:
    clone = CloneMaker().commit({".mailmap": content}).make(tmp_path / "clone")

    assert [one.author for one in read_history(clone).commits] == ["Ada Lee"]


def test_a_history_beyond_the_bound_is_refused(tmp_path: Path) -> None:
    clone = CloneMaker().commit({}).commit({}).make(tmp_path / "clone")

    with pytest.raises(CloneRefused) as raised:
        read_history(clone, limits=Limits(max_commits=1))

    assert raised.value.code is Code.TOO_MANY_COMMITS


def commit(
    *, author: str = "Ada", email: str = "ada@acme.example", at: int | None = 1_760_000_000
) -> Commit:
    return Commit("0" * 40, (), author, email, at, at, signed_off=False)


COMMITS = st.builds(
    commit,
    email=st.sampled_from(["a@x.example", "b@x.example", "c@y.example", "d@qq.com", "", "e"]),
    at=st.none() | st.integers(int(NOW.timestamp()) - 1500 * DAY, int(NOW.timestamp()) + 90 * DAY),
)
TAGS = st.builds(
    Tag,
    st.sampled_from(["v1", "v1.2.3", "nightly-1", "x", "release-2"]),
    annotated=st.booleans(),
    made_at=st.none() | st.integers(1, int(NOW.timestamp()) + DAY),
    signature=st.just(""),
)


@given(
    commits=st.lists(COMMITS, max_size=40),
    tags=st.lists(TAGS, max_size=6),
    shift=st.integers(0, 2000),
)
def test_what_holds_of_every_history(commits: list[Commit], tags: list[Tag], shift: int) -> None:
    at = NOW - timedelta(days=shift)
    health = health_of(History(head="0" * 40, commits=commits, tags=tags), at=at)

    assert health == health_of(
        History(head="0" * 40, commits=commits[::-1], tags=tags[::-1]), at=at
    )
    assert health.commits + health.left_out + health.merges + health.bots == len(commits)
    assert health.active_90 <= health.active_365 <= health.authors <= health.commits
    assert health.absence_factor <= health.active_365
    assert (health.absence_factor == 0) == (health.commits_365 == 0)
    assert sum(one.commits for one in health.months) == health.commits
    assert sum(one.newcomers for one in health.months) == health.authors
    assert all(one.newcomers <= one.authors <= one.commits for one in health.months)
    assert health.retention.stayed <= health.retention.newcomers
    assert health.releases_365 <= health.releases
    assert all(one.authors >= 2 for one in health.named)
