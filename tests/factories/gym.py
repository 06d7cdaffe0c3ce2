"""Scenes for the environments: a straight road of four lanes, an ego, and whoever is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from concours.driving.gym import DrivingEnv, Scene, Terms
from concours.driving.scenarios import load
from tests.factories import scenarios as s
from tests.factories.moves import acquire, on_lane
from tests.factories.worlds import begin, car, opened, straight

FORWARD, STILL = [1.0, 0.0], [0.0, 0.0]


class Street:
    """One scene, whatever the seed: the ego at 100 m of lane -1."""

    def __init__(
        self,
        folder: Path,
        *init: str,
        goal: float = 500.0,
        speed: float = 10.0,
        where: bytes | None = None,
        cars: tuple[str, ...] = (),
        stop: str | None = None,
    ) -> None:
        """goal: metres along the road. stop: the stop trigger; by default after 60 s."""
        ego = begin("Ego", on_lane("1", -1, 100.0), speed, acquire(on_lane("1", -1, goal)))
        text = s.scenario(
            init="".join((ego, *init)),
            entities="".join(car(name) for name in ("Ego", *cars)),
            stop=stop if stop is not None else s.at(60.0, "Stop"),
            minor=3,
        )
        network = opened(where if where is not None else straight())
        self.scene = Scene(load(s.write(folder, text)), network)

    def __call__(self, seed: int) -> Scene:
        """The scene."""
        return self.scene


def street(folder: Path, *init: str, terms: Terms | None = None, **how: Any) -> DrivingEnv:
    """An environment on a `Street`, begun."""
    env = DrivingEnv(Street(folder, *init, **how), terms=terms)
    env.reset(seed=0)
    return env


def until_end(env: DrivingEnv, action: list[float], most: int = 2000) -> tuple[Any, ...]:
    """The last step of an episode under one action."""
    for _ in range(most):
        step = env.step(action)  # type: ignore[arg-type]
        if step[2] or step[3]:
            return step
    raise AssertionError("the episode did not end")
