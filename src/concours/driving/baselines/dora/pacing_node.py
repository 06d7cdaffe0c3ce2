"""From the place to throttle and brake."""

from following import follower, placed
from frames import Frames


def main():
    """Tell the pedals of every frame."""
    frames = Frames("place")
    agent = None
    for frame, timestamp, values in frames:
        agent = placed(agent or follower(frames.briefing), values["place"])
        throttle, brake = agent.pedals.press(timestamp, agent.locator.speed, agent.pace())
        frames.answer("pedals", frame, timestamp, throttle, brake)


main()
