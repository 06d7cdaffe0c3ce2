"""Where the vehicle is: satellite fixes smoothed by speed and compass."""

import math

EARTH_RADIUS = 6378137.0
TRUST = 0.06
"""Share of the way to each new fix: fixes are half a metre off, the odometry hardly at all."""


class Locator:
    """Keeps x, y (m, as the map has them: y to the left) and heading (rad)."""

    def __init__(self, latitude, longitude):
        """The map's origin in degrees."""
        self._unit = EARTH_RADIUS * math.cos(math.radians(latitude))
        self._east = self._unit * math.radians(longitude)
        self._north = self._unit * math.log(math.tan(math.radians(90 + latitude) / 2))
        self._time = None
        self._fixes = 0
        self.x = self.y = self.heading = self.speed = 0.0

    def place(self, latitude, longitude):
        """A fix on the map, by the spherical Mercator projection that simulators use."""
        north = self._unit * math.log(math.tan(math.radians(90 + latitude) / 2))
        return self._unit * math.radians(longitude) - self._east, north - self._north

    def update(self, time, fix, compass, speed):
        """fix: (latitude, longitude); compass: rad, 0 to the north, clockwise; speed: m/s."""
        heading = math.pi / 2 - compass
        if self._time is not None:
            way = (time - self._time) * (speed + self.speed) / 2
            self.x += way * math.cos(heading)
            self.y += way * math.sin(heading)
        x, y = self.place(*fix)
        self._fixes += 1
        share = max(TRUST, 1 / self._fixes)  # at the start all fixes count alike
        self.x += share * (x - self.x)
        self.y += share * (y - self.y)
        self._time, self.heading, self.speed = time, heading, speed
