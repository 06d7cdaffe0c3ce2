"""Cameras and the raster seen from above. Flat-shaded boxes and ground: nothing is photoreal."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from concours.driving.sensors.colours import look_of
from concours.driving.sensors.frames import FloatArray, times
from concours.driving.sensors.kernels.boxes import scratch
from concours.driving.sensors.kernels.camera import BOX, SKY, Seen, look, paint
from concours.driving.sensors.keys import Key
from concours.driving.sensors.mounting import Mount, Viewpoint
from concours.driving.sensors.scene import Ego, Lamp, Others, SensedScene
from concours.driving.sensors.seeing import boxes_around
from concours.driving.sensors.specs import SensorSpec
from concours.driving.sensors.surroundings import Surroundings
from concours.driving.sensors.tags import Tag
from concours.driving.sensors.terrain import TAGS

Image = npt.NDArray[np.uint8]

FAR = 1000.0
"""Metres; beyond is the sky. Also what a depth of 1 stands for, as in CARLA."""
LAMP = (0.3, 0.4, 1.0)
"""Length, width, height of a traffic light's head (m)."""
GRAIN, NIGHT_GRAIN = 1.5, 5.0
"""Standard deviation of a colour value (of 255) by day, and what night adds."""
HEAVY_RAIN = 20.0
"""mm/h at which streaks are densest."""


class Camera:
    """A pinhole of `width` x `height` pixels and a horizontal field of `fov` degrees."""

    def __init__(self, spec: SensorSpec, surroundings: Surroundings, key: Key) -> None:
        values = spec.values
        self._mount, self._terrain, self._key = Mount.of(spec), surroundings.terrain, key
        width, height = int(values["width"]), int(values["height"])
        self._focus = 0.5 * width / math.tan(math.radians(values["fov"]) / 2.0)
        self._seen = Seen(
            np.empty((height, width), dtype=np.float32),
            np.empty((height, width), dtype=np.uint8),
            np.empty((height, width), dtype=np.int32),
        )
        self._work = scratch()

    def look(self, scene: SensedScene) -> tuple[Seen, Others, Viewpoint]:
        """What each pixel sees, of which boxes, and from where."""
        view = self._mount.on(scene.ego)
        shown = with_lamps(scene.others, scene.lamps)
        boxes = boxes_around(shown, view)
        ground = self._terrain.seen_from(view.place)
        look(ground, boxes, view.place, view.turn, self._focus, FAR, self._work, self._seen)
        return self._seen, shown, view


class RgbCamera(Camera):
    """(height, width, 4) uint8: blue, green, red, 255."""

    def read(self, scene: SensedScene, frame: int) -> Image:
        """One picture: sun, darkness with headlamps, fog by distance, rain streaks, grain."""
        seen, shown, view = self.look(scene)
        ego, weather = scene.ego, scene.weather
        nose = times(view.turn.T, ego.turn[:, 0])
        out = np.empty((*seen.depth.shape, 4), dtype=np.uint8)
        seen_by = np.array(
            [
                weather.light,
                weather.extinction,
                min(weather.rain / HEAVY_RAIN, 1.0),
                GRAIN + NIGHT_GRAIN * (1.0 - weather.light),
            ]
        )
        palette = look_of(shown, scene.lamps, weather)
        paint(palette, seen, view.turn, nose, self._focus, seen_by, self._key.at(frame), out)
        return out


class SemanticCamera(Camera):
    """(height, width, 4) uint8: 0, 0, the `Tag`, 255; without noise."""

    def read(self, scene: SensedScene, frame: int) -> Image:
        """One picture."""
        seen, shown, _ = self.look(scene)
        by_code = np.zeros(256, dtype=np.uint8)
        for surface, tag in TAGS.items():
            by_code[surface] = tag
        by_code[SKY] = Tag.SKY
        out = np.zeros((*seen.depth.shape, 4), dtype=np.uint8)
        out[..., 2] = by_code[seen.code]
        on_box = (seen.code >= BOX) & (seen.code != SKY)
        out[on_box, 2] = shown.kinds[seen.box[on_box]]
        out[..., 3] = 255
        return out


class DepthCamera(Camera):
    """(height, width, 4) uint8, depth along the axis as CARLA packs it, 255; without noise.

    metres = 1000 (red + 256 green + 65536 blue) / (2**24 - 1); the sky is at 1000.
    """

    def read(self, scene: SensedScene, frame: int) -> Image:
        """One picture."""
        seen, _, _ = self.look(scene)
        whole = np.rint(seen.depth.astype(np.float64) * ((2**24 - 1) / FAR)).astype(np.uint32)
        out = np.empty((*whole.shape, 4), dtype=np.uint8)
        for channel, shift in ((2, 0), (1, 8), (0, 16)):
            out[..., channel] = (whole >> shift) & 255
        out[..., 3] = 255
        return out


class BirdsEye:
    """(height, width) uint8 of `Tag`, from above, the ego in the middle and its nose upwards."""

    def __init__(self, spec: SensorSpec, surroundings: Surroundings, key: Key) -> None:
        values = spec.values
        self._terrain = surroundings.terrain
        width, height = int(values["width"]), int(values["height"])
        ahead = (0.5 * height - np.arange(height) - 0.5) / values["pixels_per_meter"]
        beside = (0.5 * width - np.arange(width) - 0.5) / values["pixels_per_meter"]
        self._ahead, self._beside = ahead[:, None], beside[None, :]

    def read(self, scene: SensedScene, frame: int) -> Image:
        """One raster, without noise; boxes hide the ground, and nothing hides boxes."""
        out = self._ground(scene.ego)
        for kind, pose, size in zip(*scene.others[1:4], strict=True):
            self._fill(out, scene.ego, int(kind), pose, size)
        return out

    def _ground(self, ego: Ego) -> Image:
        cos, sin = math.cos(ego.heading), math.sin(ego.heading)
        ground = self._terrain.seen_from(ego.place)
        left, bottom, per_metre, _ = ground.frame.tolist()
        x = ego.place[0] + cos * self._ahead - sin * self._beside
        y = ego.place[1] + sin * self._ahead + cos * self._beside
        i = np.floor((x - left) * per_metre).astype(np.int64)
        j = np.floor((y - bottom) * per_metre).astype(np.int64)
        nx, ny = ground.codes.shape
        inside = (i >= 0) & (i < nx) & (j >= 0) & (j < ny)
        codes = ground.codes[np.clip(i, 0, nx - 1), np.clip(j, 0, ny - 1)]
        by_code = np.array([TAGS[surface] for surface in sorted(TAGS)], dtype=np.uint8)
        out: Image = np.where(inside, by_code[codes], np.uint8(Tag.TERRAIN))
        return out

    def _fill(self, out: Image, ego: Ego, kind: int, pose: FloatArray, size: FloatArray) -> None:
        """The outline of one box, within a square around it."""
        cos, sin = math.cos(ego.heading), math.sin(ego.heading)
        dx, dy = float(pose[0] - ego.place[0]), float(pose[1] - ego.place[1])
        ahead, beside = cos * dx + sin * dy, cos * dy - sin * dx
        reach = 0.5 * math.hypot(float(size[0]), float(size[1]))
        rows = np.flatnonzero(np.abs(self._ahead[:, 0] - ahead) <= reach)
        columns = np.flatnonzero(np.abs(self._beside[0] - beside) <= reach)
        if not len(rows) or not len(columns):
            return
        part = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        u, v = self._ahead[rows] - ahead, self._beside[:, columns] - beside
        turned = float(pose[3]) - ego.heading
        cos, sin = math.cos(turned), math.sin(turned)
        inside = np.abs(cos * u + sin * v) <= 0.5 * size[0]
        inside &= np.abs(cos * v - sin * u) <= 0.5 * size[1]
        out[part][inside] = kind


def with_lamps(others: Others, lamps: tuple[Lamp, ...]) -> Others:
    """The boxes, and those of traffic lights after them."""
    if not lamps:
        return others
    count = len(lamps)
    poses = np.array([[lamp.x, lamp.y, lamp.z, lamp.heading, 0.0, 0.0] for lamp in lamps])
    return Others(
        ids=np.concatenate([others.ids, np.full(count, -1)]),
        kinds=np.concatenate([others.kinds, np.full(count, int(Tag.TRAFFIC_LIGHT))]),
        poses=np.concatenate([others.poses, poses]),
        sizes=np.concatenate([others.sizes, np.tile(LAMP, (count, 1))]),
        velocities=np.concatenate([others.velocities, np.zeros((count, 3))]),
    )
