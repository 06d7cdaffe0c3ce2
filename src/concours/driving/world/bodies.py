"""What an entity of the file is as a body: kind, box, what it can do."""

from __future__ import annotations

import math
from dataclasses import dataclass

from concours.driving.scenarios.entities import (
    BoundingBox,
    MiscObject,
    Pedestrian,
    ScenarioObject,
    Vehicle,
)
from concours.driving.scenarios.scenario import Scenario
from concours.driving.world.layout import PEDESTRIAN, THING, VEHICLE

_CAR = (4.5, 1.8, 1.5, 1.3)
_SIZES = {
    "bicycle": (1.9, 0.6, 1.7, 0.0),
    "bus": (12.0, 2.5, 3.0, 4.0),
    "motorbike": (2.2, 0.8, 1.6, 0.6),
    "pedestrian": (0.5, 0.6, 1.8, 0.0),
    "semitrailer": (13.0, 2.5, 3.8, 0.0),
    "tractor": (6.0, 2.5, 3.0, 1.5),
    "trailer": (5.0, 2.2, 2.0, 0.0),
    "train": (20.0, 2.7, 3.8, 0.0),
    "tram": (20.0, 2.5, 3.4, 0.0),
    "truck": (8.0, 2.5, 3.2, 2.5),
    "van": (5.5, 2.0, 2.3, 1.5),
    "wheelchair": (1.1, 0.7, 1.3, 0.0),
    "animal": (1.0, 0.4, 0.8, 0.0),
    "misc": (1.0, 1.0, 1.0, 0.0),
}
"""Length, width, height, middle ahead of the reference point (m), where the file gives no box."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What moves.

    kind: VEHICLE, PEDESTRIAN or THING. category: the file's word. box: back, front, right, left,
    below, above, from the reference point (m). limits: greatest speed (m/s), acceleration and
    deceleration (m/s2); inf where the file gives none.
    """

    kind: int
    category: str
    box: tuple[float, float, float, float, float, float]
    limits: tuple[float, float, float] = (math.inf, math.inf, math.inf)

    @property
    def reach(self) -> float:
        """Radius of a circle around the reference point that holds the box seen from above."""
        back, front, right, left, _, _ = self.box
        return math.hypot(max(-back, front), max(-right, left))


def body_of(entity: ScenarioObject) -> Body:
    """The body of an entity; a car where the file says nothing of it."""
    inner = entity.entity
    if isinstance(inner, Vehicle):
        kind, category = VEHICLE, str(inner.vehicle_category)
    elif isinstance(inner, Pedestrian):
        kind, category = PEDESTRIAN, str(inner.pedestrian_category)
    elif isinstance(inner, MiscObject):
        kind, category = THING, "misc"
    else:
        kind, category = VEHICLE, "car"
    given = getattr(inner, "bounding_box", None)
    box = _box(given) if given is not None else standard_box(category)
    performance = getattr(inner, "performance", None)
    if performance is None:
        return Body(kind=kind, category=category, box=box)
    limits = (
        _limit(performance.max_speed),
        _limit(performance.max_acceleration),
        _limit(performance.max_deceleration),
    )
    return Body(kind=kind, category=category, box=box, limits=limits)


def standard_box(category: str) -> tuple[float, float, float, float, float, float]:
    """A usual box of a category."""
    length, width, height, ahead = _SIZES.get(category, _CAR)
    half, side = length / 2, width / 2
    return ahead - half, ahead + half, -side, side, 0.0, height


def _box(box: BoundingBox) -> tuple[float, float, float, float, float, float]:
    size, center = box.dimensions, box.center
    length, width, height = abs(size.length) / 2, abs(size.width) / 2, abs(size.height) / 2
    return (
        center.x - length,
        center.x + length,
        center.y - width,
        center.y + width,
        center.z - height,
        center.z + height,
    )


def _limit(value: float) -> float:
    return value if value > 0 else math.inf


def all_bodies(scenario: Scenario) -> list[tuple[str, Body]]:
    """The bodies of a scenario by name; a trailer that a vehicle holds is called as it, and "+"."""
    found: list[tuple[str, Body]] = []
    for name, first in scenario.entities.items():
        entity: ScenarioObject | None = first
        called = name
        while entity is not None:
            found.append((called, body_of(entity)))
            trailer = getattr(entity.entity, "trailer", None)
            entity, called = (trailer.trailer if trailer else None), f"{called}+"
    return found


def entity_called(scenario: Scenario, name: str) -> ScenarioObject | None:
    """The entity of a name, trailers that vehicles hold among them."""
    plain = name.rstrip("+")
    entity = scenario.entities.get(name) or scenario.entities.get(plain)
    for _ in range(len(name) - len(plain) if name not in scenario.entities else 0):
        trailer = getattr(entity.entity, "trailer", None) if entity else None
        entity = trailer.trailer if trailer else None
    return entity
