"""Fixtures of the whole suite."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.cache import caches
from django.db import connection
from django.utils import timezone, translation
from hypothesis import settings

from concours.platform.awards import triggers as movement_triggers
from concours.platform.core import clock
from concours.platform.record import triggers
from tests.lock_order import ORDERED, LockOrder

# How long an example takes says nothing on a machine that others use too.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

SLOW = frozenset(Path(__file__).with_name("slow.txt").read_text().split())
"""Test functions that the last whole run found slow; see scripts/slow_tests.py."""

SPRING = datetime(2023, 2, 1, 12, 0, tzinfo=UTC)
"""A moment of the tests' season in which registration is open."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What was slow in the last whole run is left out of everyday ones."""
    for item in items:
        if item.nodeid.partition("[")[0].partition("@")[0] in SLOW:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """A database of its own for each parallel worker."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> None:  # type: ignore[no-untyped-def]
    """Take the triggers away: transactional tests empty the tables after each test.

    tests/platform/record/test_triggers.py installs them again to show what they refuse.
    """
    with django_db_blocker.unblock():
        triggers.remove(connection)
        movement_triggers.remove(connection)


@pytest.fixture
def spring() -> Iterator[datetime]:
    """The clock stands at SPRING."""
    with clock.frozen_at(SPRING):
        yield SPRING


@pytest.fixture(autouse=True)
def _media(settings, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.EVALUATIONS_DIR = tmp_path / "evaluations"


@pytest.fixture(autouse=True)
def _pages() -> None:
    """Under a frozen clock two tests may make the same record of different rows."""
    caches["pages"].clear()


@pytest.fixture(autouse=True)
def _reader() -> Iterator[None]:
    """The language and the time zone of a page stay with its thread; no test begins with them."""
    yield
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture(autouse=True)
def lock_order(request: pytest.FixtureRequest) -> Iterator[LockOrder]:
    """On PostgreSQL: no act locks a row after the record's head."""
    watched = LockOrder()
    with connection.execute_wrapper(watched):
        yield watched
    if path := os.environ.get("CONCOURS_LOCK_ORDER"):
        with Path(path).open("a") as file:
            file.writelines(f"{table} {function}\n" for table, function in watched.wrong)
    assert request.path.parent.name not in ORDERED or watched.wrong == []


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with third-party data; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("CONCOURS_SHARED", Path(__file__).parents[2] / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip(
            "third-party data is absent: set CONCOURS_SHARED to the folder that holds data/"
        )
    return folder
