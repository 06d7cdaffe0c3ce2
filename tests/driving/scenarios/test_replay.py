"""The storyboard on the traces of an independent player: the same moves within 0.03 s.

The player's motion and the ends of its actions are given; which element starts, waits, ends or is
stopped when is worked out here. Three files are left to the world: their triggers ask for the end
of the road, for being off it, or for a place on a route, which needs the map.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from concours.driving.scenarios import load
from concours.driving.scenarios.machine import Move
from tests.driving.scenarios.replaying import ReplayHost
from tests.driving.scenarios.shared import FOLDER, needed

NEED_THE_MAP = {"lane_change", "lane_change_simple", "pedestrian_traj_synch"}
# The traces have ten states a second: when something stands still is known to a tenth.
STAND_STILL = {"cut-in_simple", "pedestrian"}
# The player does not say that this action of Init runs.
UNSAID = {("acc-test", "Init Target ActivateControllerAction")}

FILES = sorted(
    path for path in (FOLDER / "esmini" / "xosc").glob("*.xosc") if path.stem not in NEED_THE_MAP
)


@needed
def test_seventeen_files_are_compared() -> None:
    assert len(FILES) == 17


@needed
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_moves_are_those_of_an_independent_player(path: Path) -> None:
    host = ReplayHost(load(path), FOLDER / "golden" / "traces" / f"{path.stem}.csv")
    ours: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for each in host.run():
        if not (each.name.startswith("Init ") and each.move is Move.STOP):  # not said by the player
            ours[(each.name, str(each.before), str(each.after))].append(each.time)
    theirs: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for event in host.events:
        if not (event["element"].startswith("Init ") and event["transition"] == "stopTransition"):
            key = (event["element"], event["from"], event["to"])
            theirs[key].append(float(event["time"]))
    for key in sorted(set(ours) | set(theirs)):
        if (path.stem, key[0]) in UNSAID:
            continue
        if path.stem in STAND_STILL and key[0] == "storyBoard" and key[2] == "completeState":
            continue
        assert sorted(ours[key]) == pytest.approx(sorted(theirs[key]), abs=0.03), key
