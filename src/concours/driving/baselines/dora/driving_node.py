"""Pedals and wheel of a frame as one control."""

from frames import Frames


def main():
    """Answer every frame once."""
    frames = Frames("pedals", "wheel")
    for frame, timestamp, values in frames:
        throttle, brake = values["pedals"].to_pylist()
        (steer,) = values["wheel"].to_pylist()
        frames.answer("control", frame, timestamp, throttle, steer, brake)


main()
