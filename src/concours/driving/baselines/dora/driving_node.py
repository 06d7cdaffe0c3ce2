"""Pedals and wheel of a frame as one control."""

from frames import Frames


def main():
    """Answer every frame once."""
    frames = Frames("pedals", "wheel")
    for frame, timestamp, values in frames:
        control = {**values["pedals"][0].as_py(), **values["wheel"][0].as_py()}
        frames.answer("control", frame, timestamp, control)


main()
