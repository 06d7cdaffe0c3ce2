"""Runs without an engine: paths driven on small maps, with others, lights and a task."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from concours.driving.closedloop import Run, Task
from concours.driving.roads import RoadNetwork
from concours.driving.scoring.collisions import Collision, How, Kind
from concours.driving.world import FIELDS, Actor, Light, Touch, Trace
from tests.driving.roads.maps import BROKEN, SOLID
from tests.factories.driving import geometry, lane, road, section, xodr
from tests.factories.worlds import opened

STEP = 0.05
CAR = {"length": 4.0, "width": 2.0, "height": 1.5, "center": (1.0, 0.0, 0.75)}
"""One metre from the reference point to the box's middle; its front is 3 m ahead."""

# Maps

PAVED = section(
    lane(3, kind="sidewalk", width=2.0),
    lane(2, kind="shoulder", width=1.0),
    lane(1, inside=BROKEN),
    lane(-1, inside=BROKEN),
    lane(-2, inside=SOLID),
    lane(-3, kind="parking", width=2.5),
    lane(-4, kind="sidewalk", width=2.0),
    centre=SOLID,
)


def street(*, length: float = 400.0, x: float = 0.0, y: float = 0.0, more: str = "") -> bytes:
    """Road 1 along x: lanes -1 and -2 along it, 1 back; a solid line between -1 and 1.

    Beside -2, behind a solid line, parking and a sidewalk. Lane -1: y from -3.5 to 0.
    """
    plan = geometry("<line/>", x=x, y=y, length=length)
    return xodr(road(length=length, plan=plan, sections=[PAVED], more=more))


def lit(s: float = 100.0) -> str:
    """Light 7 at s, valid for lane -1."""
    return (
        f'<signals><signal id="7" name="light" s="{s}" t="-4" dynamic="yes" orientation="+" '
        'type="1000001" subtype="-1" zOffset="3"><validity fromLane="-1" toLane="-1"/></signal>'
        "</signals>"
    )


def signed(s: float = 100.0) -> str:
    """Stop sign 9 at s, for traffic along the road."""
    return (
        f'<signals><signal id="9" name="" s="{s}" t="-4" dynamic="no" orientation="+" type="206"/>'
        "</signals>"
    )


# Moving

Motion = dict[str, np.ndarray]


def moving(
    speed: Callable[[np.ndarray], np.ndarray] | float,
    *,
    seconds: float = 20.0,
    x: float = 0.0,
    y: float | Callable[[np.ndarray], np.ndarray] = -1.75,
    heading: float | None = None,
    z: float = 0.0,
) -> Motion:
    """Along the x-axis by a speed over time; y over time, with the heading it asks for.

    heading: 0, or pi to move back along x; None to look where it goes.
    """
    times = np.arange(round(seconds / STEP) + 1) * STEP
    speeds = speed(times) if callable(speed) else np.full_like(times, speed)
    gone = np.concatenate([[0.0], np.cumsum((speeds[1:] + speeds[:-1]) * STEP / 2)])
    back = heading is not None and math.cos(heading) < 0
    across = y(times) if callable(y) else np.full_like(times, y)
    along = x - gone if back else x + gone
    turned = np.full_like(times, heading if heading is not None else 0.0)
    if heading is None and callable(y):
        turned = np.arctan2(np.gradient(across), np.maximum(np.gradient(along), 1e-9))
    zero = np.zeros_like(times)
    return {
        "times": times,
        "x": along,
        "y": across,
        "z": zero + z,
        "heading": turned,
        "speed": speeds,
    }


def eased(top: float, rise: float = 5.0) -> Callable[[np.ndarray], np.ndarray]:
    """From rest to `top` m/s in `rise` s, without a kink."""

    def speed(times: np.ndarray) -> np.ndarray:
        u = np.clip(times / rise, 0.0, 1.0)
        return top * u * u * (3.0 - 2.0 * u)

    return speed


def sideways(
    start: float, end: float, *, by: float, after: float, takes: float = 3.0
) -> Callable[[np.ndarray], np.ndarray]:
    """y at `start`, then `by` the time `after` on its way to `end`; `by` 1 goes all the way."""

    def y(times: np.ndarray) -> np.ndarray:
        u = np.clip((times - after) / takes, 0.0, 1.0)
        return start + by * (end - start) * u * u * (3.0 - 2.0 * u)

    return y


def other(name: str, motion: Motion, kind: str = "car", **size: Any) -> tuple[Actor, Motion]:
    """Someone else."""
    return Actor(**{"name": name, "kind": kind, **CAR, **size}), motion


def collision(
    kind: Kind = "vehicle",
    *,
    time: float = 3.0,
    own: float = 5.0,
    how: How = "front",
    at_fault: bool = True,
) -> Collision:
    """The ego hit someone."""
    return Collision(
        time=time,
        x=20.0,
        y=-1.75,
        other="It",
        kind=kind,
        vulnerable=kind == "pedestrian",
        closing=5.0,
        own=own,
        how=how,
        at_fault=at_fault,
    )


# Runs


def run_of(
    ego: Motion,
    *,
    where: bytes | None = None,
    others: Sequence[tuple[Actor, Motion]] = (),
    lights: Sequence[Light] = (),
    touches: Sequence[tuple[float, str]] = (),
    goal: tuple[float, float] = (1e6, 0.0),
    route: bool = True,
    fault: str = "",
    ego_last: bool = False,
    start_at: tuple[float, float] | None = None,
    **task: Any,
) -> Run:
    """A run; touches: (time, name) of those that the ego touches.

    route: look one up from start_at, or from where the ego is first.
    """
    network = None if where is None else opened(where)
    cast = [(Actor(name="Ego", kind="car", **CAR), ego), *others]
    cast = cast[::-1] if ego_last else cast
    names = [actor.name for actor, _ in cast]
    values = np.full((len(ego["times"]), len(cast), len(FIELDS)), np.nan)
    for number, (_, motion) in enumerate(cast):
        rows = min(len(values), len(motion["times"]))
        for column in ("x", "y", "z", "heading", "speed"):
            values[:rows, number, FIELDS.index(column)] = motion[column][:rows]
    start = tuple(float(ego[column][0]) for column in ("x", "y", "z", "heading"))
    if start_at is not None:
        start = (*start_at, 0.0, 0.0)
    given: dict[str, Any] = {
        "ego": "Ego",
        "start": start,
        "goal": (*goal, 0.0),
        "radius": 3.0,
        "mileage": math.hypot(goal[0] - start[0], goal[1] - start[1]),
        "time_limit": 60.0,
        "speed_limit": 15.0,
        "route": _route(network, start, goal) if route and network is not None else None,
    }
    trace = Trace(
        name="run",
        step=STEP,
        end="outside",
        actors=tuple(actor for actor, _ in cast),
        times=ego["times"],
        values=values,
        touches=tuple(
            Touch(time, *sorted((names.index("Ego"), names.index(name)))) for time, name in touches
        ),
        lights=tuple(lights),
        road_ids=network.road_ids if network is not None else (),
    )
    controls = np.zeros((len(values), 5))
    return Run(
        task=Task(**{**given, **task}),
        trace=trace,
        network=network,
        controls=controls,
        fault=fault,
    )


def _route(network: RoadNetwork, start: Sequence[float], goal: tuple[float, float]) -> Any:
    ends = [network.locate(start[0], start[1], None, start[3]), network.locate(*goal)]
    if ends[0] is None or ends[1] is None:
        return None
    first, last = ((one.road, one.lane, one.s) for one in ends if one is not None)
    return network.find_route(first, last)


# Whole drives

START, GOAL = 10.0, 210.0
"""Metres along the street."""


def drive(speed: Callable[[np.ndarray], np.ndarray] | float, **changes: Any) -> Run:
    """Along lane -1 of the street from START to GOAL, at the challenge's time limit."""
    seconds = changes.pop("seconds", 120.0)
    ego = changes.pop("ego", None) or moving(speed, seconds=seconds, x=START)
    given: dict[str, Any] = {
        "where": street(),
        "goal": (GOAL, -1.75),
        "time_limit": (GOAL - START) / 2.4,
        **changes,
    }
    return run_of(ego, **given)


def reasonable(**changes: Any) -> Run:
    """A quiet start to 8 m/s, and on to the goal."""
    return drive(eased(8.0, rise=8.0), **changes)
