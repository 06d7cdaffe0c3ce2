"""Runs of an independent player on its own maps, as traces; only where ../shared is there."""

from __future__ import annotations

import numpy as np

from concours.driving import roads
from concours.driving.roads import RoadNetwork
from concours.driving.scenarios import load
from concours.driving.scenarios.machine import Kind, Move
from concours.driving.scenarios.scenario import Scenario
from concours.driving.world.trace import Actor, Light, Touch, Trace
from tests.driving.scenarios.replaying import ReplayHost
from tests.driving.scenarios.shared import FOLDER
from tests.factories.traces import read

LIGHTS = {
    "StopLightAction": ("1", "off;on;off"),
    "PedestrianLightAction": ("2", "off;on"),
    "PedestrianLightAction2": ("3", "off;on"),
    "PedestrianLightAction3": ("2", "on;off"),
    "PedestrianLightAction4": ("3", "on;off"),
}


def golden(name: str, map_name: str) -> tuple[Trace, RoadNetwork]:
    """The trace of one scenario with its storyboard, and its map."""
    path = FOLDER / "golden" / "traces" / f"{name}.csv"
    scenario = load(FOLDER / "esmini" / "xosc" / f"{name}.xosc")
    host = ReplayHost(scenario, path)
    record = host.run()
    lights = [Light(0.0, "1", "off;off;on"), Light(0.0, "2", "on;off"), Light(0.0, "3", "on;off")]
    for each in record:
        if each.kind is Kind.ACTION and each.move is Move.START:
            if each.name in LIGHTS:
                lights.append(Light(each.time, *LIGHTS[each.name]))
            elif each.name == "StopLightAction2":
                red = sum(light.signal == "1" for light in lights) == 2
                lights.append(Light(each.time, "1", "on;off;off" if red else "off;off;on"))
    trace = read(
        path,
        actors=_actors(scenario),
        record=tuple(record),
        unfired=tuple(host.player.unfired()),
        lights=tuple(lights) if name == "traffic_lights" else (),
    )
    return trace, roads.load(FOLDER / "esmini" / "xodr" / f"{map_name}.xodr")


def touching(trace: Trace, *, within: float) -> tuple[Touch, ...]:
    """When two actors first come nearer than `within` metres: in place of real collisions."""
    found = []
    for one in range(len(trace.actors)):
        for two in range(one + 1, len(trace.actors)):
            apart = trace.values[:, one, :2] - trace.values[:, two, :2]
            near = np.hypot(*apart.T) < within
            if near.any():
                found.append(Touch(float(trace.times[int(near.argmax())]), one, two))
    return tuple(sorted(found))


def _actors(scenario: Scenario) -> tuple[Actor, ...]:
    found = []
    for name, each in scenario.entities.items():
        box = getattr(each.entity, "bounding_box", None)
        person = getattr(each.entity, "pedestrian_category", "car")
        category = getattr(each.entity, "vehicle_category", person)
        if box is not None:
            size, middle = box.dimensions, box.center
            found.append(
                Actor(
                    name=name,
                    kind=str(getattr(category, "value", category)),
                    length=size.length,
                    width=size.width,
                    height=size.height,
                    center=(middle.x, middle.y, middle.z),
                )
            )
    return tuple(found)
