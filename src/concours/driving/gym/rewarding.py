"""The reward of a step: a pure function of what happened in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What a reward is made of. A second's way at the speed limit is worth `progress`.

    Attributes:
        aside: lost a second at `far` metres from the way's middle or more, less in proportion.
        speeding: lost a second at twice the speed limit, in proportion above the limit.
        red: lost at each stop line passed at red. collision, off_road: lost at these ends.
        arrival: won at the goal.
        usual: the speed (m/s) that counts as the limit where none is known.
    """

    progress: float = 1.0
    aside: float = 0.05
    far: float = 3.5
    speeding: float = 1.0
    red: float = 10.0
    collision: float = 20.0
    off_road: float = 20.0
    arrival: float = 10.0
    usual: float = 15.0


class Moment(NamedTuple):
    """What happened in a step.

    seconds: that passed. metres: along the way, back negative. aside: metres from its middle at the
    end of the step. speed: m/s then. limit: m/s, inf where none is known. reds: stop lines passed
    at red.
    """

    seconds: float
    metres: float
    aside: float
    speed: float
    limit: float
    reds: int = 0
    collided: bool = False
    left_road: bool = False
    arrived: bool = False


def reward(moment: Moment, weights: Weights) -> float:
    """The sum of what was won and lost; no part depends on how long a step is.

    It teaches to get on, not to drive well: comfort, near misses, right of way, signs and the
    lanes of others are in no term. What a run is worth is said by the scores of the closed loop.
    """
    limit = moment.limit if moment.limit < float("inf") else weights.usual
    total = weights.progress * moment.metres / limit
    total -= weights.aside * min(moment.aside / weights.far, 1.0) * moment.seconds
    total -= weights.speeding * max(moment.speed / limit - 1.0, 0.0) * moment.seconds
    total -= weights.red * moment.reds
    total -= weights.collision * moment.collided + weights.off_road * moment.left_road
    return total + weights.arrival * moment.arrived
