"""Both ways in which an agent's process comes about."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from concours.driving.agents import Zygote
from tests.driving.agents.running import Ways


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    """One that has loaded all that it may load."""
    with Zygote() as made:
        made.for_maps = True
        yield made


@pytest.fixture(params=["afresh", "forked"])
def either_way(
    request: pytest.FixtureRequest, zygote: Zygote, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test is run twice: with processes that are started afresh, and with forked ones."""
    monkeypatch.setattr(Ways, "zygote", zygote if request.param == "forked" else None)
