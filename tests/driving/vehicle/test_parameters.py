"""Parameters: what is refused, and a digest that moves with each of them."""

from __future__ import annotations

import math
from dataclasses import fields, replace

import numpy as np
import pytest

from concours.driving.vehicle import PRESETS, VehicleParameters, layout, preset

MKZ = PRESETS["carla-lincoln-mkz"]
SCALARS = [f.name for f in fields(VehicleParameters) if f.type == "float"]


def test_presets_go_by_name() -> None:
    assert preset("carla-lincoln-mkz") is MKZ
    with pytest.raises(KeyError, match="carla-lincoln-mkz"):
        preset("carla-lincoln")


@pytest.mark.parametrize("name", SCALARS)
def test_each_number_is_in_the_digest_and_in_the_array(name: str) -> None:
    other = replace(MKZ, **{name: getattr(MKZ, name) * 1.001})

    assert other.digest() != MKZ.digest()
    assert np.count_nonzero(other.array() != MKZ.array()) == 1


def test_curves_and_gears_are_in_the_digest_and_in_the_array() -> None:
    others = [
        replace(MKZ, ratios=(*MKZ.ratios[:-1], 1.0)),
        replace(MKZ, torque=(*MKZ.torque[:-1], (MKZ.torque[-1][0], 1.0))),
        replace(MKZ, steering_curve=(*MKZ.steering_curve[:-1], (99.0, 0.5))),
    ]

    assert len({each.digest() for each in [MKZ, *others]}) == 4
    assert all(np.any(each.array() != MKZ.array()) for each in others)


def test_columns_are_where_the_layout_says() -> None:
    array = MKZ.array()

    assert array.shape == (layout.PARAMETERS,)
    assert array[layout.MASS] == MKZ.mass
    assert array[layout.CLUTCH] == MKZ.clutch
    assert array[layout.DEAD_BAND] == MKZ.dead_band
    assert array[layout.BLEND_TO] == MKZ.blend_to
    assert array[layout.REVERSE_RATIO] == MKZ.reverse_ratio
    assert array[layout.GEAR_COUNT] == len(MKZ.ratios)
    assert array[layout.STEERING_SHARE] == MKZ.steering_curve[0][1]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mass", 0.0),
        ("mass", math.nan),
        ("air_drag", -0.1),
        ("friction", math.inf),
        ("shift_down", MKZ.shift_up),
        ("shift_up", 1e9),
        ("blend_to", MKZ.blend_from),
        ("ratios", ()),
        ("ratios", (1.0,) * 9),
        ("ratios", (3.0, 0.0)),
        ("torque", ()),
        ("torque", ((0.0, 100.0), (0.0, 200.0), (700.0, 100.0))),
        ("steering_curve", ((0.0, math.nan),)),
    ],
)
def test_what_no_vehicle_has_is_refused(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=name):
        replace(MKZ, **{name: value})  # type: ignore[arg-type]
