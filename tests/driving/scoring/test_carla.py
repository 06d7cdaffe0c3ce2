"""The leaderboard's formulas by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from concours.driving.scoring import Observations, observe, score
from concours.driving.scoring.lights import Passed
from tests.factories.runs import collision, drive, moving, other, reasonable

RED = Passed(2.0, 15.0, -1.75, "7", "red")
SIGN = Passed(4.0, 30.0, -1.75, "9", "")


def clean() -> Observations:
    return observe(reasonable())


def test_a_clean_drive_has_everything() -> None:
    for preset in ("carla-1.0", "carla-2.0", "carla-2.1"):
        result = score(clean(), preset)
        assert (result.value, result.losses) == (pytest.approx(100.0), ())


@pytest.mark.parametrize(
    ("change", "product", "total"),
    [
        ({"collisions": (collision("pedestrian"),)}, 0.50, 1.0),
        ({"collisions": (collision("vehicle"),)}, 0.60, 0.7),
        ({"collisions": (collision("static"),)}, 0.65, 0.6),
        ({"red_lights": (RED,)}, 0.70, 0.4),
        ({"stop_signs": (SIGN,)}, 0.80, 0.25),
        ({"collisions": (collision("vehicle"), collision("vehicle", time=20.0))}, 0.36, 1.4),
        ({"collisions": (collision("pedestrian"),), "red_lights": (RED,)}, 0.35, 1.4),
        ({"collisions": (collision("vehicle", own=0.05),)}, 1.0, 0.0),
    ],
)
def test_infractions(change: dict[str, object], product: float, total: float) -> None:
    seen = replace(clean(), **change)  # type: ignore[arg-type]

    assert score(seen, "carla-1.0").value == pytest.approx(100 * product)
    assert score(seen, "carla-2.0").value == pytest.approx(100 * product)
    assert score(seen, "carla-2.1").value == pytest.approx(100 / (1 + total))


def test_route_completion() -> None:
    half = drive(10.0, seconds=10)

    for preset in ("carla-1.0", "carla-2.0", "carla-2.1"):
        assert score(half, preset).value == pytest.approx(50.0, abs=0.2)


def test_blocked_ends_the_way() -> None:
    def speed(times: np.ndarray) -> np.ndarray:
        stands = (times >= 5.0) & (times < 190.0)
        return np.where(stands, 0.0, 10.0)

    run = drive(speed, seconds=240, time_limit=math.inf)

    assert observe(run).arrived
    assert score(run, "carla-1.0").value == pytest.approx(25.0, abs=0.5)


def test_the_share_outside_the_lanes_is_taken_off() -> None:
    seen = clean()
    astray = seen.distance <= seen.distance[-1] / 4
    seen = replace(seen, astray=astray)

    share = seen.distance[astray][-1] / seen.distance[-1]
    assert share == pytest.approx(0.25, abs=0.01)
    for preset in ("carla-1.0", "carla-2.1"):
        assert score(seen, preset).value == pytest.approx(100 * (1 - share))


def test_a_time_out_counts_from_2_0_on() -> None:
    late = drive(5.0, seconds=60, time_limit=30.0)

    assert observe(late).arrived
    assert score(late, "carla-1.0").value == pytest.approx(100.0)
    assert score(late, "carla-2.0").value == pytest.approx(70.0)
    assert score(late, "carla-2.1").value == pytest.approx(100 / 1.4)


def test_half_the_speed_of_the_traffic() -> None:
    beside = [other(n, moving(10.0, seconds=60, x=x, y=-5.25)) for n, x in (("a", 0), ("b", 20))]
    seen = observe(drive(5.0, seconds=60, others=beside))
    seen = replace(seen, traffic=np.where(np.isnan(seen.traffic), np.nan, 10.0))

    assert score(seen, "carla-1.0").value == pytest.approx(100.0)
    assert score(seen, "carla-2.0").value == pytest.approx(100 * (1 - 0.3 * 0.5))
    assert score(seen, "carla-2.1").value == pytest.approx(100 / (1 + 0.4 * 0.5))


def test_stopping_early_pays_under_the_product_and_not_under_the_sum() -> None:
    # half of the way cleanly, or all of it with two cars hit
    seen = clean()
    on = replace(seen, collisions=(collision("vehicle"), collision("vehicle", time=20.0)))
    early = drive(10.0, seconds=10)

    assert score(early, "carla-1.0").value > score(on, "carla-1.0").value
    two = replace(on, collisions=on.collisions[:1])
    assert score(two, "carla-2.1").value > score(early, "carla-2.1").value
