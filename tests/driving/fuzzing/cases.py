"""A case: a scenario with its map and catalogs, one of them mutated, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from concours.driving import roads, scenarios
from concours.driving.roads import BadMap, RoadNetwork
from concours.driving.scenarios import BadScenario
from concours.driving.viewing import html
from concours.driving.world import World
from concours.driving.world.trace import FIELDS
from tests.driving.fuzzing.choice import Choice
from tests.driving.fuzzing.mutating import mutated
from tests.driving.roads.mutation import exercise

SECONDS = 2.0
"""Played of each scenario."""


@dataclass(frozen=True)
class Case:
    """Files by their names; the map of a scenario may be none."""

    name: str
    scenario: bytes
    map: bytes | None = None
    catalogs: dict[str, bytes] = field(default_factory=dict)
    seed: int = 0


def case_of(source: Case, seed: int, number: int) -> Case:
    """The source with its scenario, its map, or a catalog mutated."""
    choice = Choice(seed, number)
    pick = choice.below(10)
    if source.map is not None and pick < 4:
        return replace(source, map=mutated(source.map, choice), seed=seed)
    if source.catalogs and pick < 6:
        victim = choice.of(sorted(source.catalogs))
        changed = {**source.catalogs, victim: mutated(source.catalogs[victim], choice)}
        return replace(source, catalogs=changed, seed=seed)
    return replace(source, scenario=mutated(source.scenario, choice), seed=seed)


def attempt(case: Case, folder: Path) -> str:
    """Check, load, ask and play it: "refused" or "played". Raises what should not be raised."""
    path = _written(case, folder)
    for each in (path, *(folder / name for name in case.catalogs)):
        assert all(finding.line >= 0 for finding in scenarios.check(each, maps=[folder]))
    try:
        network = None if case.map is None else _opened(case.map)
        scenario = scenarios.load(path)
        world = World(scenario, network=network, maps=[folder], seed=case.seed, end=SECONDS)
    except (BadMap, BadScenario):
        return "refused"
    trace = world.play()
    assert trace is not None
    assert trace.end in ("storyboard", "time")
    assert all("Traceback" not in note for note in trace.notes)
    motion = trace.values[:, :, : FIELDS.index("road")]
    assert np.isfinite(motion[~np.isnan(motion).all(axis=2)]).all(), "in the scene, and nowhere"
    html(trace, world.network)
    return "played"


def _written(case: Case, folder: Path) -> Path:
    """The files of the case in a folder of its own."""
    for name, data in case.catalogs.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    path = folder / "xosc" / "scenario.xosc"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(case.scenario)
    return path


@lru_cache(maxsize=32)
def _opened(data: bytes) -> RoadNetwork:
    """The map, asked everything once. Raises BadMap."""
    network = roads.loads(data)
    exercise(network)
    return network
