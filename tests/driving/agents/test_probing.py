"""What a machine has to shut agents in with is found by trying it."""

from __future__ import annotations

from pathlib import Path

from concours.driving.agents.lockdown import LAYERS
from concours.driving.agents.probing import layers
from tests.driving.agents.running import run
from tests.factories.agents import agent


def test_what_is_told_is_what_an_agent_gets(tmp_path: Path) -> None:
    _, process = run(agent(tmp_path))

    found = layers()

    assert set(found) == set(LAYERS)
    assert found == process.usage.isolation
