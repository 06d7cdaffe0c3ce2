"""Light, rain and fog from a scenario's environment."""

from __future__ import annotations

import math
from datetime import datetime

from concours.driving.scenarios.enums import PrecipitationType
from concours.driving.scenarios.environment import Environment, Precipitation
from concours.driving.sensors import Weather

HARDEST = 50.0
"""mm/h of rain at intensity 1 (OpenSCENARIO 1.0 counts from 0 to 1)."""
DUSK = math.radians(-6.0)
"""The sun's elevation at which civil twilight ends."""
BRIGHT = math.radians(12.0)
"""The elevation from which it is full day."""
NIGHT = 0.02
"""The light of a night under the moon, of the day's."""
_CLEAR = Weather()


def weather_of(environment: Environment | None) -> Weather:
    """What sensors need to know of an environment; a clear day where nothing is said."""
    if environment is None:
        return _CLEAR
    weather = environment.weather
    light, fog = 1.0, math.inf
    sun = weather.sun if weather is not None else None
    if sun is not None:
        light = light_at(sun.elevation)
    elif environment.time_of_day is not None:
        light = light_at(_elevation(environment.time_of_day.date_time))
    rain = _rain(weather.precipitation) if weather is not None else 0.0
    if weather is not None and weather.fog is not None and weather.fog.visual_range > 0:
        fog = weather.fog.visual_range
    return Weather(light=light, rain=rain, visual_range=fog)


def light_at(elevation: float) -> float:
    """Share of the day's light by the sun's elevation (rad), through dusk smoothly."""
    part = min(max((elevation - DUSK) / (BRIGHT - DUSK), 0.0), 1.0)
    return NIGHT + (1.0 - NIGHT) * part * part * (3.0 - 2.0 * part)


def _elevation(time: datetime) -> float:
    """The sun's elevation at an equinox on the equator: up at six, down at eighteen."""
    hours = time.hour + time.minute / 60 + time.second / 3600
    return math.asin(math.sin(math.pi * (hours - 6.0) / 12.0))


def _rain(falling: Precipitation | None) -> float:
    """mm/h; snow as rain of the same amount of water."""
    if falling is None or falling.precipitation_type is PrecipitationType.DRY:
        return 0.0
    if falling.precipitation_intensity is not None:
        return max(falling.precipitation_intensity, 0.0)
    return HARDEST * min(max(falling.intensity or 0.0, 0.0), 1.0)
