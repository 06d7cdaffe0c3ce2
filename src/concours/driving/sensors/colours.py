"""The colours of the rgb camera: blue, green, red, 0 to 255."""

from __future__ import annotations

import numpy as np

from concours.driving.sensors.frames import FloatArray
from concours.driving.sensors.kernels.boxes import TURN
from concours.driving.sensors.kernels.camera import Look
from concours.driving.sensors.mounting import Viewpoint
from concours.driving.sensors.scene import Lamp, Others, Weather
from concours.driving.sensors.seeing import boxes_around
from concours.driving.sensors.tags import Tag
from concours.driving.sensors.terrain import Surface

SURFACES = {
    Surface.TERRAIN: (70, 120, 95),
    Surface.VERGE: (75, 130, 100),
    Surface.WALK: (150, 155, 160),
    Surface.RAIL: (85, 90, 105),
    Surface.PARK: (100, 95, 92),
    Surface.BIKE: (85, 90, 130),
    Surface.ROAD: (88, 84, 82),
    Surface.WHITE: (225, 225, 225),
    Surface.YELLOW: (60, 190, 225),
}
KINDS = {
    Tag.PEDESTRIAN: (60, 110, 220),
    Tag.CAR: (170, 60, 40),
    Tag.TRUCK: (60, 140, 190),
    Tag.BUS: (40, 170, 200),
    Tag.TRAIN: (120, 110, 60),
    Tag.MOTORCYCLE: (150, 50, 130),
    Tag.BICYCLE: (90, 160, 60),
    Tag.TRAFFIC_LIGHT: (40, 40, 40),
}
OTHER_KIND = (130, 130, 130)
TINTS = 5
"""Shades of one kind, by the object's id, so that two cars in a row can be told apart."""
STATES = {"red": (40, 40, 255), "yellow": (40, 210, 255), "green": (90, 230, 60)}
DARK_LAMP = (30, 30, 30)
SKY = ((235, 215, 195), (205, 140, 85))
CLOUDY = (190, 185, 180)
SUN = (0.35, 0.45, 0.82)
"""Where light comes from in the world: faces get from 0.4 to all of it."""
HOUSING = 40.0
FRONT = 1
"""The face that shines, see kernels/boxes.py."""
FOG = (205, 200, 196)


def look_of(shown: Others, lamps: tuple[Lamp, ...], weather: Weather) -> Look:
    """Colours of a scene; `shown` ends with the boxes of `lamps`."""
    surfaces = np.array([SURFACES[surface] for surface in sorted(SURFACES)], dtype=np.float64)
    surfaces *= 1.0 - 0.25 * min(weather.rain / 5.0, 1.0)  # what is wet is darker
    sky = np.array(SKY, dtype=np.float64)
    sky += min(weather.rain / 2.0, 1.0) * (np.array(CLOUDY) - sky)
    faces = np.zeros((len(surfaces) + 6 * len(shown.kinds), 4))
    faces[: len(surfaces), :3] = surfaces
    faces[len(surfaces) :] = _faces(shown, _box_colours(shown, lamps)).reshape(-1, 4)
    return Look(faces, sky, np.array(FOG, dtype=np.float64))


def _box_colours(shown: Others, lamps: tuple[Lamp, ...]) -> FloatArray:
    colours = np.zeros((len(shown.kinds), 4))
    for row, (kind, number) in enumerate(
        zip(shown.kinds.tolist(), shown.ids.tolist(), strict=True)
    ):
        tint = 0.8 + 0.4 * (number % TINTS) / (TINTS - 1)
        colours[row, :3] = np.minimum(np.array(KINDS.get(kind, OTHER_KIND)) * tint, 255.0)
    for row, lamp in enumerate(lamps, start=len(colours) - len(lamps)):
        colours[row, :3] = STATES.get(lamp.state, DARK_LAMP)
        colours[row, 3] = float(lamp.state in STATES)
    return colours


def _faces(shown: Others, colours: FloatArray) -> FloatArray:
    """(n, 6, 4) colours of faces in the sun; what glows does so in front, from a dark housing."""
    world = Viewpoint(np.zeros(3), np.eye(3))
    axes = boxes_around(shown, world)[:, TURN : TURN + 9].reshape(-1, 3, 3)
    towards = (axes * SUN).sum(axis=2)
    glowing = colours[:, 3] > 0.0
    faces = np.zeros((len(colours), 6, 4))
    for face in range(6):
        light = 0.7 + (0.3 if face % 2 else -0.3) * towards[:, face // 2]
        faces[:, face, :3] = np.where(glowing[:, None], HOUSING, colours[:, :3]) * light[:, None]
    faces[glowing, FRONT] = colours[glowing]
    return faces
