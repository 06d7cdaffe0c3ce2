"""From the place to the steering wheel."""

from following import follower, placed
from frames import Frames


def main():
    """Tell the wheel of every frame."""
    frames = Frames("place")
    agent = None
    for frame, timestamp, values in frames:
        agent = placed(agent or follower(frames.briefing), values["place"])
        frames.answer("wheel", frame, timestamp, agent.steer())


main()
