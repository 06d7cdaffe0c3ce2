"""Points in the middle of lanes, and the ways between them."""

from __future__ import annotations

import math
import zlib

from concours.driving import roads
from concours.driving.agents.carla_like.axes import transform_of
from concours.driving.agents.carla_like.geometry import Transform
from concours.driving.agents.carla_like.values import (
    LANE_TYPE_OF,
    MARKINGS,
    LaneChange,
    LaneMarking,
    LaneMarkingColor,
    LaneMarkingType,
    LaneType,
)

INSIDE = 1e-6
"""Metres that a waypoint keeps from the ends of its section, so that it belongs to one."""
COLORS = {
    "white": LaneMarkingColor.White, "standard": LaneMarkingColor.Standard,
    "blue": LaneMarkingColor.Blue, "green": LaneMarkingColor.Green,
    "red": LaneMarkingColor.Red, "yellow": LaneMarkingColor.Yellow,
}  # fmt: skip
CHANGES = {
    "increase": {1}, "decrease": {-1}, "both": {1, -1}, "none": set[int](),
}  # fmt: skip
"""Towards which lane ids a mark lets pass."""


class Waypoint:
    """The middle of a lane at a station, looking as the lane's traffic does."""

    def __init__(self, network: roads.RoadNetwork, road: str, lane: int, s: float) -> None:
        self._network, self._road = network, road
        self._low, self._high = next(
            (low, high) for low, high in network.sections(road)[::-1] if s >= low or low == 0.0
        )
        room = min(INSIDE, (self._high - self._low) / 2)
        self.s = min(max(s, self._low + room), self._high - room)
        self.lane_id = lane
        self._along = network.direction(road, lane, self.s) or (1 if lane < 0 else -1)

    def __repr__(self) -> str:
        return f"Waypoint(road_id={self.road_id}, lane_id={self.lane_id}, s={self.s:.3f})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Waypoint) and self.id == other.id

    def __hash__(self) -> int:
        return self.id

    @property
    def station(self) -> tuple[str, int, float]:
        """Road, lane and s by the map's own names."""
        return self._road, self.lane_id, self.s

    @property
    def id(self) -> int:
        """The same number for the same place, in every run."""
        text = f"{self._road} {self._low} {self.lane_id} {self.s:.4f}"
        return zlib.crc32(text.encode())

    @property
    def road_id(self) -> int:
        """The road's id; its place in the file where the id is not a number."""
        return int(self._road) if self._road.isdecimal() else self._network.index(self._road)

    @property
    def section_id(self) -> int:
        """The section's place in the road."""
        return self._network.sections(self._road).index((self._low, self._high))

    @property
    def transform(self) -> Transform:
        """Where it is."""
        pose = self._network.lane_pose(self._road, self.lane_id, self.s)
        return transform_of(*pose[:6], turned=self._along < 0)

    @property
    def is_junction(self) -> bool:
        """Whether its road is part of a junction."""
        return self._network.junction(self._road) != ""

    is_intersection = is_junction

    @property
    def junction_id(self) -> int:
        """The junction's id, -1 where there is none."""
        name = self._network.junction(self._road)
        return int(name) if name.isdecimal() else -1

    @property
    def lane_width(self) -> float:
        """Metres."""
        return self._network.lane_width(self._road, self.lane_id, self.s)

    @property
    def lane_type(self) -> LaneType:
        """What the lane is for."""
        return LANE_TYPE_OF[self._network.lane_type(self._road, self.lane_id, self.s)]

    def next(self, distance: float) -> list[Waypoint]:
        """Where traffic may be so many metres on: one for each way it can take."""
        return self._walk(distance, back=False)

    def previous(self, distance: float) -> list[Waypoint]:
        """Where traffic may have been so many metres before."""
        return self._walk(distance, back=True)

    def next_until_lane_end(self, distance: float) -> list[Waypoint]:
        """Waypoints so many metres apart to the end of the lane's section."""
        return self._steps(distance, self._left(back=False), self._along)

    def previous_until_lane_start(self, distance: float) -> list[Waypoint]:
        """Waypoints so many metres apart back to the start of the lane's section."""
        return self._steps(distance, self._left(back=True), -self._along)

    def get_left_lane(self) -> Waypoint | None:
        """The lane on the left as traffic drives, the oncoming one too; None where none is."""
        return self._beside(self._along)

    def get_right_lane(self) -> Waypoint | None:
        """The lane on the right as traffic drives, of any type; None where none is."""
        return self._beside(-self._along)

    @property
    def left_lane_marking(self) -> LaneMarking:
        """The line on the left as traffic drives."""
        return self._marking(self._along)

    @property
    def right_lane_marking(self) -> LaneMarking:
        """The line on the right as traffic drives."""
        return self._marking(-self._along)

    @property
    def lane_change(self) -> LaneChange:
        """To which sides the lines let pass."""
        right = self.right_lane_marking.lane_change & LaneChange.Right
        left = self.left_lane_marking.lane_change & LaneChange.Left
        return LaneChange(right | left)

    def at_start(self) -> Waypoint:
        """Where traffic enters the lane's section."""
        return self._at(self._low if self._along > 0 else self._high)

    def at_end(self) -> Waypoint:
        """Where traffic leaves the lane's section."""
        return self._at(self._high if self._along > 0 else self._low)

    def following(self, *, back: bool = False) -> list[Waypoint]:
        """The lanes that traffic enters next, or comes from: where it does."""
        ask = self._network.predecessors if back else self._network.successors
        ends = ask(self._road, self.lane_id, self.s, against=self._along < 0)
        return [self._enter(end, back=back) for end in ends]

    def _at(self, s: float) -> Waypoint:
        room = min(INSIDE, (self._high - self._low) / 2)
        inside = min(max(s, self._low + room), self._high - room)
        return Waypoint(self._network, self._road, self.lane_id, inside)

    def _enter(self, end: roads.LaneEnd, *, back: bool) -> Waypoint:
        """A waypoint in the section that is met at a border between two sections."""
        for low, high in self._network.sections(end.road):
            if end.s not in (low, high):
                continue
            s = low + INSIDE if end.s == low else high - INSIDE
            try:
                found = Waypoint(self._network, end.road, end.lane, s)
            except roads.UnknownRoad:
                continue
            if (found._along > 0) == ((end.s == low) != back):
                return found
        raise RuntimeError(f"{end} is at no end of a section")

    def _left(self, *, back: bool) -> float:
        """Metres to the end of the section, as traffic drives or back."""
        return self._high - self.s if (self._along > 0) != back else self.s - self._low

    def _walk(self, distance: float, *, back: bool) -> list[Waypoint]:
        if not distance > 0.0:
            raise RuntimeError("the distance must be more than 0")
        found = []
        open_ends = [(self, distance)]
        while open_ends:
            here, rest = open_ends.pop()
            left = here._left(back=back)
            if rest <= left:
                found.append(here._at(here.s + (rest if (here._along > 0) != back else -rest)))
            else:
                after = here.following(back=back)
                rest = max(rest - left, 2 * INSIDE)
                open_ends += [(one, rest) for one in reversed(after)]
        return found

    def _steps(self, distance: float, left: float, sign: int) -> list[Waypoint]:
        if not distance > 0.0:
            raise RuntimeError("the distance must be more than 0")
        count = math.floor(left / distance)
        return [self._at(self.s + sign * distance * (i + 1)) for i in range(count)] + [
            self._at(self.s + sign * left)
        ]

    def _beside(self, step: int) -> Waypoint | None:
        lane = self.lane_id + step or step
        if lane not in self._network.lanes(self._road, self.s):
            return None
        return Waypoint(self._network, self._road, lane, self.s)

    def _marking(self, step: int) -> LaneMarking:
        """The line towards larger (1) or smaller (-1) lane ids."""
        border = self.lane_id + step if self.lane_id * step < 0 else self.lane_id
        marks = self._network.marks(self._road, self.s)
        mark = next((one for one in marks if one.lane == border), None)
        if mark is None:
            return LaneMarking()
        kind = MARKINGS.get(mark.type, LaneMarkingType.Other)
        broken = kind in (LaneMarkingType.Broken, LaneMarkingType.BrokenBroken)
        allowed = CHANGES.get(mark.lane_change, {1, -1} if broken else set())
        sides = {self._along: LaneChange.Left, -self._along: LaneChange.Right}
        change = LaneChange(sum(sides[one] for one in sorted(allowed)))
        width = 0.0 if math.isnan(mark.width) else mark.width
        return LaneMarking(kind, COLORS.get(mark.color, LaneMarkingColor.Other), change, width)
