"""What an environment shows: a vector of fixed length, each number from -1 to 1.

Distances and angles are those of the ego's own axes: x ahead, y left, from its reference point, the
middle of the rear axle. Each number is divided by its scale and cut.

| index | what | scale |
|---|---|---|
| 0 | speed | 40 m/s |
| 1 | acceleration along | 10 m/s2 |
| 2 | yaw rate, left positive | 1 rad/s |
| 3 | angle of the road wheels, left positive | 0.6 rad |
| 4 | heading less that of the way | pi |
| 5 | offset from the way's middle, left positive | 10 m |
| 6 | speed limit of the task; 1 where there is none | 40 m/s |
| 7 | metres of the way left | 1000 m |
| 8 .. 12 | curvature of the way 5, 10, 20, 40 and 80 m ahead | 0.1 1/m |
| 13 | nearness of the next stop line with lights: 1 at 0 m, 0 at 100 m and beyond | |
| 14, 15, 16 | its light is red, yellow, green | 0 or 1 |
| 17 + 7 k .. 23 + 7 k | the k-th nearest other within 100 m; zeros for none | |

Each other: 1; its box's middle ahead and to the left (100 m); its velocity less the ego's, ahead
and to the left (40 m/s); cosine and sine of its heading less the ego's.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from concours.driving.gym.line import Beside, Line
from concours.driving.scenarios.lights import Colour
from concours.driving.vehicle import layout as own
from concours.driving.vehicle.layout import FloatArray
from concours.driving.world import layout as at
from concours.driving.world.layout import Scene

Observation = npt.NDArray[np.float32]
SPEED, TURN, SIGHT = 40.0, 10.0, 100.0
AHEAD = np.array([5.0, 10.0, 20.0, 40.0, 80.0])
BEND = 0.1
EGO, LIGHT, OTHER = 8, 4, 7
FIRST_LIGHT = EGO + len(AHEAD)
FIRST_OTHER = FIRST_LIGHT + LIGHT
_COLOURS = (Colour.RED, Colour.YELLOW, Colour.GREEN)
_SHOWN = [at.X, at.Y, at.HEADING, at.SPEED, at.BACK, at.FRONT]


def size(others: int) -> int:
    """Numbers of an observation with so many others."""
    return FIRST_OTHER + OTHER * others


def observe(
    out: Observation,
    *,
    scene: Scene,
    row: int,
    line: Line,
    beside: Beside,
    limit: float,
    colour: Callable[[tuple[str, ...]], Colour],
) -> None:
    """Write the observation of the ego in a row of a scene to out (size,).

    limit: m/s. colour: of the lights at a stop line. Linear in the entities.
    """
    found = np.zeros(len(out))
    _ego(found, scene, row, line, beside, limit)
    found[EGO:FIRST_LIGHT] = line.curvatures(beside.metres + AHEAD) / BEND
    front = beside.metres + float(scene.f[row, at.FRONT])
    for stop in line.stops:
        if 0.0 <= stop.metres - front < SIGHT:
            found[FIRST_LIGHT] = 1.0 - (stop.metres - front) / SIGHT
            light = colour(stop.signals)
            found[FIRST_LIGHT + 1 : FIRST_OTHER] = [light is one for one in _COLOURS]
            break
    rows = others_of(scene, row, (len(out) - FIRST_OTHER) // OTHER)
    found[FIRST_OTHER : FIRST_OTHER + rows.size] = rows.ravel()
    out[:] = np.clip(found, -1.0, 1.0)


def _ego(
    found: FloatArray, scene: Scene, row: int, line: Line, beside: Beside, limit: float
) -> None:
    f = scene.f[row]
    state = scene.vehicles[scene.i[row, at.DRIVEN] - 1, at.VEHICLE_STATE : at.VEHICLE_CONTROL]
    found[:EGO] = (
        f[at.SPEED] / SPEED,
        f[at.ACCELERATION] / TURN,
        state[own.YAW_RATE],
        state[own.STEERING] / 0.6,
        math.remainder(f[at.HEADING] - beside.heading, 2 * math.pi) / math.pi,
        beside.offset / TURN,
        min(limit / SPEED, 1.0),
        (line.length - beside.metres) / 1000.0,
    )


def others_of(scene: Scene, row: int, most: int) -> FloatArray:
    """(k, OTHER) of the nearest others within sight, at most so many; of equally near ones by row.

    The numbers as the observation has them, not cut.
    """
    f = scene.f[:, _SHOWN]
    x, y, heading, speed = f[row, :4].tolist()
    cos, sin = math.cos(heading), math.sin(heading)
    middle = (f[:, 4] + f[:, 5]) / 2
    their_cos, their_sin = np.cos(f[:, 2]), np.sin(f[:, 2])
    dx, dy = f[:, 0] + middle * their_cos - x, f[:, 1] + middle * their_sin - y
    away = np.hypot(dx, dy)
    away[row] = math.inf
    seen = np.flatnonzero((scene.i[:, at.IN_SCENE] > 0) & (away <= SIGHT))
    rows = seen[np.argsort(away[seen], kind="stable")][:most]
    dx, dy, fast = dx[rows], dy[rows], f[rows, 3]
    turned = (their_cos[rows] * cos + their_sin[rows] * sin,
              their_sin[rows] * cos - their_cos[rows] * sin)  # fmt: skip
    columns = (
        np.ones(len(rows)),
        (dx * cos + dy * sin) / SIGHT,
        (dy * cos - dx * sin) / SIGHT,
        (fast * turned[0] - speed) / SPEED,
        fast * turned[1] / SPEED,
        *turned,
    )
    return np.stack(columns, axis=1)
