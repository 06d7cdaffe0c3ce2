"""What a place is: where positions of a scenario lead."""

from __future__ import annotations

from dataclasses import dataclass


class NoPlace(ValueError):
    """A position that is nowhere: no such road, no entity, no projection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Somewhere.

    x, y, z: metres; z is None for the road's surface. heading: None for along the lane's traffic.
    road, lane: index and row, -1 off the roads. s: metres; offset: from the lane's middle, to the
    left of s; across: t. course: heading of traffic in the lane, or of s.
    """

    x: float
    y: float
    z: float | None = None
    heading: float | None = None
    pitch: float | None = None
    roll: float | None = None
    road: int = -1
    lane: int = -1
    s: float = 0.0
    offset: float = 0.0
    across: float = 0.0
    course: float = 0.0

    @property
    def facing(self) -> float:
        """The heading, or that of the traffic there."""
        return self.course if self.heading is None else self.heading
