"""From the place to the steering wheel."""

from following import follower, placed
from frames import Frames


def main():
    """Tell the wheel of every frame."""
    frames = Frames("place")
    agent = None
    for frame, timestamp, values in frames:
        agent = placed(agent or follower(frames.briefing), values["place"][0].as_py())
        frames.answer("wheel", frame, timestamp, {"steer": float(agent.steer())})


main()
