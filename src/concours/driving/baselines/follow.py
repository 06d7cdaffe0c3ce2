"""Follows the way at a steady pace and minds nobody: a route, a PID controller, three sensors."""

import math

from carla import VehicleControl
from leaderboard.autoagents.autonomous_agent import AutonomousAgent
from locating import Locator
from steering import Pedals, steer_towards
from way import Way

PACE = 8.0
"""m/s on straight roads."""
SIDEWAYS = 1.8
"""m/s2 to the side that bends may cost."""
BRAKING = 1.5
"""m/s2 at which it slows down before bends and the end."""
SIGHT = 40.0
REAR_AXLE = 1.42
"""Metres of the rear axle behind the middle of the vehicle, where the sensors are."""


class Follow(AutonomousAgent):
    """Knows where it is, how fast it is, and the way."""

    def setup(self, path_to_conf_file):
        """Nothing to load."""
        self.locator = self.way = None
        self.pedals = Pedals()
        self.metres = 0.0

    def set_global_plan(self, global_plan_gps, global_plan_world_coord):
        """Keep every point: the usual kit thins them to one in fifty metres."""
        self.told = global_plan_gps

    def sensors(self):
        """Satellite fixes, compass, speed."""
        middle = {"x": 0.0, "y": 0.0, "z": 0.0}
        turn = {"roll": 0.0, "pitch": 0.0, "yaw": 0.0}
        return [
            {"type": "sensor.other.gnss", "id": "gps", **middle},
            {"type": "sensor.other.imu", "id": "imu", **middle, **turn},
            {"type": "sensor.speedometer", "id": "speed"},
        ]

    def run_step(self, input_data, timestamp):
        """Steer along the way, slower before bends."""
        self.locate(input_data, timestamp)
        wish = self.pace()
        throttle, brake = self.pedals.press(timestamp, self.locator.speed, wish)
        return VehicleControl(throttle=throttle, steer=self.steer(), brake=brake)

    def locate(self, input_data, timestamp):
        """Where the vehicle is, on the map and on the way."""
        if self.locator is None:
            self.locator = Locator(self.lat_ref, self.lon_ref)
            fixes = [(point["lat"], point["lon"]) for point, _ in self.told]
            commands = [command for _, command in self.told]
            self.way = Way([self.locator.place(*fix) for fix in fixes], commands)
        fix, imu = input_data["gps"][1], input_data["imu"][1]
        speed = input_data["speed"][1]["speed"]
        self.locator.update(timestamp, (fix[0], fix[1]), imu[6], speed)
        self.metres, self.aside = self.way.project(self.locator.x, self.locator.y, self.metres)

    def pace(self):
        """The speed from which every bend ahead can still be reached at its own."""
        wish = PACE
        for ahead in range(0, int(SIGHT), 2):
            bend = abs(self.way.bend(self.metres + ahead))
            there = math.sqrt(SIDEWAYS / max(bend, 1e-3))
            wish = min(wish, math.sqrt(there**2 + 2 * BRAKING * ahead))
        return wish

    def steer(self, offset=0.0):
        """Aim at a point of the way ahead; offset: metres to its left."""
        here = self.locator
        reach = 4.0 + 0.5 * here.speed
        x, y, heading = self.way.at(self.metres + reach)
        x, y = x - offset * math.sin(heading), y + offset * math.cos(heading)
        dx, dy = x - here.x, y - here.y
        cos, sin = math.cos(here.heading), math.sin(here.heading)
        return steer_towards(dx * cos + dy * sin + REAR_AXLE, dy * cos - dx * sin, here.speed)


def get_entry_point():
    """The agent's class."""
    return "Follow"
