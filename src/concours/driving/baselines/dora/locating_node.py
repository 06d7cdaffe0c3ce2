"""From satellite fixes, compass and speed to the place on the map and on the way."""

from following import follower
from frames import Frames


def main():
    """Tell the place of every frame."""
    frames = Frames("tick", "gps", "imu", "speed")
    agent = None
    for frame, timestamp, values in frames:
        agent = agent or follower(frames.briefing)
        readings = {
            "gps": (frame, values["gps"].to_numpy()),
            "imu": (frame, values["imu"].to_numpy()),
            "speed": (frame, values["speed"][0].as_py()),
        }
        agent.locate(readings, timestamp)
        here = agent.locator
        frames.answer("place", frame, timestamp, here.x, here.y, here.heading, here.speed,
                      agent.metres, agent.aside)  # fmt: skip


main()
