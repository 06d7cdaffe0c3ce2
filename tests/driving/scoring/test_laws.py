"""What holds for every preset: bounds, losses that add up, and what must not matter."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concours.driving.scoring import (
    PRESETS,
    NothingDriven,
    Observations,
    UnknownPreset,
    observe,
    preset,
    score,
    to_json,
)
from concours.driving.scoring.lanes import SolidLine, Stay
from concours.driving.scoring.lights import Passed
from concours.driving.world import Light
from tests.factories.runs import (
    GOAL,
    START,
    collision,
    drive,
    eased,
    lit,
    moving,
    other,
    reasonable,
    run_of,
    sideways,
    street,
)

HIT = collision()
RED = Passed(1.0, 20.0, -1.75, "7", "red")
SIGN = Passed(1.5, 25.0, -1.75, "9", "")
STAY = Stay(3.0, 4.0, 30.0, -8.0, "sidewalk", 0.5)
SOLID = SolidLine(2.5, 28.0, 0.0, "1", 0, "solid")


@st.composite
def drives(draw: st.DrawFn) -> Observations:
    """Drives that went wrong in any number of ways."""
    knots = draw(st.lists(st.floats(-3, 20), min_size=2, max_size=6))
    seconds = draw(st.sampled_from([1.0, 12.0, 40.0]))

    def speed(times: np.ndarray) -> np.ndarray:
        return np.interp(times, np.linspace(0.0, seconds, len(knots)), knots)

    seen = observe(drive(speed, seconds=seconds, time_limit=draw(st.sampled_from([5.0, 50.0]))))
    some = st.integers(0, 3)
    count = len(seen.times)
    kinds = st.sampled_from(["pedestrian", "vehicle", "static"])
    hits = [HIT._replace(kind=draw(kinds), at_fault=draw(st.booleans())) for _ in range(draw(some))]
    return replace(
        seen,
        collisions=tuple(hits),
        red_lights=(RED,) * draw(some),
        stop_signs=(SIGN,) * draw(some),
        lanes_left=(STAY,) * draw(some),
        solid_lines=(SOLID,) * draw(some),
        nearest=np.full(count, draw(st.floats(0, 3))),
        collision_in=np.full(count, draw(st.floats(0, 4))),
        traffic=np.full(count, draw(st.floats(0, 20))),
        limit=np.full(count, draw(st.floats(0, 30))),
        astray=np.full(count, draw(st.booleans())),
        against=np.full(count, draw(st.floats(0, 1))),
    )


@pytest.mark.parametrize("name", PRESETS)
@given(drives())
@settings(max_examples=25, deadline=None)
def test_scores_are_0_to_100_and_losses_add_up(name: str, seen: Observations) -> None:
    result = score(seen, name)

    assert 0.0 <= result.value <= 100.0
    assert math.fsum(loss.points for loss in result.losses) == pytest.approx(100.0 - result.value)
    assert all(loss.points >= 0.0 for loss in result.losses)
    assert all(0.0 <= part.measure.value <= 1.0 for part in result.parts)
    names = [part.name for part in result.parts]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", PRESETS)
@given(drives(), st.sampled_from(["collisions", "red_lights", "stop_signs", "lanes_left"]))
@settings(max_examples=25, deadline=None)
def test_one_more_offence_never_gains(name: str, seen: Observations, what: str) -> None:
    more: dict[str, Any] = {
        "collisions": HIT,
        "red_lights": RED,
        "stop_signs": SIGN,
        "lanes_left": STAY,
    }
    worse = replace(seen, **{what: (*getattr(seen, what), more[what])})

    assert score(worse, name).value <= score(seen, name).value + 1e-9


@pytest.mark.parametrize("name", PRESETS)
@given(drives(), st.floats(0, 1))
@settings(max_examples=25, deadline=None)
def test_less_progress_never_gains(name: str, seen: Observations, share: float) -> None:
    less = replace(seen, progress=seen.progress * share, arrival=math.nan)

    assert score(less, name).value <= score(seen, name).value + 1e-9


# What must not matter


def eventful(x: float = 0.0, y: float = 0.0, *, ego_last: bool = False) -> Observations:
    """A red light, a line crossed, a collision, on a map that is moved by (x, y)."""
    path = sideways(-1.75, 1.75, by=1.0, after=15.0)
    ego = moving(eased(8.0, rise=8.0), seconds=40, x=START + x, y=lambda t: path(t) + y)
    beside = other("Beside", moving(7.0, seconds=40, x=20.0 + x, y=-5.25 + y))
    front = other("Front", moving(2.0, seconds=40, x=120.0 + x, y=1.75 + y))
    others = [beside, front]
    run = run_of(
        ego,
        where=street(x=x, y=y, more=lit(60.0)),
        goal=(GOAL + x, -1.75 + y),
        radius=5.0,
        others=others,
        lights=[Light(0.0, "7", "red")],
        touches=[(26.0, "Front")],
        ego_last=ego_last,
    )
    return observe(run)


def test_the_eventful_drive_is_eventful() -> None:
    seen = eventful()

    assert (len(seen.red_lights), len(seen.solid_lines), len(seen.collisions)) == (1, 1, 1)
    assert len(seen.oncoming) == 1


@pytest.mark.parametrize("name", PRESETS)
def test_the_order_of_the_actors_does_not_matter(name: str) -> None:
    assert to_json(score(eventful(), name)) == to_json(score(eventful(ego_last=True), name))


@pytest.mark.parametrize("name", PRESETS)
def test_the_maps_origin_does_not_matter(name: str) -> None:
    here, there = score(eventful(), name), score(eventful(1000.0, -500.0), name)

    assert there.value == pytest.approx(here.value, abs=1e-6)
    moved = [(loss.metric, loss.time, loss.x - 1000.0, loss.y + 500.0) for loss in there.losses]
    for loss, (metric, time, x, y) in zip(here.losses, moved, strict=True):
        assert (loss.metric, loss.time) == (metric, time)
        assert (loss.x, loss.y) == (pytest.approx(x, abs=1e-6), pytest.approx(y, abs=1e-6))


@pytest.mark.parametrize("name", PRESETS)
def test_a_run_and_its_observations_are_judged_alike_and_every_time(name: str) -> None:
    run = reasonable()

    assert to_json(score(run, name)) == to_json(score(observe(run), name))


# Faults and nothing


@pytest.mark.parametrize("name", PRESETS)
def test_a_fault_scores_0_with_the_reason(name: str) -> None:
    stopped = reasonable(fault="it hung for 10 s")

    for given_ in (stopped, observe(stopped)):
        result = score(given_, name)
        assert (result.value, result.fault) == (0.0, "it hung for 10 s")
        (loss,) = result.losses
        assert (loss.metric, loss.points, loss.words) == ("Fault", 100.0, "it hung for 10 s")
        assert math.isfinite(loss.x)


def nowhere(fault: str = "") -> Any:
    run = run_of(moving(0.0, seconds=1), fault=fault)
    trace = replace(run.trace, values=np.full_like(run.trace.values, np.nan))
    return replace(run, trace=trace)


def test_an_ego_that_never_was_there_is_no_drive() -> None:
    with pytest.raises(NothingDriven, match="no frame"):
        observe(nowhere())
    with pytest.raises(NothingDriven, match="Nobody"):
        run = reasonable()
        observe(replace(run, task=replace(run.task, ego="Nobody")))


def test_a_fault_before_the_first_frame_scores_0() -> None:
    assert score(nowhere("it did not start")).value == 0.0


@pytest.mark.parametrize("name", PRESETS)
def test_one_frame_is_a_drive(name: str) -> None:
    assert 0.0 <= score(drive(0.0, seconds=0.0), name).value <= 100.0


def test_presets_by_name() -> None:
    assert set(PRESETS) == {
        "concours", "carsmos-2023", "carla-1.0", "carla-2.0", "carla-2.1", "nuplan-cls",
    }  # fmt: skip
    assert all(preset(name).name == name for name in PRESETS)
    with pytest.raises(UnknownPreset, match="no preset 'carla'"):
        preset("carla")


# JSON


@pytest.mark.parametrize("name", PRESETS)
def test_json_is_canonical_and_complete(name: str) -> None:
    result = score(eventful(), name)
    text = to_json(result)
    told = json.loads(text)

    assert text == json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert told["value"] == result.value
    assert [part["name"] for part in told["parts"]] == [part.name for part in result.parts]
    assert sum(loss["points"] for loss in told["losses"]) == pytest.approx(100 - result.value)


def test_numbers_that_json_has_no_word_for_are_null() -> None:
    told = json.loads(to_json(score(reasonable(), "concours")))

    (part,) = (one for one in told["parts"] if one["name"] == "TimeToCollisionTest")
    assert part["measured"] is None
