"""Time of day, weather, road. Radians clockwise from north, metres, pascal, kelvin, lux."""

from __future__ import annotations

from datetime import datetime

from concours.driving.scenarios.entities import BoundingBox, File, Properties
from concours.driving.scenarios.enums import (
    CloudState,
    FractionalCloudCover,
    PrecipitationType,
    Wetness,
)
from concours.driving.scenarios.nodes import Node, child, inline, node
from concours.driving.scenarios.parameters import ParameterDeclarations


@node
class TimeOfDay(Node):
    """The date and hour at the moment of the action; animation says whether it goes on."""

    animation: bool = False
    date_time: datetime


@node
class Sun(Node):
    """Where the sun stands, and how it shines (illuminance in lux; intensity until 1.1)."""

    azimuth: float
    elevation: float
    intensity: float | None = None
    illuminance: float | None = None


@node
class Fog(Node):
    """How far one sees (m)."""

    visual_range: float
    bounding_box: BoundingBox | None = None


@node
class Precipitation(Node):
    """Rain or snow (mm/h; intensity 0 .. 1 until 1.0)."""

    precipitation_type: PrecipitationType = PrecipitationType.DRY
    intensity: float | None = None
    precipitation_intensity: float | None = None


@node
class Wind(Node):
    """Wind: where it blows to (rad), and how fast (m/s)."""

    direction: float
    speed: float


@node
class DomeImage(Node):
    """A picture of the sky."""

    file: File = child("DomeFile")
    azimuth_offset: float | None = None


@node
class Weather(Node):
    """The weather; what is left out stays as it was."""

    cloud_state: CloudState | None = None
    fractional_cloud_cover: FractionalCloudCover | None = None
    atmospheric_pressure: float | None = None
    temperature: float | None = None
    sun: Sun | None = None
    fog: Fog | None = None
    precipitation: Precipitation | None = None
    wind: Wind | None = None
    dome_image: DomeImage | None = None


@node
class RoadCondition(Node):
    """The road's grip, as a factor."""

    friction_scale_factor: float = 1.0
    wetness: Wetness | None = None
    properties: Properties | None = None


@node
class Environment(Node):
    """All of it."""

    name: str = ""
    parameter_declarations: ParameterDeclarations | None = None
    time_of_day: TimeOfDay | None = None
    weather: Weather | None = None
    road_condition: RoadCondition | None = None


@node
class EnvironmentAction(Node):
    """Sets the environment."""

    MOVES_NOTHING = True

    environment: Environment = inline()
