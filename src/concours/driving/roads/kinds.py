"""The standard's enumerations as small integers, and sets of lane types as bits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

LANE_TYPES: Final = (
    "none", "driving", "stop", "shoulder", "biking", "sidewalk", "border", "restricted",
    "parking", "bidirectional", "median", "special1", "special2", "special3", "roadWorks",
    "tram", "rail", "entry", "exit", "offRamp", "onRamp", "connectingRamp", "bus", "taxi",
    "HOV", "mwyEntry", "mwyExit", "curb", "walking", "shared", "slipLane",
)  # fmt: skip
"""Lane types of OpenDRIVE 1.1 to 1.9 (e_laneType); the index is the code."""
LANE_CODES: Final = {name: code for code, name in enumerate(LANE_TYPES)}
DRIVABLE: Final = frozenset({
    "driving", "bidirectional", "entry", "exit", "offRamp", "onRamp", "connectingRamp", "bus",
    "taxi", "HOV", "mwyEntry", "mwyExit", "slipLane", "shared",
})  # fmt: skip
"""Lanes that traffic drives on."""
WALKABLE: Final = frozenset({"sidewalk", "walking", "shared"})
ANY: Final = frozenset(LANE_TYPES)

MARK_TYPES: Final = (
    "none", "solid", "broken", "solid solid", "solid broken", "broken solid", "broken broken",
    "botts dots", "grass", "curb", "custom", "edge",
)  # fmt: skip
"""Types of road marks (e_roadMarkType)."""
MARK_CODES: Final = {name: code for code, name in enumerate(MARK_TYPES)}
LANE_CHANGES: Final = ("", "none", "increase", "decrease", "both")
"""Lane changes that a mark allows; "" where the file does not say."""

SPEED_UNITS: Final = {"": 1.0, "m/s": 1.0, "km/h": 1 / 3.6, "kmh": 1 / 3.6, "mph": 0.44704}
"""Metres per second in one unit of speed."""


def mask(types: Iterable[str]) -> int:
    """Lane types as bits. Raises KeyError for a name that is not a lane type."""
    return sum(1 << LANE_CODES[name] for name in set(types))
