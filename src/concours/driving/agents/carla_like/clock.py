"""What agents ask the scenario runner for: the time they get, the truth they do not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any


class GameTime:
    """Seconds and frames of the simulation, as the last step was given them."""

    _seconds = 0.0
    _frame = 0

    @classmethod
    def on_step(cls, frame: int, seconds: float) -> None:
        """A step begins."""
        cls._frame, cls._seconds = frame, seconds

    @classmethod
    def get_time(cls) -> float:
        """Seconds."""
        return cls._seconds

    @classmethod
    def get_frame(cls) -> int:
        """Frames of 0.05 s."""
        return cls._frame

    @classmethod
    def get_carla_time(cls) -> float:
        """Seconds."""
        return cls._seconds

    @staticmethod
    def get_wallclocktime() -> datetime:
        """The time on the wall, of which nothing here depends."""
        return datetime.now()  # noqa: DTZ005


class _Unanswered(type):
    """Every question that a class of it is asked has the answer None."""

    def __getattr__(cls, name: str) -> Callable[..., None]:
        if name.startswith("_"):
            raise AttributeError(name)
        return _nothing


def _nothing(*arguments: Any, **named: Any) -> None:
    return None


class CarlaDataProvider(metaclass=_Unanswered):
    """There is no simulator to ask, and no truth to be had: agents drive by their sensors.

    The map is read by the sensor sensor.opendrive_map.
    """
