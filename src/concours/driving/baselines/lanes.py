"""What the map says of the lanes beside the way."""

import math

from carla import LaneChange, LaneType, Location, Map

EVERY = 3.0
"""Metres between two places that are looked at."""


class Lanes:
    """Asks the map, and remembers the answers."""

    def __init__(self, opendrive, line):
        self._map = Map("map", opendrive)
        self._line = line
        self._known = {}

    def allow(self, begin, end, left, lawful=True):
        """Whether one may drive in the lane beside from some metres to others.

        lawful: over a line that may be crossed.
        """
        numbers = range(math.floor(begin / EVERY), math.ceil(end / EVERY) + 1)
        answers = [self._beside(number, left) for number in numbers]
        return all(there and (free or not lawful) for there, free in answers)

    def _beside(self, number, left):
        """(whether a lane to drive in is there, whether the line may be crossed)."""
        if (number, left) not in self._known:
            self._known[number, left] = self._ask(EVERY * number, left)
        return self._known[number, left]

    def _ask(self, metres, left):
        x, y, heading = self._line.at(metres)
        own = self._map.get_waypoint(Location(float(x), -float(y), 0.0))
        if own is None or own.is_junction:
            return False, False
        ahead = math.radians(-own.transform.rotation.yaw)
        if math.cos(ahead - float(heading)) < 0.5:  # another road, above or below
            return False, False
        mark = own.left_lane_marking if left else own.right_lane_marking
        lane = own.get_left_lane() if left else own.get_right_lane()
        there = lane is not None and lane.lane_type == LaneType.Driving
        return there, mark.lane_change != LaneChange.NONE
