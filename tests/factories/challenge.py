"""The challenge's maps, opened once, and its scenarios driven by somebody who minds nobody."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from concours.driving import scenarios
from concours.driving.challenge import Draft, Happening, networks
from concours.driving.challenge.drafts import NOMINAL
from concours.driving.roads import RoadNetwork
from concours.driving.scenarios.machine import Kind, Move
from concours.driving.world import Trace, World

FOLDER = Path(__file__).parents[2] / "seasons" / "open-atom-2022" / "driving"


@lru_cache(maxsize=1)
def opened() -> dict[str, RoadNetwork]:
    """The maps by name."""
    return networks()


def naive(draft: Draft, folder: Path, *, speed: float = NOMINAL) -> Trace:
    """A run in which the ego drives its way at one speed."""
    file = folder / f"{draft.name}.xosc"
    file.write_bytes(draft.write(driven=speed))
    trace = World(scenarios.load(file), network=opened()[draft.map_name]).play()
    assert trace is not None
    return trace


def started(trace: Trace, happening: Happening) -> list[float]:
    """When the event of the storyboard that begins it did begin."""
    return [
        each.time
        for each in trace.record
        if each.name == happening.start and each.move is Move.START and each.kind is Kind.EVENT
    ]


def hits(trace: Trace, happening: Happening) -> list[float]:
    """When the ego and one of its actors began to touch."""
    names = [actor.name for actor in trace.actors]
    return [
        touch.time
        for touch in trace.touches
        if "Ego" in (pair := {names[touch.first], names[touch.second]})
        and pair & set(happening.actors)
    ]
