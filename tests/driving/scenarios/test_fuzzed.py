"""A few hundred mutations of real files (see `fuzzing` for hours of them), and what they broke."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.driving.scenarios.fuzzing import attempt, survive
from tests.driving.scenarios.shared import SCENARIOS, needed
from tests.factories import scenarios as make


@needed
@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_mutations_are_survived(path: Path, tmp_path: Path) -> None:
    outcomes = {attempt(tmp_path, path, seed) for seed in range(12)}
    assert outcomes <= {"refused", "played"}


@needed
def test_some_mutations_are_refused_and_some_are_played(tmp_path: Path) -> None:
    outcomes = [attempt(tmp_path, SCENARIOS[0], seed) for seed in range(40)]
    assert {"refused", "played"} == set(outcomes)


@pytest.mark.parametrize(
    "events",
    [
        make.event("e", make.speed(1), count=4_000_000_000),
        make.event("e", make.speed(1), count=-3, start="<StartTrigger/>"),
        make.event("", "", start=make.at(0)),
        make.event("e" * 5000, make.speed(float("inf")), start=make.at(-1e300)),
    ],
)
def test_odd_events_are_survived(tmp_path: Path, events: str) -> None:
    assert survive(make.write(tmp_path, make.scenario(make.simple(events))), 1) == "played"
