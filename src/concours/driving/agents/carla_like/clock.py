"""What agents ask the scenario runner for: the time they get, the truth they do not."""

from __future__ import annotations

from datetime import datetime


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


class CarlaDataProvider:
    """There is no simulator to ask, and no truth to be had: agents drive by their sensors."""

    @staticmethod
    def get_world() -> None:
        """None."""

    @staticmethod
    def get_client() -> None:
        """None."""

    @staticmethod
    def get_map() -> None:
        """None; the map is read by the sensor sensor.opendrive_map."""

    @staticmethod
    def get_hero_actor() -> None:
        """None."""
