"""The baselines in the challenge's scenarios: who arrives, who hits somebody, who keeps off."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from concours.driving.agents import AgentProcess, AgentSpec
from concours.driving.baselines import NAMES, baseline
from concours.driving.challenge import PLANS, Draft, compose
from concours.driving.challenge.events import obstacle
from concours.driving.challenge.ways import NoWay
from concours.driving.closedloop.loop import End
from concours.driving.results import trace_digest
from tests.factories.baselines import Judged, driven, training, written
from tests.factories.challenge import opened

SEEDS = (404, 505)


def empty(number: int) -> Draft:
    """The way of a training scenario, and nobody on it."""
    plan = PLANS[number - 1]
    return replace(plan, events=()).draft(opened()[plan.map_name])


def always_red(folder: Path) -> Path:
    """Training scenario 13 with lights that never change."""
    text = training(13).read_text()
    assert 'state="green"' in text
    file = folder / "red.xosc"
    file.write_text(re.sub(r'state="(green|yellow)"', 'state="red"', text))
    return file


def speed_of(judged: Judged) -> np.ndarray:
    return np.asarray(judged.drive.run.trace.of(judged.drive.run.task.ego, "speed"))


def test_every_name_has_its_file() -> None:
    assert [name for name in NAMES if not baseline(name).is_file()] == []
    with pytest.raises(KeyError):
        baseline("reckless")


def test_still_scores_nothing() -> None:
    stood = driven("still", training(11))
    assert stood.drive.end is End.LATE
    assert stood.scores["concours"].value == 0.0
    assert stood.scores["carsmos-2023"].value == 0.0


@pytest.mark.parametrize("agent", ["follow", "careful"])
@pytest.mark.parametrize("number", [1, 23])
def test_both_arrive_where_nobody_is(agent: str, number: int, tmp_path: Path) -> None:
    assert driven(agent, written(empty(number), tmp_path)).clean


def test_nothing_stands_where_nobody_may_pass(tmp_path: Path) -> None:
    with pytest.raises(NoWay, match="no line may be crossed"):
        obstacle(empty(23), at=40.0)  # on a ramp of one lane
    obstacle(empty(6), at=50.0)


def test_one_drive_after_another_leaves_the_import_paths_alone(tmp_path: Path) -> None:
    file = written(empty(12), tmp_path)
    driven("still", file)
    before = list(sys.path)
    driven("still", file)
    assert sys.path == before


def test_follow_hits_who_crosses_and_careful_lets_them_pass() -> None:
    followed, minded = driven("follow", training(11)), driven("careful", training(11))

    assert any("Pedestrian" in fault for fault in followed.faults)
    assert followed.scores["concours"].value == 0.0
    assert minded.clean
    speed = speed_of(minded)
    moving = np.flatnonzero(speed > 5.0)
    assert speed[moving[0] : moving[-1]].min() < 2.0  # it slowed down on the way


def test_careful_waits_at_a_red_light_that_follow_runs(tmp_path: Path) -> None:
    file = always_red(tmp_path)
    followed, minded = driven("follow", file), driven("careful", file)

    assert any("RunRedLightTest" in fault for fault in followed.faults)
    assert not any("RunRedLightTest" in fault for fault in minded.faults)
    assert minded.drive.end is End.LATE
    assert speed_of(minded)[-1] == pytest.approx(0.0, abs=0.05)
    assert speed_of(minded).max() > 5.0  # it did drive there


def test_careful_passes_what_stands_in_its_lane() -> None:
    followed, minded = driven("follow", training(6)), driven("careful", training(6))
    assert any("Obstacle" in fault for fault in followed.faults)
    assert minded.clean


def test_careful_drives_the_same_in_a_process_of_its_own() -> None:
    with AgentProcess(AgentSpec(path=baseline("careful"))) as apart:
        there = driven("careful", training(5), by=apart)
    here = driven("careful", training(5))

    assert there.drive.usage.missed == 0
    assert trace_digest(there.drive.run.trace) == trace_digest(here.drive.run.trace)
    assert there.scores["concours"].value == here.scores["concours"].value


@pytest.mark.slow
def test_careful_is_clean_in_the_training_scenarios_and_follow_is_not() -> None:
    files = [training(number) for number in range(1, 29)]
    minded = {file.stem: driven("careful", file) for file in files}
    followed = {file.stem: driven("follow", file) for file in files}

    faults = {name: one.faults for name, one in minded.items() if not one.clean}
    assert len(faults) <= 4, faults
    assert sum(one.clean for one in followed.values()) <= 4
    means = [
        np.mean([one.scores["concours"].value for one in drives.values()])
        for drives in (minded, followed)
    ]
    assert means[0] > means[1] + 40


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_careful_is_clean_in_sealed_scenarios(seed: int, tmp_path: Path) -> None:
    (tmp_path / "maps").mkdir()
    for name in opened():
        (tmp_path / "maps" / f"{name}.xodr").touch()
    folder = tmp_path / "sealed"
    folder.mkdir()
    drafts = compose(seed, networks=opened())

    drives = {draft.about: driven("careful", written(draft, folder)) for draft in drafts}

    faults = {about: one.faults for about, one in drives.items() if not one.clean}
    assert len(drives) == 10
    assert len(faults) <= 3, faults
