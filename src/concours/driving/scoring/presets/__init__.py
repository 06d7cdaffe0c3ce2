"""Presets by name: how a run becomes a number."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from concours.driving.closedloop import Run
from concours.driving.scoring.observations import Observations
from concours.driving.scoring.presets.carla import CarlaProduct, CarlaSum
from concours.driving.scoring.presets.carsmos import Carsmos2023
from concours.driving.scoring.presets.concours import Concours
from concours.driving.scoring.presets.nuplan import NuPlan
from concours.driving.scoring.records import Score


class Preset(Protocol):
    """A formula; its parameters are its attributes."""

    @property
    def name(self) -> str: ...

    def __call__(self, given: Run | Observations) -> Score: ...


class UnknownPreset(KeyError):
    """There is no such preset."""

    def __str__(self) -> str:
        return str(self.args[0])


_ALL: tuple[Preset, ...] = (
    Concours(),
    Carsmos2023(),
    CarlaProduct(),
    CarlaProduct(name="carla-2.0", second=True),
    CarlaSum(),
    NuPlan(),
)
PRESETS: Mapping[str, Preset] = MappingProxyType({one.name: one for one in _ALL})
"""Every preset with its default parameters."""


def preset(name: str) -> Preset:
    """By name. Raises UnknownPreset."""
    try:
        return PRESETS[name]
    except KeyError:
        known = ", ".join(PRESETS)
        raise UnknownPreset(f"there is no preset {name!r}; there are {known}") from None


def score(given: Run | Observations, preset_name: str = "concours") -> Score:
    """Judge a run. Raises UnknownPreset; NothingDriven for a run without an ego or a fault."""
    return preset(preset_name)(given)


__all__ = [
    "PRESETS",
    "CarlaProduct",
    "CarlaSum",
    "Carsmos2023",
    "Concours",
    "NuPlan",
    "Preset",
    "UnknownPreset",
    "preset",
    "score",
]
