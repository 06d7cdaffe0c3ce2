"""Running an agent's file for some steps."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from concours.driving.agents import (
    AgentFailed,
    AgentProcess,
    AgentSpec,
    Control,
    DirectControl,
    Limits,
    Missed,
    Zygote,
)
from tests.factories.agents import limits

Answers = list[Control | DirectControl | Missed]


class Ways:
    """How agents' processes come about in the test that is running: see conftest.py."""

    zygote: Zygote | None = None


def process_of(spec: AgentSpec, given: Limits) -> AgentProcess:
    """An agent's process, afresh or forked, as the test that is running has it."""
    return AgentProcess(spec, given, zygote=Ways.zygote)


def drive(agent: AgentProcess, steps: int = 1) -> Answers:
    """Start it, ask it so many times, let it clean up."""
    agent.start()
    answers = [
        agent.step(frame=i, timestamp=0.05 * i, readings={"speed": (i, {"speed": 1.0 * i})})
        for i in range(steps)
    ]
    agent.stop()
    return answers


def run(file: Path, steps: int = 1, **changed: object) -> tuple[Answers, AgentProcess]:
    """The answers of a well-behaved agent, and the process for its log and usage."""
    with process_of(AgentSpec(path=file), limits(**changed)) as agent:
        return drive(agent, steps), agent


def fail(file: Path, steps: int = 1, *, within: float = 90.0, **changed: object) -> AgentFailed:
    """How an agent failed; it must, and in bounded time."""
    start = time.monotonic()
    with (
        process_of(AgentSpec(path=file), limits(**changed)) as agent,
        pytest.raises(AgentFailed) as caught,
    ):
        drive(agent, steps)
    assert time.monotonic() - start < within
    return caught.value
