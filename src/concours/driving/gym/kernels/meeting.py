"""Whom the ego meets."""

from __future__ import annotations

from concours.driving.jit import kernel
from concours.driving.world.kernels.gaps import overlap
from concours.driving.world.layout import IN_SCENE, Scene


@kernel
def met(scene: Scene, row: int) -> int:
    """The first entity whose box overlaps that of the row; -1 for none. O(n)."""
    for other in range(len(scene.i)):
        if other != row and scene.i[other, IN_SCENE] and overlap(scene, row, other):
            return other
    return -1
