"""Who ran into whom, and whose fault it was."""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from concours.driving.scoring.boxes import Boxes, distances
from concours.driving.world import Trace

Kind = Literal["pedestrian", "vehicle", "static"]
How = Literal["ego standing", "into a standing one", "from behind", "front", "side"]

PEOPLE = frozenset({"pedestrian", "wheelchair", "animal"})
CYCLES = frozenset({"bicycle"})
THINGS = frozenset({"misc"})
STANDING = 0.05
"""m/s; nuPlan's bound for an ego or a track that stands."""
BEHIND = math.cos(math.radians(150.0))
"""Cosine of the bearing from which on another counts as behind."""
REACH = 0.02
"""Metres before the bumper that count as touching it."""
AGAIN = 5.0
"""Seconds within which a second touch of the same two is the same collision (CARLA)."""


class Collision(NamedTuple):
    """The ego and another began to touch.

    other: its name. kind: what it is. vulnerable: on foot or on a bicycle. closing: the speed of
    one as seen from the other, in the frame before (m/s). own: the ego's speed then.
    """

    time: float
    x: float
    y: float
    other: str
    kind: Kind
    vulnerable: bool
    closing: float
    own: float
    how: How
    at_fault: bool


def kind_of(category: str) -> Kind:
    """What an actor's word stands for; everything that is not known is a vehicle."""
    if category in PEOPLE:
        return "pedestrian"
    return "static" if category in THINGS else "vehicle"


def collisions_of(
    trace: Trace,
    ego: int,
    others: list[int],
    *,
    times: npt.NDArray[np.float64],
    own: Boxes,
    around: Boxes,
    reference: npt.NDArray[np.float64],
    several: npt.NDArray[np.bool_],
) -> tuple[Collision, ...]:
    """Collisions of the ego within `times`.

    own: (T, 1); around: (T, n) of `others`. reference: (T, 2) the ego's point that bearings are
    taken from. several: (T,) whether the ego is in several lanes or off them.
    """
    found: list[Collision] = []
    last: dict[int, float] = {}
    for time, first, second in trace.touches:
        if ego not in (first, second) or not times[0] <= time <= times[-1] + 1e-9:
            continue
        other = second if first == ego else first
        again = time - last.get(other, -math.inf) <= AGAIN
        last[other] = time
        if again:
            continue
        row = int(np.argmin(np.abs(times - time)))
        mine = Boxes(*(each[row] for each in own))
        theirs = Boxes(*(each[row, [others.index(other)]] for each in around))
        before = max(row - 1, 0)
        speeds = (
            float(own.speed[before, 0]),
            _known(around.speed[before, others.index(other)], theirs.speed[0]),
        )
        how = _how(mine, theirs, speeds, reference[row], trace.step)
        fault = how in ("into a standing one", "front") or (how == "side" and bool(several[row]))
        category = trace.actors[other].kind
        found.append(
            Collision(
                time=time,
                x=float(mine.x[0]),
                y=float(mine.y[0]),
                other=trace.actors[other].name,
                kind=kind_of(category),
                vulnerable=category in PEOPLE | CYCLES,
                closing=_closing(mine, theirs, speeds),
                own=abs(speeds[0]),
                how=how,
                at_fault=fault,
            )
        )
    return tuple(sorted(found))


def _known(value: float, otherwise: float) -> float:
    """The speed in the frame before, or now for one that has just come into the scene."""
    return float(otherwise if math.isnan(value) else value)


def _how(
    mine: Boxes,
    theirs: Boxes,
    speeds: tuple[float, float],
    reference: npt.NDArray[np.float64],
    step: float,
) -> How:
    """The kinds of collision of nuPlan, in its order; an ego in reverse has its front behind.

    The bumper is taken with what it swept since the frame before: a person may be thinner than
    that.
    """
    if abs(speeds[0]) <= STANDING:
        return "ego standing"
    if abs(speeds[1]) <= STANDING:
        return "into a standing one"
    dx, dy = float(theirs.x[0] - reference[0]), float(theirs.y[0] - reference[1])
    heading = float(mine.heading[0]) + (math.pi if speeds[0] < 0.0 else 0.0)
    away = math.hypot(dx, dy)
    if dx * math.cos(heading) + dy * math.sin(heading) < BEHIND * away:
        return "from behind"
    half = REACH + 0.5 * abs(speeds[0]) * step
    ahead = mine.length + REACH - half
    bumper = mine._replace(
        x=mine.x + ahead * math.cos(heading),
        y=mine.y + ahead * math.sin(heading),
        length=np.array([half]),
    )
    return "front" if float(distances(bumper, theirs)[0]) <= 0.0 else "side"


def _closing(mine: Boxes, theirs: Boxes, speeds: tuple[float, float]) -> float:
    turn = float(theirs.heading[0] - mine.heading[0])
    ahead = speeds[1] * math.cos(turn) - speeds[0]
    return math.hypot(ahead, speeds[1] * math.sin(turn))
