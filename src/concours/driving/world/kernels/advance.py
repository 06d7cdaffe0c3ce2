"""The loop over steps: entities move until somebody outside has to be asked."""

from __future__ import annotations

from concours.driving.jit import inner, kernel
from concours.driving.roads.tables import Tables
from concours.driving.world.kernels.gaps import overlap
from concours.driving.world.kernels.gauges import Gauges
from concours.driving.world.kernels.overtaking import overtake
from concours.driving.world.kernels.sides import step_place, write_lane_pose
from concours.driving.world.kernels.speeds import bound_speed, close_gap, step_speed
from concours.driving.world.kernels.watching import changed
from concours.driving.world.layout import (
    FLAGS,
    IN_SCENE,
    KEEP_GAP,
    NO_LIMITS,
    RELATIVE,
    ROAD,
    SIDE_DONE,
    SIDE_MODE,
    SIDE_OTHER,
    SPEED,
    SPEED_DONE,
    SPEED_MODE,
    SPEED_SHAPE,
    STEP,
    TOWED,
    Finder,
    IntArray,
    Scene,
)


@inner
def move_all(
    tables: Tables, finder: Finder, scene: Scene, times: tuple[float, float], drivers: int | None
) -> None:
    """One step of every entity: first all speeds, in order, then all places."""
    now, dt = times
    count = len(scene.i)
    for n in range(count):
        if scene.i[n, IN_SCENE]:
            step_speed(tables, scene, n, dt, drivers)
            if drivers is not None:
                overtake(tables, scene, n, int(now / dt + 0.5))
    for n in range(count):
        if scene.i[n, IN_SCENE]:
            step_place(tables, finder, scene, n, times, drivers)


@inner
def any_done(scene: Scene) -> bool:
    """Whether an action of somebody has come to its end."""
    done = 0
    for n in range(len(scene.i)):
        done |= scene.i[n, SPEED_DONE] | scene.i[n, SIDE_DONE]
    return bool(done)


@kernel
def take_hold(tables: Tables, scene: Scene) -> None:
    """At the start, who is bound to another takes the speed, or the place, that this asks for."""
    for row in range(len(scene.i)):
        mode = scene.i[row, SPEED_MODE]
        if mode == RELATIVE and scene.i[row, SPEED_SHAPE] == STEP:
            scene.f[row, SPEED] = bound_speed(scene, row)
        elif mode == KEEP_GAP and scene.i[row, FLAGS] & NO_LIMITS and scene.i[row, IN_SCENE]:
            close_gap(tables, scene, row)
            if scene.i[row, ROAD] >= 0:
                write_lane_pose(tables, scene, row)
        if scene.i[row, SIDE_MODE] == TOWED:
            scene.f[row, SPEED] = scene.f[scene.i[row, SIDE_OTHER], SPEED]


@kernel
def advance(
    tables: Tables,
    finder: Finder,
    scene: Scene,
    gauges: Gauges,
    first: int,
    steps: int,
    until: float,
    dt: float,
    drivers: int | None,
) -> tuple[int, bool]:
    """Make steps first, first + 1 ...; how many, `steps` at most, and whether to ask somebody.

    That is so after a step in which an action has come to its end, after which a watched truth is
    no longer the one noted, or whose time (its number times dt) has reached `until`.

    drivers: None where nobody is driven, neither by drivers of ours nor from outside: the code for
    that, half a minute's work for the compiler, is then not even made.
    """
    for done in range(steps):
        now = (first + done) * dt
        move_all(tables, finder, scene, (now, dt), drivers)
        if now >= until - 1e-9 or any_done(scene) or changed(tables, finder, scene, gauges):
            return done + 1, True
    return steps, False


@kernel
def touching(scene: Scene, before: IntArray, begun: IntArray) -> int:
    """Note which pairs overlap; how many began to since `before` (n, n), written to begun (m, 2).

    Complexity: O(n^2) comparisons of distance.
    """
    count = 0
    for one in range(len(scene.i)):
        if not scene.i[one, IN_SCENE]:
            continue
        for two in range(one + 1, len(scene.i)):
            touch = bool(scene.i[two, IN_SCENE]) and overlap(scene, one, two)
            if touch and not before[one, two] and count < len(begun):
                begun[count, 0], begun[count, 1] = one, two
                count += 1
            before[one, two] = 1 if touch else 0
    return count
