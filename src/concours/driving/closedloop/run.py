"""One drive of one scenario, as scores read it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from concours.driving.closedloop.task import Task
from concours.driving.roads import RoadNetwork
from concours.driving.world import Trace

FloatArray = npt.NDArray[np.float64]

CONTROL_FIELDS = ("mode", "throttle", "steer", "brake", "hand_brake", "reverse")
"""Columns of `Run.controls`, as `vehicle.layout` has them.

mode 0, by pedals: throttle 0 to 1, steer -1 (left) to 1 (right), brake 0 to 1, hand_brake and
reverse 0 or 1. mode 1, direct: the second column is the acceleration (m/s2), the third the steering
angle (rad, positive to the left).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What was asked, and what happened.

    Attributes:
        task: what the ego was asked to do.
        trace: everything that moved, frame by frame (0.05 s), with touches and lights.
        network: the map; None on a scene without one.
        controls: (T - 1, 6) by CONTROL_FIELDS; row k is what the ego was under from frame k to
            frame k + 1.
        fault: why the algorithm was stopped, in words; "" where it was not.
    """

    task: Task
    trace: Trace
    network: RoadNetwork | None
    controls: FloatArray
    fault: str = ""

    @property
    def ego(self) -> int:
        """The ego's number among the actors of the trace."""
        return [actor.name for actor in self.trace.actors].index(self.task.ego)
