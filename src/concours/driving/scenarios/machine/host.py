"""What the storyboard asks of the world it plays in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from concours.driving.scenarios.actions import GlobalAction, PrivateAction, UserDefinedAction
from concours.driving.scenarios.conditions import EntityCondition
from concours.driving.scenarios.nodes import Unsupported

Measure = Callable[[], float | None]
HostAction = PrivateAction | GlobalAction | UserDefinedAction | Unsupported


class Running(Protocol):
    """An action under way, of one actor."""

    def done(self) -> bool:
        """Whether it has come to its end; asked once a step, after the world has moved."""
        ...

    def stop(self) -> None:
        """Leave off: the storyboard has stopped it, or another action has taken its place."""
        ...


class Host(Protocol):
    """The world. Times are seconds since the start.

    One step is: `Player.evaluate`, in which actions start; then the world moves its actions (those
    just started as well) and entities; then `Player.settle`, in which actions end. In the first
    step, at the start, nothing moves.
    """

    @property
    def time(self) -> float:
        """Now."""
        ...

    def start(self, action: HostAction, actor: str | None) -> Running | None:
        """Begin an action of an actor (None for actions of nobody).

        Returns: a handle, or None where the action is done at once.
        """
        ...

    def measure(self, condition: EntityCondition, entity: str) -> Measure:
        """A function that gives what the condition compares, now, for one triggering entity.

        Speed, relative speed (m/s), acceleration (m/s2), distances and tolerances (m), headway and
        time to collision (s), angles (rad); for collision, end of road, off road and clearance
        1.0 for yes and 0.0 for no; for standing still the speed. None where it is not defined: the
        condition is then not met.
        """
        ...

    def signal_state(self, name: str) -> str | None:
        """The state of a traffic signal that neither an action nor a controller has set."""
        ...

    def user_value(self, name: str) -> str | None:
        """A value from outside (UserDefinedValueCondition); None where there is none."""
        ...
