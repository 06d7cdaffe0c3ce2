"""An agent's list of sensors: read, or refused with the sensor, the value and the limit."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from concours.driving.sensors.kinds import (
    FRAMES_A_SECOND,
    KINDS,
    LIDAR_TYPE,
    RADAR_TYPE,
    REACH,
    TRACKS,
    Parameter,
)

MOST = 32
"""Sensors in a list; more than any track allows together."""
ID_LENGTH = 64
SHOWN = 40
"""Characters of an agent's value that a message repeats."""


class BadSensors(ValueError):
    """A list of sensors that is not allowed; the message names the sensor, the value, the limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorSpec:
    """One sensor as it will be read.

    Attributes:
        id: the agent's own word for it. type: one of KINDS.
        values: every parameter of the type; degrees, metres, hertz.
    """

    id: str
    type: str
    values: Mapping[str, float]

    @property
    def period(self) -> int:
        """Frames between two readings."""
        rate = "rotation_frequency" if self.type == LIDAR_TYPE else "reading_frequency"
        return max(1, round(FRAMES_A_SECOND / self.values[rate]))


def parse_sensors(sensors: object, *, track: str = "carsmos") -> tuple[SensorSpec, ...]:
    """What an agent's `sensors()` gave, checked and with defaults filled in.

    sensors: a list of dicts with "type", "id" and parameters, as the CARLA leaderboard has it.
    track: "carsmos" (as that challenge allows) or "objects" (object list, traffic lights,
    semantic and depth cameras and the bird's-eye raster too).
    Raises BadSensors for anything else than allowed, ValueError for a track that is none.
    """
    if track not in TRACKS:
        raise ValueError(f"a track is one of {', '.join(TRACKS)}, not {track!r}")
    if isinstance(sensors, str | bytes | Mapping) or not isinstance(sensors, Sequence):
        raise BadSensors(f"sensors() gives a list of dicts, not {_shown(sensors)}")
    if len(sensors) > MOST:
        raise BadSensors(f"sensors() gives {len(sensors)} sensors; at most {MOST} are read")
    specs = tuple(_spec(number, one, track) for number, one in enumerate(sensors))
    _refuse_too_many(specs, track)
    _refuse_doubles(specs)
    return specs


def _spec(number: int, given: object, track: str) -> SensorSpec:
    called = f"sensor {number + 1}"
    if not isinstance(given, Mapping):
        raise BadSensors(f"{called} is a dict, not {_shown(given)}")
    name = given.get("id")
    if not isinstance(name, str) or not 1 <= len(name) <= ID_LENGTH:
        raise BadSensors(
            f"{called}: its id is {_shown(name)}; it is 1 to {ID_LENGTH} characters of text"
        )
    called = f"sensor {_shown(name)}"
    kind = given.get("type")
    if not isinstance(kind, str) or kind not in KINDS:
        raise BadSensors(f"{called}: there is no type {_shown(kind)}; {_allowed(track)}")
    if KINDS[kind].most(track) == 0:
        raise BadSensors(
            f"{called}: {kind} is not allowed in the track {track!r} (limit 0); {_allowed(track)}"
        )
    known = KINDS[kind].parameters
    for word in given:
        if word not in known and word not in ("type", "id"):
            raise BadSensors(
                f"{called}: {kind} has no parameter {_shown(word)}; it has {', '.join(known)}"
            )
    values = {
        word: _number(called, word, given[word], limit) if word in given else limit.default
        for word, limit in known.items()
    }
    return _finished(called, name, kind, given, values)


def _finished(
    called: str, name: str, kind: str, given: Mapping[Any, Any], values: dict[str, float]
) -> SensorSpec:
    """What depends on two parameters at once."""
    if kind == RADAR_TYPE:
        for word in ("horizontal_fov", "vertical_fov"):
            if word not in given and "fov" in given:
                values[word] = min(values["fov"], KINDS[kind].parameters[word].high)
    if kind == LIDAR_TYPE and values["lower_fov"] >= values["upper_fov"]:
        raise BadSensors(
            f"{called}: lower_fov is {values['lower_fov']:g}; it is below upper_fov, "
            f"{values['upper_fov']:g}"
        )
    return SensorSpec(id=name, type=kind, values=MappingProxyType(values))


def _number(called: str, word: str, value: object, limit: Parameter) -> float:
    """A parameter within its limits; text that is a number counts, as in CARLA's blueprints."""
    number = math.nan
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        try:
            number = float(value)
        except (ValueError, OverflowError):
            number = math.nan
    if not limit.low <= number <= limit.high:
        if word in ("x", "y", "z") and math.isfinite(number):
            raise BadSensors(
                f"{called}: {word} is {number:g} m; a sensor is mounted within {REACH:g} m of the "
                "vehicle's centre on each axis"
            )
        raise BadSensors(
            f"{called}: {word} is {_shown(value)}; it is a number from {limit.low:g} to "
            f"{limit.high:g}"
        )
    if limit.whole and number != int(number):
        raise BadSensors(f"{called}: {word} is {number:g}; it is a whole number")
    return number


def _refuse_too_many(specs: tuple[SensorSpec, ...], track: str) -> None:
    counts: Counter[str] = Counter()
    for spec in specs:
        counts[spec.type] += 1
        most = KINDS[spec.type].most(track)
        if counts[spec.type] > most:
            asked = sum(one.type == spec.type for one in specs)
            raise BadSensors(
                f"sensor {_shown(spec.id)}: {asked} of type {spec.type} are asked for; "
                f"at most {most} in the track {track!r}"
            )


def _refuse_doubles(specs: tuple[SensorSpec, ...]) -> None:
    seen: set[str] = set()
    for spec in specs:
        if spec.id in seen:
            raise BadSensors(f"sensor {_shown(spec.id)}: the id is given twice; each is given once")
        seen.add(spec.id)


def _allowed(track: str) -> str:
    words = (f"{name} x{kind.most(track)}" for name, kind in KINDS.items() if kind.most(track))
    return f"allowed are {', '.join(words)}"


def _shown(value: object) -> str:
    """A value for a message: short, and never an object's own representation."""
    if value is None or isinstance(value, str | bool | int | float):
        text = repr(value[: SHOWN + 1]) if isinstance(value, str) else _plain(value)
        return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."
    return f"a {type(value).__name__}"


def _plain(value: bool | int | float | None) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 128:
        return "an integer of many digits"
    return repr(value)
