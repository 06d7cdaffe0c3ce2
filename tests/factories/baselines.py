"""Baselines driven through the challenge's scenarios, in the engine's own process."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from concours.driving import scenarios
from concours.driving.agents import AgentSpec, InProcessAgent
from concours.driving.baselines import baseline
from concours.driving.challenge import Draft
from concours.driving.closedloop.loop import Algorithm, Drive, End, Setting, drive
from concours.driving.results import judge
from concours.driving.scoring import Score
from tests.factories.challenge import FOLDER, opened

SETTING = Setting(track="objects")
FAULTS = {
    "ReachDestinationTest", "CollisionTest", "RunRedLightTest", "OnRoadTest", "OntoSolidLineTest",
}  # fmt: skip


class Judged(NamedTuple):
    """One drive and its scores."""

    drive: Drive
    scores: dict[str, Score]

    @property
    def faults(self) -> list[str]:
        """What else than comfort and speed was lost."""
        losses = self.scores["concours"].losses
        return [f"{one.metric}: {one.words}" for one in losses if one.metric in FAULTS]

    @property
    def clean(self) -> bool:
        """Arrived in time, hit nobody, broke no rule."""
        return self.drive.end is End.ARRIVED and not self.faults


@lru_cache(maxsize=1)
def _texts() -> dict[str, str]:
    return {name: (FOLDER / "maps" / f"{name}.xodr").read_text() for name in opened()}


def training(number: int) -> Path:
    """The file of a training scenario."""
    return FOLDER / "scenarios" / f"train{number:02d}.xosc"


def driven(agent: str, file: Path, *, by: Algorithm | None = None) -> Judged:
    """A baseline in a scenario on one of the challenge's maps."""
    scenario = scenarios.load(file)
    name = Path(scenario.map_name).stem
    made = drive(
        scenario, by or InProcessAgent(AgentSpec(path=baseline(agent))), setting=SETTING,
        network=opened()[name], opendrive=_texts()[name],
    )  # fmt: skip
    return Judged(made, judge(made.run))


def written(draft: Draft, folder: Path) -> Path:
    """The file of a draft."""
    file = folder / f"{draft.name}.xosc"
    file.write_bytes(draft.write())
    return file
