"""What is seen of a run at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from concours.driving.world.world import World


class State(NamedTuple):
    """One entity now: metres, radians, m/s, m/s2; in the scene or not."""

    x: float
    y: float
    z: float
    heading: float
    speed: float
    acceleration: float
    road: str
    lane: int
    s: float
    offset: float


class Frame:
    """A moment of a run. `frame["Ego"]` is the state of an entity in the scene."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.time = world.time

    def __getitem__(self, name: str) -> State:
        return self._world.state(name)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._world.is_in_scene(name)

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._world.names if name in self)
