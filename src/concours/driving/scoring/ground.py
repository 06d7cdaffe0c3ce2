"""The ego on the roads: what it did to lanes, lines, lights and signs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from concours.driving.closedloop import Run
from concours.driving.scoring import lanes, lights
from concours.driving.scoring.boxes import HEADING, SPEED, Boxes, Z
from concours.driving.scoring.places import MIDDLE, places_of, speed_limits, under

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


class Ground(NamedTuple):
    """See `Observations`; several: the ego is in several lanes or off them."""

    limit: FloatArray
    astray: BoolArray
    against: FloatArray
    several: BoolArray
    junction: BoolArray
    red_lights: tuple[lights.Passed, ...] = ()
    stop_signs: tuple[lights.Passed, ...] = ()
    solid_lines: tuple[lanes.SolidLine, ...] = ()
    lanes_left: tuple[lanes.Stay, ...] = ()
    oncoming: tuple[lanes.Stay, ...] = ()


def ground_of(
    run: Run, times: FloatArray, box: Boxes, values: FloatArray, distance: FloatArray
) -> Ground:
    """Look at the ego's (T, 1) boxes on the map.

    values: (T, 12) the ego's rows of the trace. distance: (T,) driven so far. On a scene without
    a map nothing can be left or run; its lanes are not known, so the ego counts as in several.
    """
    count, network = len(times), run.network
    if network is None:
        no, never = np.zeros(count, dtype=np.bool_), np.zeros(count)
        return Ground(np.full(count, run.task.speed_limit), no, never, ~no, ~no)
    height, heading, speed = (values[:, column] for column in (Z, HEADING, SPEED))
    places = places_of(network, box, height, run.task.route)
    below = under(network, places, heading)
    passed = list(lights.passings(network, places))
    middle = (places.road[:, MIDDLE], places.s[:, MIDDLE])
    return Ground(
        limit=speed_limits(network, below.row, *middle, run.task.speed_limit),
        astray=below.against | (places.outside[:, MIDDLE] > lanes.GRAZE),
        against=lanes.metres_against(places, below),
        several=lanes.in_several_lanes(places, below),
        junction=below.junction,
        red_lights=lights.red_lights(passed, run.trace.lights, places, times),
        stop_signs=lights.stop_signs(passed, places, times, speed, distance),
        solid_lines=lanes.solid_lines(network, places, times),
        lanes_left=lanes.lanes_left(network, places, times, height, heading),
        oncoming=lanes.oncoming(places, below, times),
    )
