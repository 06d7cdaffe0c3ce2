"""Small scenes to be sensed: boxes on a plane, one sensor, one reading."""

from __future__ import annotations

from typing import Any

import numpy as np

from concours.driving.sensors import (
    Ego,
    Others,
    SensedScene,
    SensorSpec,
    SensorSuite,
    Surroundings,
    Tag,
    Terrain,
    Weather,
    flat,
    no_others,
    parse_sensors,
)

CAR = (4.0, 1.8, 1.5)
LIDAR = "sensor.lidar.ray_cast"
RGB = "sensor.camera.rgb"
DEPTH = "sensor.camera.depth"
SEMANTIC = "sensor.camera.semantic_segmentation"


def box(
    x: float,
    y: float = 0.0,
    heading: float = 0.0,
    *,
    number: int = 0,
    size: tuple[float, float, float] = CAR,
    kind: Tag = Tag.CAR,
    velocity: tuple[float, float, float] = (0.0, 0.0, 0.0),
    z: float | None = None,
) -> Others:
    """One box that stands on the plane z = 0; z: of its middle, where it does not."""
    middle = size[2] / 2 if z is None else z
    return Others(
        ids=np.array([number]),
        kinds=np.array([int(kind)]),
        poses=np.array([[x, y, middle, heading, 0.0, 0.0]]),
        sizes=np.array([size]),
        velocities=np.array([velocity]),
    )


def boxes(*each: Others) -> Others:
    """Several of them."""
    if not each:
        return no_others()
    return Others(*(np.concatenate(column) for column in zip(*each, strict=True)))


def random_boxes(count: int, seed: int, *, within: float = 50.0) -> Others:
    """Boxes of all sizes turned any way, none of them around the origin."""
    rng = np.random.default_rng(seed)
    angle, away = rng.uniform(-np.pi, np.pi, count), rng.uniform(9.0, within, count)
    poses = np.zeros((count, 6))
    poses[:, 0], poses[:, 1] = away * np.cos(angle), away * np.sin(angle)
    poses[:, 2] = rng.uniform(0.3, 4.0, count)
    poses[:, 3] = rng.uniform(-np.pi, np.pi, count)
    poses[:, 4:] = rng.uniform(-0.3, 0.3, (count, 2))
    sizes = rng.uniform(0.4, [12.0, 3.0, 3.5], (count, 3))
    return Others(
        ids=np.arange(count),
        kinds=np.full(count, int(Tag.CAR)),
        poses=poses,
        sizes=sizes,
        velocities=rng.normal(0.0, 5.0, (count, 3)),
    )


def scene(*each: Others, weather: Weather | None = None, **ego: Any) -> SensedScene:
    """The ego at the origin looking along x, and boxes."""
    place = np.array(ego.pop("place", (0.0, 0.0, 0.0)))
    return SensedScene(
        ego=Ego(place=place, heading=ego.pop("heading", 0.0), **ego),
        others=boxes(*each),
        weather=weather or Weather(),
    )


def spec(kind: str, name: str = "it", **values: Any) -> SensorSpec:
    """One sensor of the widest track."""
    return parse_sensors([{"type": kind, "id": name, **values}], track="objects")[0]


def read(
    kind: str,
    what: SensedScene,
    *,
    frame: int = 0,
    seed: int = 1,
    terrain: Terrain | None = None,
    opendrive: str = "",
    **values: Any,
) -> Any:
    """The data of one reading of one sensor."""
    around = Surroundings(terrain=terrain or flat(), opendrive=opendrive)
    suite = SensorSuite([spec(kind, **values)], surroundings=around, seed=seed)
    return suite.read(what, frame)["it"][1]
