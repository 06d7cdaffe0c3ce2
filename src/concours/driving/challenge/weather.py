"""Light and weather, as the table of the challenge names them."""

from __future__ import annotations

import math
from typing import NamedTuple

from concours.driving.challenge.xml import Node
from concours.driving.challenge.xosc import element


class Sky(NamedTuple):
    """light: "day" or "night". weather: "sunny", "clear", "rain" or "fog"."""

    light: str
    weather: str

    @property
    def words(self) -> str:
        """As the table says it."""
        return f"{self.light}, {self.weather}"


_SUN = {"day": (45.0, 50_000.0), "night": (-30.0, 0.1)}
"""Degrees above the horizon; intensity (lux)."""
_SIGHT = {("day", "fog"): 90.0, ("night", "fog"): 60.0, ("day", "rain"): 2_000.0,
          ("night", "rain"): 1_000.0}  # fmt: skip
"""Metres one sees; 20 km else."""
_RAIN = 8.0
"""mm/h."""
_GRIP = {"rain": 0.7, "fog": 0.9}


def environment_action(sky: Sky) -> Node:
    """Sets the environment."""
    height, intensity = _SUN[sky.light]
    rain = sky.weather == "rain"
    cloud = {"rain": "rainy", "fog": "overcast"}.get(sky.weather, "free")
    sun = element(
        "Sun", azimuth=math.radians(200.0), elevation=math.radians(height), intensity=intensity
    )  # fmt: skip
    weather = element(
        "Weather",
        sun,
        element("Fog", visualRange=_SIGHT.get((sky.light, sky.weather), 20_000.0)),
        element(
            "Precipitation",
            precipitationType="rain" if rain else "dry",
            precipitationIntensity=_RAIN if rain else 0.0,
        ),
        cloudState=cloud,
    )
    hour = "12:00:00" if sky.light == "day" else "22:00:00"
    environment = element(
        "Environment",
        element("TimeOfDay", animation="false", dateTime=f"2023-04-15T{hour}"),
        weather,
        element("RoadCondition", frictionScaleFactor=_GRIP.get(sky.weather, 1.0)),
        name=sky.words,
    )
    return element("GlobalAction", element("EnvironmentAction", environment))
