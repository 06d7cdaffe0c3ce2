"""What is driven in an episode: a scenario and its map, chosen by a seed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from concours.driving.keyed import uniform
from concours.driving.roads import RoadNetwork
from concours.driving.scenarios import Scenario, load
from concours.driving.world import open_map


class Scene(NamedTuple):
    """One scenario, read, on its map, opened; None for a scenario without one."""

    scenario: Scenario
    network: RoadNetwork | None


class Scenes(Protocol):
    """A source of scenes; the same seed gives the same scene."""

    def __call__(self, seed: int) -> Scene:
        """The scene of an episode."""
        ...


class Files:
    """Scenario files, one of which is drawn for each episode."""

    def __init__(self, paths: Sequence[str | Path], *, maps: Sequence[Path] = ()) -> None:
        """Reads the files; maps: folders of maps that are only named.

        Raises BadScenario, BadMap, ValueError where there is no file.
        """
        if not paths:
            raise ValueError("at least one scenario is needed")
        networks: dict[str, RoadNetwork | None] = {}
        self._scenes: list[Scene] = []
        for path in paths:
            scenario = load(path)
            key = f"{scenario.path.parent}\n{scenario.map_name}"
            if key not in networks:
                networks[key] = open_map(scenario, maps)
            self._scenes.append(Scene(scenario, networks[key]))

    def __call__(self, seed: int) -> Scene:
        """Each file is drawn as often as another."""
        return self._scenes[int(uniform(seed, "gym scene", 0) * len(self._scenes))]
