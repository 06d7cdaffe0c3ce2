"""From the acceleration that is wished to throttle and brake."""

from frames import Frames
from pushing import Push


def main():
    """Tell the pedals of every frame."""
    frames, pedals = Frames("wish"), Push()
    for frame, timestamp, values in frames:
        speed, wish = values["wish"].to_pylist()
        frames.answer("pedals", frame, timestamp, *pedals.press(timestamp, speed, wish))


main()
