"""Minds others: predicts them, stops for them, passes what stands; sees objects and lights.

Every step: where am I (locating), what do others do in five seconds (predicting), is something
to be passed (passing), which acceleration is safe (minding), steering wheel and pedals.
"""

import math

import numpy as np
from carla import VehicleControl
from lanes import Lanes
from leaderboard.autoagents.autonomous_agent import AutonomousAgent
from lining import Line, Path
from locating import Locator
from minding import Taken, bounds, slowed
from passing import PATIENCE, RAMPS, around, find_block, is_free, longer
from predicting import STANDS, Tracks, boxes
from pushing import Push
from steering import steer_towards
from way import Way

PACE = 8.0
"""m/s on straight roads."""
SIDEWAYS = 1.6
"""m/s2 to the side that bends may cost."""
BRAKING = 1.2
"""m/s2 at which it slows down before bends and blind spots."""
REAR_AXLE = 1.42
"""Metres of the rear axle behind the middle of the vehicle, where the sensors are."""
FRONT = 2.45
"""Metres of the vehicle's front before its middle."""
SIGHT = 70
"""Metres of the path that are thought about."""
BLIND_PACE, BLIND_ROOM = 4.0, 3.0
"""m/s past somebody tall who stands, where the gap to the side is less than so many metres."""
AHEAD = 12.0
"""Metres before which a detour is decided on."""
ROOM_TO_LEAVE = 15.5
"""Metres before what stands there, at which to wait until it can be passed."""
STUCK = 10.0
"""Seconds of standing after which a line is crossed that should not be."""
HARD = 3.0
"""m/s2 at which it stops before a yellow light."""


class Careful(AutonomousAgent):
    """Knows where it is, the way, the map, who is around, and the lights."""

    def setup(self, path_to_conf_file):
        """Nothing to load."""
        self.locator = self.way = self.lanes = self.detour = self.path = None
        self.map = ""
        self.pedals = Push()
        self.tracks = Tracks()
        self.metres = 0.0
        self.waits_since = None

    def set_global_plan(self, global_plan_gps, global_plan_world_coord):
        """Keep every point: the usual kit thins them to one in fifty metres."""
        self.told = global_plan_gps

    def sensors(self):
        """Satellite fixes, compass, speed, map, objects, lights."""
        middle = {"x": 0.0, "y": 0.0, "z": 0.0}
        turn = {"roll": 0.0, "pitch": 0.0, "yaw": 0.0}
        return [
            {"type": "sensor.other.gnss", "id": "gps", **middle},
            {"type": "sensor.other.imu", "id": "imu", **middle, **turn},
            {"type": "sensor.speedometer", "id": "speed"},
            {"type": "sensor.opendrive_map", "id": "map"},
            {"type": "sensor.object_list", "id": "objects"},
            {"type": "sensor.traffic_lights", "id": "lights"},
        ]

    def run_step(self, input_data, timestamp):
        """Look, think, act."""
        wish = self.think(input_data, timestamp)
        throttle, brake = self.pedals.press(timestamp, self.locator.speed, wish)
        return VehicleControl(throttle=throttle, steer=steer_towards(*self.aim()), brake=brake)

    def think(self, input_data, timestamp):
        """The acceleration (m/s2) that is safe now."""
        self.locate(input_data, timestamp)
        self.tracks.update(timestamp, self.locator, input_data["objects"][1])
        wall = self.pass_by(timestamp)
        self.look_ahead()
        return self.mind(timestamp, min(wall, self.stop_line(input_data["lights"][1])))

    def locate(self, input_data, timestamp):
        """Where the vehicle is, on the map and on the way."""
        if self.locator is None:
            self.locator = Locator(self.lat_ref, self.lon_ref)
            fixes = [(point["lat"], point["lon"]) for point, _ in self.told]
            commands = [command for _, command in self.told]
            self.way = Way([self.locator.place(*fix) for fix in fixes], commands)
            self.line = Line(self.way)
        if "map" in input_data:
            self.map = input_data["map"][1]["opendrive"]
        fix, imu = input_data["gps"][1], input_data["imu"][1]
        speed = input_data["speed"][1]["speed"]
        self.locator.update(timestamp, (fix[0], fix[1]), imu[6], speed)
        self.metres, _ = self.way.project(self.locator.x, self.locator.y, self.metres)
        if speed > STANDS:
            self.waits_since = None
        elif self.waits_since is None:
            self.waits_since = timestamp

    def stop_line(self, lights):
        """Metres of the way before which to stop for a light; inf for none."""
        for light in lights:
            rest, speed = light["distance"], self.locator.speed
            red = light["state"] == "red" and speed**2 / 14 < rest + 0.5
            yellow = light["state"] == "yellow" and speed**2 / (2 * HARD) < rest
            if red or yellow:
                return self.metres + FRONT + rest - 0.3
        return math.inf

    def pass_by(self, timestamp):
        """Begin, keep or end a detour; metres before which to wait for one, inf for none."""
        block = find_block(self.tracks, self.line, timestamp, self.metres)
        if self.detour is not None and self.metres > self.detour.begin:
            self.detour = longer(self.detour, block)
            if self.metres > self.detour.end:
                self.detour = None
            return math.inf
        waited = self.waited(timestamp)
        if block is None or not (block.things or block.stood > PATIENCE):
            self.detour = None
            return math.inf
        if self.detour is None or not self.is_free(self.detour):
            self.detour = self.find_detour(block, waited) if block.things or waited > 2 else None
        return math.inf if self.detour is not None else block.low - ROOM_TO_LEAVE

    def find_detour(self, block, waited):
        """One that the lines and others allow; None for none."""
        if self.lanes is None:
            self.lanes = Lanes(self.map, self.line)
        for ramp in RAMPS:
            for left in (True, False):
                detour = around(block, self.metres, left, ramp)
                if detour is None or detour.begin > self.metres + AHEAD:
                    continue
                lawful = waited < STUCK
                if self.lanes.allow(*detour.over_the_line, left, lawful) and self.is_free(detour):
                    return detour
        return None

    def waited(self, timestamp):
        """For how many seconds it has been standing."""
        return 0.0 if self.waits_since is None else timestamp - self.waits_since

    def is_free(self, detour):
        """Whether nobody comes there."""
        return is_free(detour, self.tracks, self.line, self.metres, self.locator.speed)

    def look_ahead(self):
        """The path that comes next, and the squares of the speeds at which its bends are met."""
        begin = math.floor(self.metres) - 6
        if self.path is None or (self.path.begin, self.path.detour) != (begin, self.detour):
            self.path = Path(self.line, begin, SIGHT, self.detour)
            self.squares = bounds(self.path, PACE, SIDEWAYS, BRAKING) ** 2

    def mind(self, timestamp, wall):
        """The acceleration (m/s2) that is safe."""
        path, squares = self.path, self.squares.copy()
        shy = max(0.4, 1.0 - 0.1 * max(self.waited(timestamp) - 6.0, 0.0))  # nobody waits forever
        taken = Taken(path)
        for track in self.tracks:
            if self.is_behind(track):
                continue
            ahead = boxes(track, self.line)
            taken.add(ahead, shy * (0.9 if track.person else 0.5))
            if abs(track.speed) < STANDS and track.size[2] > 1.2 and track.size[0] > 3.0:
                self.slow_beside(path, ahead[0], squares)
        if math.isfinite(wall):
            taken.wall(wall - 1.4)
        bound = slowed(squares, BRAKING)
        speed = self.locator.speed
        here = float(np.interp(self.metres, path.metres, bound))
        wish = taken.choose(self.metres, speed, bound, 0.5 * shy)
        return min(wish, max(1.2 * (here - speed), -2.0))

    def is_behind(self, track):
        """Whoever follows in the own lane has to mind us."""
        along, left, heading = track.beside(self.line)
        if along + track.size[0] / 2 > self.metres - FRONT + 0.5:
            return False
        alike = math.cos(track.heading - heading) > 0.8
        return abs(left) < 1.7 or (alike and self.detour is not None)

    def slow_beside(self, path, box, squares):
        """Somebody may step out from behind what stands beside the path."""
        away = np.hypot(path.x - box[0], path.y - box[1])
        number = int(np.argmin(away))
        gap = away[number] - box[4] - 1.05
        if number > 3 and 0.0 < gap < BLIND_ROOM:
            reach = math.ceil(box[3])
            near = slice(max(number - reach - 1, 0), number + reach + 4)
            squares[near] = np.minimum(squares[near], BLIND_PACE**2)

    def aim(self):
        """A point of the path, ahead and to the left of the rear axle (m), and the speed (m/s)."""
        here = self.locator
        reach = 3.0 + 0.4 * here.speed
        x, y, heading = (float(value) for value in self.line.at(self.metres + reach))
        if self.detour is not None:
            aside = float(self.detour.aside(np.array(self.metres + reach)))
            x, y = x - aside * math.sin(heading), y + aside * math.cos(heading)
        dx, dy = x - here.x, y - here.y
        cos, sin = math.cos(here.heading), math.sin(here.heading)
        return dx * cos + dy * sin + REAR_AXLE, dy * cos - dx * sin, here.speed


def get_entry_point():
    """The agent's class."""
    return "Careful"
