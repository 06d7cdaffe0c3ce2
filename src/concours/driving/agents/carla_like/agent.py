"""The base class of agents, and the commands along their way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import Enum, IntEnum
from typing import Any

from concours.driving.agents.carla_like.geometry import Transform
from concours.driving.agents.carla_like.values import VehicleControl

KEPT_APART = 200.0
"""Metres between the points of the way that an agent keeps, unless a command changes."""


class Track(Enum):
    """What an agent may ask for; MAP has the OpenDRIVE map as well."""

    SENSORS = "SENSORS"
    MAP = "MAP"
    SENSORS_QUALIFIER = "SENSORS_QUALIFIER"
    MAP_QUALIFIER = "MAP_QUALIFIER"


class RoadOption(IntEnum):
    """What to do at a point of the way."""

    VOID = -1
    LEFT = 1
    RIGHT = 2
    STRAIGHT = 3
    LANEFOLLOW = 4
    CHANGELANELEFT = 5
    CHANGELANERIGHT = 6


CHANGES = (RoadOption.CHANGELANELEFT, RoadOption.CHANGELANERIGHT)


class AutonomousAgent:
    """An agent as the CARLA leaderboard (1.0 and 2.0) and the CARSMOS kit know it.

    Attributes:
        track: set by setup(). lat_ref, lon_ref: degrees, of the map's origin; there from the start.
    """

    track = Track.SENSORS
    lat_ref = 0.0
    lon_ref = 0.0
    _global_plan: list[tuple[dict[str, float], RoadOption]] | None = None
    _global_plan_world_coord: list[tuple[Transform, RoadOption]] | None = None
    wallclock_t0: float | None = None

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """Called with nothing, with host, port and debug (2.0), with debug (CARSMOS), or with the
        config (1.0).

        With the config alone setup() is called from here, as 1.0 does.
        """
        configs = [*arguments, *(v for name, v in named.items() if name == "path_to_conf_file")]
        if len(configs) == 1 and isinstance(configs[0], str):
            self.setup(configs[0])
            self._is_set_up = True

    def setup(self, *arguments: Any) -> None:
        """Get ready; set `track`. Called with the config, and in the CARSMOS kit with the
        destination before it.
        """

    def sensors(self) -> list[dict[str, Any]]:
        """The sensors that the agent asks for."""
        return []

    def run_step(self, input_data: dict[str, tuple[int, Any]], timestamp: float) -> Any:
        """One step of 0.05 s: readings by sensor as (frame, data), and the time in seconds."""
        return VehicleControl()

    def destroy(self) -> None:
        """Clean up."""

    def set_global_plan(
        self,
        global_plan_gps: Sequence[tuple[dict[str, float], RoadOption]],
        global_plan_world_coord: Sequence[tuple[Transform, RoadOption]],
    ) -> None:
        """Take the way to drive: points on the earth and the same ones on the map."""
        kept = downsample_route(global_plan_world_coord, KEPT_APART)
        self._global_plan_world_coord = [
            (global_plan_world_coord[i][0], global_plan_world_coord[i][1]) for i in kept
        ]
        self._global_plan = [global_plan_gps[i] for i in kept]

    @staticmethod
    def get_ros_version() -> int:
        """-1: not a ROS agent."""
        return -1


def downsample_route(
    route: Sequence[tuple[Transform, RoadOption]], sample_factor: float
) -> list[int]:
    """Which points of a way to keep: ends, changes of command, and one each so many metres."""
    kept: list[int] = []
    travelled = 0.0
    for i, (where, command) in enumerate(route):
        if i:
            travelled += math.dist(tuple(where.location), tuple(route[i - 1][0].location))
        ends = i in (0, len(route) - 1)
        turns = i > 0 and command != route[i - 1][1] and route[i - 1][1] not in CHANGES
        leaves = 0 < i < len(route) - 1 and command in CHANGES and route[i + 1][1] != command
        if ends or turns or leaves or travelled > sample_factor:
            kept.append(i)
            travelled = 0.0
    return kept
