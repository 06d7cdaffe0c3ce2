"""What an agent senses: the field's layouts, declared noise, nothing that it must not know."""

from concours.driving.sensors.scene import (
    Ego,
    Lamp,
    Others,
    SensedScene,
    SignalAhead,
    Weather,
    no_others,
)
from concours.driving.sensors.specs import BadSensors, SensorSpec, parse_sensors
from concours.driving.sensors.suite import SensorSuite
from concours.driving.sensors.surroundings import GeoReference, Surroundings
from concours.driving.sensors.tags import CATEGORIES, Tag
from concours.driving.sensors.terrain import Terrain, flat, terrain_of

__all__ = [
    "CATEGORIES",
    "BadSensors",
    "Ego",
    "GeoReference",
    "Lamp",
    "Others",
    "SensedScene",
    "SensorSpec",
    "SensorSuite",
    "SignalAhead",
    "Surroundings",
    "Tag",
    "Terrain",
    "Weather",
    "flat",
    "no_others",
    "parse_sensors",
    "terrain_of",
]
