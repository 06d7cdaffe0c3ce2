"""What the ego of a scenario is asked to do."""

from __future__ import annotations

from dataclasses import dataclass

from concours.driving.roads import Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Drive from here to there in time.

    Attributes:
        ego: name of the entity that the algorithm drives.
        start: x, y, z (m), heading (rad) at the moment 0.
        goal: x, y, z (m). radius: how near counts as there (m).
        mileage: metres of the expected way, the shortest one on the roads.
        time_limit: seconds from the start.
        speed_limit: the greatest speed allowed anywhere on the way (m/s); inf where nothing says.
        route: the expected way; None on a scene without a map, or where no lanes lead there.
    """

    ego: str
    start: tuple[float, float, float, float]
    goal: tuple[float, float, float]
    radius: float
    mileage: float
    time_limit: float
    speed_limit: float
    route: Route | None = None
