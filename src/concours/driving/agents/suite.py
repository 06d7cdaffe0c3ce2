"""What `sensors()` answered with, as plain data."""

from __future__ import annotations

import math
from numbers import Integral, Real
from typing import Any

from concours.driving.agents.errors import AgentFailed, FailureKind

MOST = 64
LONGEST = 256
Sensor = dict[str, str | float | int | bool]


def plain(answer: object) -> list[Sensor]:
    """Sensors as a list of dicts from names to strings and finite numbers.

    What kinds, how many and where is for the suite of the track to say. Raises AgentFailed where
    it is no such list, or a sensor lacks a `type` or an `id` of its own.
    """
    if not isinstance(answer, list | tuple):
        raise _bad(f"sensors() returned a {type(answer).__name__}, not a list")
    if len(answer) > MOST:
        raise _bad(f"sensors() asks for {len(answer)} sensors; {MOST} at most")
    sensors = [_sensor(number, one) for number, one in enumerate(answer)]
    ids = [one["id"] for one in sensors]
    for one in ids:
        if ids.count(one) > 1:
            raise _bad(f"two sensors have the id {one!r}")
    return sensors


def _sensor(number: int, given: object) -> Sensor:
    if not isinstance(given, dict) or len(given) > MOST:
        raise _bad(f"sensor {number} is not a dict of at most {MOST} entries")
    sensor: Sensor = {}
    for name, value in given.items():
        if not _is_short(name):
            raise _bad(f"sensor {number} has a name that is not a short string")
        sensor[str(name)] = _value(number, name, value)
    for name in ("type", "id"):
        if not isinstance(sensor.get(name), str) or not sensor[name]:
            raise _bad(f"sensor {number} has no {name}")
    return sensor


def _value(number: int, name: str, value: Any) -> str | float | int | bool:
    if _is_short(value):
        return str(value)
    if isinstance(value, bool):
        return value
    if isinstance(value, Integral) and abs(int(value)) < 2**53:
        return int(value)
    if isinstance(value, Real) and not isinstance(value, Integral) and math.isfinite(value):
        return float(value)
    raise _bad(f"sensor {number}: {name} is neither a short string nor a finite number")


def _is_short(value: object) -> bool:
    """Whether it is a text that can be written wherever the sensor is named."""
    return isinstance(value, str) and len(value) <= LONGEST and value.isprintable()


def _bad(reason: str) -> AgentFailed:
    return AgentFailed(FailureKind.BAD_SENSORS, reason)
