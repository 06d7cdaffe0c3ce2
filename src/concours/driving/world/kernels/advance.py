"""The loop over steps: entities move until somebody outside has to be asked."""

from __future__ import annotations

from concours.driving.jit import kernel
from concours.driving.roads.tables import Tables
from concours.driving.world.kernels.gaps import overlap
from concours.driving.world.kernels.gauges import Gauges, changed
from concours.driving.world.kernels.sides import step_place
from concours.driving.world.kernels.speeds import step_speed
from concours.driving.world.layout import (
    IN_SCENE,
    SIDE_DONE,
    SPEED_DONE,
    IntArray,
    Joints,
    Scene,
)


@kernel
def move_all(tables: Tables, joints: Joints, scene: Scene, now: float, dt: float) -> None:
    """One step of every entity: first all speeds, in order, then all places."""
    count = len(scene.i)
    for n in range(count):
        if scene.i[n, IN_SCENE]:
            step_speed(tables, joints, scene, n, dt)
    for n in range(count):
        if scene.i[n, IN_SCENE]:
            step_place(tables, joints, scene, n, now, dt)


@kernel
def any_done(scene: Scene) -> bool:
    """Whether an action of somebody has come to its end."""
    done = 0
    for n in range(len(scene.i)):
        done |= scene.i[n, SPEED_DONE] | scene.i[n, SIDE_DONE]
    return bool(done)


@kernel
def advance(
    tables: Tables,
    joints: Joints,
    scene: Scene,
    gauges: Gauges,
    first: int,
    steps: int,
    until: float,
    dt: float,
) -> tuple[int, bool]:
    """Make steps first, first + 1 ...; how many, `steps` at most, and whether to ask somebody.

    To be asked is the storyboard: after a step in which an action has come to its end, a watched truth is no longer the
    one noted, or whose time (its number times dt) has reached `until`.
    """
    for done in range(steps):
        now = (first + done) * dt
        move_all(tables, joints, scene, now, dt)
        if now >= until - 1e-9 or any_done(scene) or changed(tables, joints, scene, gauges):
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
