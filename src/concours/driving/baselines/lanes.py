"""What the map says of the lanes beside the way."""

import math

from carla import LaneType, Location, Map

EVERY = 3.0
"""Metres between two places that are looked at."""


class Lanes:
    """Asks the map, and remembers the answers: (left, metres) to the kind of the lane there."""

    def __init__(self, opendrive, line):
        self._map = Map("map", opendrive)
        self._line = line
        self._known = {}

    def beside(self, metres, left):
        """"with" or "against" the traffic of the own lane; "" where one may not drive."""
        key = (left, round(metres / EVERY))
        if key not in self._known:
            self._known[key] = self._ask(EVERY * key[1], left)
        return self._known[key]

    def along(self, begin, end, left):
        """The same for a whole stretch; "" where it is not one and the same."""
        count = math.ceil((end - begin) / EVERY)
        kinds = {self.beside(begin + EVERY * number, left) for number in range(count + 1)}
        return kinds.pop() if len(kinds) == 1 else ""

    def _ask(self, metres, left):
        x, y, heading = self._line.at(metres)
        own = self._map.get_waypoint(Location(float(x), -float(y), 0.0))
        if own is None or own.is_junction:
            return ""
        ahead = math.radians(-own.transform.rotation.yaw)
        if math.cos(ahead - float(heading)) < 0.5:
            return ""
        mark = own.left_lane_marking if left else own.right_lane_marking
        lane = own.get_left_lane() if left else own.get_right_lane()
        if lane is None or lane.lane_type != LaneType.Driving or not mark.lane_change:
            return ""
        return "with" if own.lane_id * lane.lane_id > 0 else "against"
