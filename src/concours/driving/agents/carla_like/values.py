"""Controls, colours and enumerations with CARLA's names and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


@dataclass(slots=True)
class VehicleControl:
    """throttle and brake 0 to 1, steer -1 (left) to 1 (right)."""

    throttle: float = 0.0
    steer: float = 0.0
    brake: float = 0.0
    hand_brake: bool = False
    reverse: bool = False
    manual_gear_shift: bool = False
    gear: int = 0


@dataclass(slots=True)
class Color:
    r: int = 0
    g: int = 0
    b: int = 0
    a: int = 255


class LaneType(IntEnum):
    """Bits; `LaneType.Driving | LaneType.Sidewalk` is an int that queries take."""

    NONE = 0x1
    Driving = 0x1 << 1
    Stop = 0x1 << 2
    Shoulder = 0x1 << 3
    Biking = 0x1 << 4
    Sidewalk = 0x1 << 5
    Border = 0x1 << 6
    Restricted = 0x1 << 7
    Parking = 0x1 << 8
    Bidirectional = 0x1 << 9
    Median = 0x1 << 10
    Special1 = 0x1 << 11
    Special2 = 0x1 << 12
    Special3 = 0x1 << 13
    RoadWorks = 0x1 << 14
    Tram = 0x1 << 15
    Rail = 0x1 << 16
    Entry = 0x1 << 17
    Exit = 0x1 << 18
    OffRamp = 0x1 << 19
    OnRamp = 0x1 << 20
    Any = -2


LANE_TYPE_OF = {
    "none": LaneType.NONE, "driving": LaneType.Driving, "stop": LaneType.Stop,
    "shoulder": LaneType.Shoulder, "biking": LaneType.Biking, "sidewalk": LaneType.Sidewalk,
    "border": LaneType.Border, "restricted": LaneType.Restricted, "parking": LaneType.Parking,
    "bidirectional": LaneType.Bidirectional, "median": LaneType.Median,
    "special1": LaneType.Special1, "special2": LaneType.Special2, "special3": LaneType.Special3,
    "roadWorks": LaneType.RoadWorks, "tram": LaneType.Tram, "rail": LaneType.Rail,
    "entry": LaneType.Entry, "exit": LaneType.Exit, "offRamp": LaneType.OffRamp,
    "onRamp": LaneType.OnRamp,
    "connectingRamp": LaneType.OnRamp, "bus": LaneType.Driving, "taxi": LaneType.Driving,
    "HOV": LaneType.Driving, "mwyEntry": LaneType.Entry, "mwyExit": LaneType.Exit,
    "slipLane": LaneType.Driving, "shared": LaneType.Driving, "walking": LaneType.Sidewalk,
    "curb": LaneType.Border,
}  # fmt: skip
"""By OpenDRIVE's names; the last rows are newer than CARLA and take what is nearest to them."""


def lane_types(bits: int) -> frozenset[str]:
    """OpenDRIVE's names for a set of bits."""
    return frozenset(name for name, one in LANE_TYPE_OF.items() if bits & one)


class LaneChange(IntEnum):
    NONE = 0
    Right = 1
    Left = 2
    Both = 3


class LaneMarkingType(IntEnum):
    NONE = 10
    Other = 0
    Broken = 1
    Solid = 2
    SolidSolid = 3
    SolidBroken = 4
    BrokenSolid = 5
    BrokenBroken = 6
    BottsDots = 7
    Grass = 8
    Curb = 9


class LaneMarkingColor(IntEnum):
    Standard = 0
    White = 0
    Blue = 1
    Green = 2
    Red = 3
    Yellow = 4
    Other = 5


MARKINGS = {
    "none": LaneMarkingType.NONE, "solid": LaneMarkingType.Solid,
    "broken": LaneMarkingType.Broken, "solid solid": LaneMarkingType.SolidSolid,
    "solid broken": LaneMarkingType.SolidBroken, "broken solid": LaneMarkingType.BrokenSolid,
    "broken broken": LaneMarkingType.BrokenBroken, "botts dots": LaneMarkingType.BottsDots,
    "grass": LaneMarkingType.Grass, "curb": LaneMarkingType.Curb,
}  # fmt: skip


class TrafficLightState(IntEnum):
    Red = 0
    Yellow = 1
    Green = 2
    Off = 3
    Unknown = 4


@dataclass(slots=True)
class LaneMarking:
    """The line at one side of a lane; width in metres, 0 where the map gives none."""

    type: LaneMarkingType = LaneMarkingType.NONE
    color: LaneMarkingColor = LaneMarkingColor.Standard
    lane_change: LaneChange = LaneChange.NONE
    width: float = 0.0


@dataclass(slots=True)
class WeatherParameters:
    """The weather that somebody names. Nothing here sets it; the scenario does."""

    cloudiness: float = 0.0
    precipitation: float = 0.0
    precipitation_deposits: float = 0.0
    wind_intensity: float = 0.0
    sun_azimuth_angle: float = 0.0
    sun_altitude_angle: float = 0.0
    fog_density: float = 0.0
    fog_distance: float = 0.0
    wetness: float = 0.0
    fog_falloff: float = 0.0


for _sun in ("Noon", "Sunset", "Night"):
    for _sky in (
        "Clear",
        "Cloudy",
        "Wet",
        "WetCloudy",
        "SoftRain",
        "MidRainy",
        "MidRain",
        "HardRain",
    ):
        setattr(WeatherParameters, _sky + _sun, WeatherParameters())
