"""From all that is sensed to the acceleration that is safe, and the point to steer at."""

import json

from caring import carer
from frames import Frames

COLUMNS = 11
"""Of the object list."""


def main():
    """Tell wish and aim of every frame."""
    frames = Frames("tick", "gps", "imu", "speed", "map", "objects", "lights")
    agent = None
    for frame, timestamp, values in frames:
        agent = agent or carer(frames.briefing)
        readings = {
            "gps": (frame, values["gps"].to_numpy()),
            "imu": (frame, values["imu"].to_numpy()),
            "speed": (frame, values["speed"][0].as_py()),
            "objects": (frame, values["objects"].to_numpy().reshape(-1, COLUMNS)),
            "lights": (frame, json.loads(values["lights"][0].as_py())),
        }
        if "map" in values:
            readings["map"] = (frame, values["map"][0].as_py())
        wish = agent.think(readings, timestamp)
        frames.answer("wish", frame, timestamp, agent.locator.speed, wish)
        frames.answer("aim", frame, timestamp, *agent.aim())


main()
