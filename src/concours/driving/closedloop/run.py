"""One drive of one scenario, as scores read it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from concours.driving.closedloop.task import Task
from concours.driving.roads import RoadNetwork
from concours.driving.world import Trace

FloatArray = npt.NDArray[np.float64]

CONTROL_FIELDS = ("throttle", "steer", "brake", "hand_brake", "reverse")
"""Columns of `Run.controls`: 0 to 1, -1 (left) to 1 (right), 0 to 1, 0 or 1, 0 or 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What was asked, and what happened.

    Attributes:
        task: what the ego was asked to do.
        trace: everything that moved, frame by frame (0.05 s), with touches and lights.
        network: the map; None on a scene without one.
        controls: (T, 5) by CONTROL_FIELDS; the control that the ego was under after each frame.
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
