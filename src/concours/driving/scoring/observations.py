"""What scores read of a run, computed once."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from concours.driving.closedloop import Run, Task
from concours.driving.scoring import lanes, lights, motion, progress
from concours.driving.scoring.boxes import HEADING, SPEED, X, Y, boxes_of
from concours.driving.scoring.collisions import Collision
from concours.driving.scoring.ground import ground_of
from concours.driving.scoring.others import others_of

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


class NothingDriven(ValueError):
    """The ego is in no frame of the trace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observations:
    """One drive, from the ego's first frame to its arrival or the end of the trace.

    Seconds, metres, m/s. Arrays are (T,), a number a frame.

    Attributes:
        task, fault: of the run.
        times, x, y: of the ego's reference point. speed: negative in reverse.
        distance: driven so far. progress: share of the expected way behind the ego.
        arrival: when the goal was reached; NaN for never. blocked: when the ego had been standing
            for 180 s; NaN for never.
        raw, filtered: accelerations and jerks two ways, see `motion`.
        nearest: to the nearest other; inf where there is none.
        collision_in: time to collision with those ahead, or to the side where the ego is in
            several lanes or a junction, everyone keeping speed and heading; inf for none.
        traffic: mean speed of the vehicles within 50 m; NaN where there are none.
        limit: the speed limit there; the task's where the map says none.
        astray: the ego's middle is off the drivable lanes or in an oncoming one.
        against: driven against the lane's traffic since the frame before.
        collisions, red_lights, stop_signs, solid_lines, lanes_left, oncoming: what happened, in
            the order of time.
    """

    task: Task
    fault: str
    times: FloatArray
    x: FloatArray
    y: FloatArray
    speed: FloatArray
    distance: FloatArray
    progress: FloatArray
    arrival: float
    blocked: float
    raw: motion.Motion
    filtered: motion.Motion
    nearest: FloatArray
    collision_in: FloatArray
    traffic: FloatArray
    limit: FloatArray
    astray: BoolArray
    against: FloatArray
    collisions: tuple[Collision, ...]
    red_lights: tuple[lights.Passed, ...] = ()
    stop_signs: tuple[lights.Passed, ...] = ()
    solid_lines: tuple[lanes.SolidLine, ...] = ()
    lanes_left: tuple[lanes.Stay, ...] = ()
    oncoming: tuple[lanes.Stay, ...] = ()

    @property
    def arrived(self) -> bool:
        """Whether the goal was reached at all."""
        return not math.isnan(self.arrival)

    @property
    def duration(self) -> float:
        """Seconds from the start of the scenario to the arrival, or to the last frame."""
        return float(self.times[-1])

    @property
    def in_time(self) -> bool:
        """Whether the drive is not over the time limit, arrived or not."""
        return self.duration <= self.task.time_limit + 1e-9


def observe(run: Run) -> Observations:
    """Look at a run once. Raises NothingDriven.

    What comes after the arrival is not looked at: the drive is over there.
    Complexity: O(T n + T m) for n actors and m points of the expected way.
    """
    trace, task, network = run.trace, run.task, run.network
    names = [actor.name for actor in trace.actors]
    if task.ego not in names:
        raise NothingDriven(f"there is no {task.ego!r} in the trace")
    ego = run.ego
    frames = np.flatnonzero(np.isfinite(trace.values[:, ego, X]))
    if not len(frames):
        raise NothingDriven(f"{task.ego!r} is in no frame of the trace")
    when = progress.arrival(
        task, trace.times[frames], trace.values[frames, ego, X], trace.values[frames, ego, Y]
    )
    if not math.isnan(when):
        frames = frames[trace.times[frames] <= when]
    times, values = trace.times[frames], trace.values[frames, ego]
    x, y, speed, heading = (values[:, column] for column in (X, Y, SPEED, HEADING))
    driven = np.cumsum(np.hypot(np.diff(x, prepend=x[:1]), np.diff(y, prepend=y[:1])))
    share = progress.progress(task, network, x, y, driven)
    if not math.isnan(when):
        share[-1] = 1.0
    box = boxes_of(trace, [ego], frames)
    ground = ground_of(run, times, box, values, driven)
    others = others_of(trace, ego, frames, box, several=ground.several, junction=ground.junction)
    return Observations(
        task=task,
        fault=run.fault,
        times=times,
        x=x,
        y=y,
        speed=speed,
        distance=driven,
        progress=share,
        arrival=when,
        blocked=progress.blocked(times, speed),
        raw=motion.raw(speed, heading, trace.step),
        filtered=motion.filtered(speed, heading, trace.step),
        nearest=others.nearest,
        collision_in=others.collision_in,
        traffic=others.traffic,
        collisions=others.collisions,
        limit=ground.limit,
        astray=ground.astray,
        against=ground.against,
        red_lights=ground.red_lights,
        stop_signs=ground.stop_signs,
        solid_lines=ground.solid_lines,
        lanes_left=ground.lanes_left,
        oncoming=ground.oncoming,
    )
