"""The map that a scenario is on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from concours.driving import roads
from concours.driving.roads import RoadNetwork
from concours.driving.scenarios import Scenario, find_map
from concours.driving.scenarios.errors import BadScenario
from concours.driving.scenarios.errors import Place as InFile


def open_map(scenario: Scenario, maps: Sequence[Path] = ()) -> RoadNetwork | None:
    """The map that a scenario is on; None where it names none.

    The path counts from the scenario's folder; a map that is only named is looked up in `maps`.
    Raises BadScenario where it is not found, BadMap where it cannot be used.
    """
    if not scenario.map_name:
        return None
    found = find_map(scenario.path.parent, scenario.map_name, maps)
    if found is None:
        file = scenario.road_network.logic_file
        raise BadScenario(
            f"there is no map {scenario.map_name}; give the folder of maps",
            place=file.place if file else InFile(str(scenario.path), 1),
            element="LogicFile",
            code="missing-map",
        )
    return roads.load(found)
