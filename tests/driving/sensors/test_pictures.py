"""Cameras and the raster from above: known depths, places in the image, light and weather."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from concours.driving import roads
from concours.driving.sensors import Lamp, SensedScene, Tag, Weather, flat, terrain_of
from concours.driving.sensors.colours import FOG
from concours.driving.sensors.kernels.cast import cast
from concours.driving.sensors.mounting import Mount
from concours.driving.sensors.seeing import boxes_around
from tests.factories.driving import geometry, lane, road, section, xodr
from tests.factories.sensing import DEPTH, RGB, SEMANTIC, box, random_boxes, read, scene, spec

SMALL = {"width": 160, "height": 120, "fov": 90.0, "z": 1.5}
WALL = (0.2, 200.0, 100.0)
BIRDSEYE = "sensor.birdseye"


def metres(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """As CARLA's documentation unpacks a depth picture."""
    blue, green, red = (picture[..., channel].astype(float) for channel in range(3))
    return 1000.0 * (red + 256 * green + 65536 * blue) / (2**24 - 1)


def tags(what: SensedScene, **values: Any) -> npt.NDArray[np.uint8]:
    return read(SEMANTIC, what, **{**SMALL, **values})[..., 2]  # type: ignore[no-any-return]


@pytest.mark.parametrize("kind", [RGB, DEPTH, SEMANTIC])
def test_pictures_are_height_by_width_by_four_bytes(kind: str) -> None:
    found = read(kind, scene(box(8.0)), width=64, height=48)

    assert found.shape == (48, 64, 4)
    assert found.dtype == np.uint8
    assert (found[..., 3] == 255).all()


def test_a_wall_is_as_deep_everywhere_as_it_is_away() -> None:
    found = metres(read(DEPTH, scene(box(20.1, size=WALL)), **SMALL))

    assert found[:60] == pytest.approx(20.0, abs=1e-3)


def test_the_ground_s_depth_follows_from_height_and_row() -> None:
    found = metres(read(DEPTH, scene(), **SMALL))

    rows = np.arange(70, 120)
    assert found[70:, 80] == pytest.approx(1.5 * 80 / (rows + 0.5 - 60), rel=1e-4)
    assert (found[:60] == 1000.0).all()


def test_a_camera_s_pixels_are_those_of_single_rays() -> None:
    what = scene(random_boxes(20, 5), heading=0.4, place=(1.0, 0.0, 0.0))
    turned = {**SMALL, "yaw": 30.0, "pitch": -10.0, "roll": 5.0, "x": 1.0, "y": -0.5}

    found = metres(read(DEPTH, what, **turned))

    view = Mount.of(spec(DEPTH, **turned)).on(what.ego)
    v, u = np.mgrid[:120, :160]
    rays = np.stack([np.full(u.shape, 80.0), 79.5 - u, 59.5 - v], axis=2).reshape(-1, 3)
    rays /= np.linalg.norm(rays, axis=1, keepdims=True)
    away, met = np.empty(len(rays)), np.empty(len(rays), dtype=np.int64)
    boxes = boxes_around(what.others, view)
    cast(flat().lower, boxes, view.place, view.turn, rays, 2000.0, away, met)
    expected = np.minimum(away * rays[:, 0], 1000.0).reshape(120, 160)
    assert (met >= 0).sum() > 500
    assert found == pytest.approx(expected, abs=2e-4, rel=1e-5)


def test_a_box_to_the_right_is_right_of_the_middle() -> None:
    found = tags(scene(box(10.0, -4.0, kind=Tag.PEDESTRIAN)))

    rows, columns = np.nonzero(found == Tag.PEDESTRIAN)
    assert columns.min() > 90
    assert rows.min() > 55
    assert found[0, 0] == Tag.SKY
    assert found[-1, 0] == Tag.TERRAIN


@pytest.mark.parametrize(("turn", "shift"), [({"yaw": 20.0}, (0, -1)), ({"pitch": 20.0}, (1, 0))])
def test_turning_the_camera_right_or_up_moves_things_left_or_down(
    turn: dict[str, float], shift: tuple[int, int]
) -> None:
    straight, turned = tags(scene(box(20.0))), tags(scene(box(20.0)), **turn)

    moved = [
        np.sign(b.mean() - a.mean()) if abs(b.mean() - a.mean()) > 5 else 0
        for a, b in zip(np.nonzero(straight == Tag.CAR), np.nonzero(turned == Tag.CAR), strict=True)
    ]
    assert tuple(moved) == shift


def test_a_box_around_the_near_plane_is_drawn_whole() -> None:
    beside = scene(box(0.5, -2.0, size=(6.0, 1.0, 2.0), kind=Tag.BUS))

    found = tags(beside, yaw=45.0)

    assert (found == Tag.BUS).mean() > 0.15


def road_with_marks() -> roads.RoadNetwork:
    solid = '<roadMark sOffset="0" type="solid" color="white" width="0.3"/>'
    yellow = '<roadMark sOffset="0" type="solid" color="yellow" width="0.3"/>'
    lanes = section(lane(1), lane(-1, inside=solid), lane(-2, kind="sidewalk"), centre=yellow)
    return roads.loads(
        xodr(road(length=200, plan=geometry("<line/>", length=200), sections=[lanes]))
    )


def test_road_marks_and_sidewalks_are_seen_where_they_are() -> None:
    terrain = terrain_of(road_with_marks())
    what = scene(place=(50.0, -1.75, 0.0))

    found = tags(what, terrain=terrain, pitch=-90.0, z=3.0, width=400, height=400)

    # straight down from 3 m: 66.7 pixels a metre, the middle row from left to right
    row = found[200]
    assert set(row[205:300]) == {Tag.ROAD}
    assert Tag.ROAD_LINE in row[300:335]
    assert Tag.ROAD_LINE in row[65:100]
    assert set(row[345:]) == {Tag.SIDEWALK}


def test_yellow_and_white_marks_have_their_colours() -> None:
    terrain = terrain_of(road_with_marks())
    what = scene(place=(50.0, -1.75, 0.0))

    found = read(RGB, what, terrain=terrain, pitch=-90.0, z=3.0, width=400, height=400)

    left, right = found[200, 50:115].astype(int), found[200, 300:335].astype(int)
    yellow = (left[:, 2] > 180) & (left[:, 1] > 150) & (left[:, 0] < 100)
    white = (right[:, :3] > 200).all(axis=1)
    assert yellow.sum() > 10
    assert white.sum() > 10


def test_a_red_lamp_glows_red_by_night_towards_those_it_shines_to() -> None:
    def brightest(heading: float, state: str) -> list[int]:
        lamp = Lamp(15.0, 0.0, 4.0, heading, state)
        night = dataclasses.replace(scene(weather=Weather(light=0.0)), lamps=(lamp,))
        picture = read(RGB, night, **SMALL)
        above = picture[:55, 70:90, :3].astype(int)
        return above[np.unravel_index(above.sum(axis=2).argmax(), above.shape[:2])].tolist()

    blue, green, red = brightest(math.pi, "red")
    assert red > 200
    assert max(blue, green) < 80
    assert brightest(math.pi, "green")[1] > 200
    assert max(brightest(0.0, "red")) < 80
    assert max(brightest(math.pi, "off")) < 80


def test_night_darkens_all_and_headlamps_light_what_is_ahead() -> None:
    day, night = (
        read(RGB, scene(weather=Weather(light=light)), **SMALL)[..., :3].astype(float)
        for light in (1.0, 0.0)
    )

    assert night.mean() < 0.35 * day.mean()
    assert night[110, 80].mean() > 2.0 * night[10, 80].mean()
    assert night[100, 70:90].mean() > 1.5 * night[100, :10].mean()


@pytest.mark.parametrize("away", [6.0, 20.0])
def test_fog_veils_by_distance(away: float) -> None:
    car = box(away + 2.0)

    clear, fog = (
        read(RGB, scene(car, weather=weather), **SMALL)[60:64, 78:82, :3].mean(axis=(0, 1))
        for weather in (Weather(), Weather(visual_range=30.0))
    )

    left = (fog - FOG) / (clear - FOG)
    assert left == pytest.approx(math.exp(-3.0 * away / 30.0), abs=0.03)


def test_rain_draws_streaks_that_are_new_each_frame() -> None:
    rainy = scene(weather=Weather(rain=20.0))

    first, second = (read(RGB, rainy, frame=frame, **SMALL).astype(int) for frame in (0, 1))
    dry = read(RGB, scene(), **SMALL).astype(int)

    assert (np.abs(first - second)[..., :3] > 30).mean() > 0.005
    assert first[:50, :, :3].std() > 0
    assert abs(first[100:, :, 1].mean() - dry[100:, :, 1].mean()) > 5


def test_the_raster_has_the_ego_in_the_middle_and_its_nose_up() -> None:
    ahead, right = box(10.0, 20.0, kind=Tag.BUS), box(18.0, 0.0, kind=Tag.CAR, size=(4, 4, 1))

    found = read(
        BIRDSEYE,
        scene(ahead, right, place=(10.0, 0.0, 0.0), heading=math.pi / 2),
        width=101,
        height=201,
        pixels_per_meter=4,
    )

    assert found.shape == (201, 101)
    assert found.dtype == np.uint8
    rows, columns = np.nonzero(found == Tag.BUS)
    assert (rows.mean(), columns.mean()) == pytest.approx((100 - 80, 50), abs=0.5)
    assert (np.ptp(rows) + 1, np.ptp(columns) + 1) == pytest.approx((1.8 * 4, 4 * 4), abs=1)
    rows, columns = np.nonzero(found == Tag.CAR)
    assert (rows.mean(), columns.mean()) == pytest.approx((100, 50 + 32), abs=0.5)


def test_the_raster_shows_the_road() -> None:
    what = scene(place=(50.0, -1.75, 0.0))

    found = read(BIRDSEYE, what, terrain=terrain_of(road_with_marks()), pixels_per_meter=4)

    row = found[128]
    assert row[128] == Tag.ROAD
    assert Tag.ROAD_LINE in row[119:124]
    assert row[128 + 14] == Tag.SIDEWALK
    assert row[10] == Tag.TERRAIN
