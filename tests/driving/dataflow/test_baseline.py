"""Baselines as dataflows drive as they do in process, bit for bit."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("dora", reason="dora-rs is not installed: the extra `dora`")
pytest.importorskip("dora_cli", reason="dora-rs-cli is not installed: the extra `dora`")

from concours.driving.agents import AgentSpec
from concours.driving.baselines import baseline
from concours.driving.closedloop.loop import Setting
from concours.driving.results import trace_digest
from concours.driving.results.batch import Job, drive_one
from concours.driving.results.manifest import Driven
from tests.factories.agents import limits

SCENARIO = (
    Path(__file__).parents[3] / "seasons/open-atom-2022/driving/scenarios/train12.xosc"
)  # fmt: skip
RUNS = 2


def driven(name: str) -> Driven:
    agent = AgentSpec(path=baseline(name))
    setting = Setting(track="objects")
    return drive_one(
        Job(
            name=name, scenario=SCENARIO, agent=agent, setting=setting, limits=limits(),
            trusted=True,
        )
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", ["follow", "careful"])
def test_the_dataflow_drives_as_the_agent_does(name: str) -> None:
    expected = driven(name)

    made = [driven(f"dora-{name}") for _ in range(RUNS)]

    assert [one.drive.run.fault for one in made] == [""] * RUNS
    for one in made:
        assert one.drive.usage.steps == len(expected.drive.run.controls) > 100
        assert one.drive.run.controls.tobytes() == expected.drive.run.controls.tobytes()
        assert trace_digest(one.drive.run.trace) == trace_digest(expected.drive.run.trace)
        assert one.scores == expected.scores
