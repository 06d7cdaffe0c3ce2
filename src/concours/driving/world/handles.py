"""Actions under way, as the storyboard holds them: flags in the scene's rows."""

from __future__ import annotations

from collections.abc import Callable

from concours.driving.world import layout as at
from concours.driving.world.stage import Stage


class SpeedHandle:
    """An action that holds an entity's speed; it is over when the kernel says so."""

    def __init__(self, stage: Stage, row: int) -> None:
        self._stage = stage
        self._row = row
        self._ended = bool(stage.scene.i[row, at.SPEED_DONE])  # at once

    def done(self) -> bool:
        """Whether its target is reached."""
        self._ended = self._ended or bool(self._stage.scene.i[self._row, at.SPEED_DONE])
        return self._ended

    def stop(self) -> None:
        """Keep the speed of this moment."""
        if not self._ended:
            self._stage.scene.i[self._row, at.SPEED_MODE] = at.HOLD
            self._ended = True


class SideHandle:
    """An action that holds an entity's lateral motion, or leads it along a path."""

    def __init__(self, stage: Stage, row: int) -> None:
        self._stage = stage
        self._row = row
        self._ended = bool(stage.scene.i[row, at.SIDE_DONE])  # at once

    def done(self) -> bool:
        """Whether its target is reached."""
        self._ended = self._ended or bool(self._stage.scene.i[self._row, at.SIDE_DONE])
        return self._ended

    def stop(self) -> None:
        """Keep the lane and the offset of this moment."""
        if self._ended:
            return
        self._ended = True
        i, f = self._stage.scene.i, self._stage.scene.f
        on_road = i[self._row, at.ROAD] >= 0
        if not on_road and i[self._row, at.SIDE_MODE] == at.BESIDE:
            f[self._row, at.HEADING] -= f[self._row, at.TURN]  # the turn of the way aside
            f[self._row, at.TURN] = 0.0
        i[self._row, at.SIDE_MODE] = at.KEEP_LANE if on_road else at.FREE
        f[self._row, at.SIDEWAYS] = 0.0
        if on_road:
            f[self._row, at.TURN] = 0.0


class PolledHandle:
    """An action whose end is asked for in Python at each step."""

    def __init__(self, over: Callable[[], bool]) -> None:
        self._over = over
        self._leave: Callable[[], object] | None = None

    def leave(self, leave: Callable[[], object]) -> None:
        """What to do, once, when it ends or is stopped."""
        self._leave = leave

    def done(self) -> bool:
        """Whether it is over."""
        over = self._over()
        if over:
            self.stop()
        return over

    def stop(self) -> None:
        """Leave off."""
        if self._leave is not None:
            self._leave()
            self._leave = None


class EndlessHandle:
    """An action that goes on until it is stopped."""

    def __init__(self, leave: Callable[[], object] | None = None) -> None:
        self._leave = leave

    def done(self) -> bool:
        """Never."""
        return False

    def stop(self) -> None:
        """Leave off."""
        if self._leave is not None:
            self._leave()
            self._leave = None
