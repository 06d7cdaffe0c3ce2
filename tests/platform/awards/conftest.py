from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from concours.platform.awards import models
from concours.platform.awards.domain import jury, machine, movements, pools, results
from concours.platform.record.models import Event

MODULES = (jury, machine, movements, pools, results)


def counts() -> dict[str, Any]:
    """All that awards store, and the record: equal before and after a refusal."""
    stored: dict[str, Any] = {
        name: list(getattr(models, name).objects.order_by("pk").values()) for name in models.__all__
    }
    return {**stored, "events": Event.objects.count()}


@pytest.fixture
def unchanged() -> Callable[[], Any]:
    """A block after which nothing is stored that was not before."""

    @contextmanager
    def block() -> Iterator[None]:
        before = counts()
        yield
        assert counts() == before

    return block


class Crash(Exception):
    """The power fails."""


@pytest.fixture
def crash(monkeypatch: pytest.MonkeyPatch) -> type[Crash]:
    """From now on the record's append fails: the last step of every domain function."""

    def fail(**_anything: Any) -> None:
        raise Crash

    for module in MODULES:
        monkeypatch.setattr(module.record, "append", fail)
    return Crash
