"""From the point to steer at to the steering wheel."""

from frames import Frames
from steering import steer_towards


def main():
    """Tell the wheel of every frame."""
    frames = Frames("aim")
    for frame, timestamp, values in frames:
        frames.answer("wheel", frame, timestamp, steer_towards(*values["aim"].to_pylist()))


main()
