"""Who drives: controllers, and trailers that are drawn."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from tests.factories.moves import (
    activate,
    assign,
    change_lane,
    controller,
    element,
    on_lane,
    private,
    put,
    speed,
)
from tests.factories.worlds import (
    ahead,
    bend,
    car,
    gap,
    over,
    play,
    straight,
    told,
    value,
    when,
)  # fmt: skip


def test_who_is_driven_from_outside_does_not_hear_the_scenario(tmp_path: Path) -> None:
    driver = assign(controller("interactiveDriver"))
    trace = play(
        tmp_path, ahead("Ego", 0, 10, driver), where=straight(),
        events=(when(1, speed(20), change_lane(-2)),),
    )  # fmt: skip

    assert value(trace, "Ego", "speed", 5.0) == 10
    assert value(trace, "Ego", "y", 5.0) == pytest.approx(-1.75)
    assert over(trace) == pytest.approx(1.0)


def test_once_it_is_switched_off_the_scenario_is_heard(tmp_path: Path) -> None:
    driver = assign(controller("externalDriver"))
    events = (
        when(1, speed(20), name="not"),
        when(2, activate(longitudinal=False), name="off"),
        when(3, speed(15)),
    )
    trace = play(tmp_path, ahead("Ego", 0, 10, driver), where=straight(), events=events)

    assert value(trace, "Ego", "speed", 2.5) == 10
    assert value(trace, "Ego", "speed", 4.0) == 15


def test_a_controller_waits_to_be_switched_on(tmp_path: Path) -> None:
    waits = element("ObjectController", controller("externalDriver"))
    events = (
        when(1, speed(20), name="heard"),
        when(2, activate(longitudinal=True, lateral=True), name="on"),
        when(3, speed(5), name="not"),
    )
    trace = play(
        tmp_path, ahead("Ego", 0, 10), where=straight(), events=events,
        cars=(car("Ego", after=waits),),
    )  # fmt: skip

    assert value(trace, "Ego", "speed", 1.5) == 20
    assert value(trace, "Ego", "speed", 5.0) == 20


def test_a_driver_keeps_the_distance_of_its_model(tmp_path: Path) -> None:
    driver = assign(controller("ACC", setSpeed=25, timeGap=1.5))
    trace = play(
        tmp_path, ahead("Ego", 0, 20, driver), ahead("Other", 100, 10), where=straight(2000),
        end=90,
    )  # fmt: skip

    # the intelligent driver's balance: (2 m + v T) / sqrt(1 - (v / wish)^4), and a car's length
    wanted = (2 + 10 * 1.5) / math.sqrt(1 - (10 / 25) ** 4)
    assert gap(trace, "Ego", "Other")[-1] - 4 == pytest.approx(wanted, abs=0.2)
    assert trace.touches == ()


def test_on_a_free_road_it_drives_as_fast_as_it_wishes(tmp_path: Path) -> None:
    driver = assign(controller("ACC", setSpeed=25))
    trace = play(tmp_path, ahead("Ego", 0, 5, driver), where=straight(3000), end=60)

    assert value(trace, "Ego", "speed", 60.0) == pytest.approx(25, abs=0.1)
    assert trace.of("Ego", "speed").max() <= 25 + 1e-6


def test_a_speed_action_changes_what_it_wishes(tmp_path: Path) -> None:
    driver = assign(controller("ACC", setSpeed=25))
    trace = play(
        tmp_path, ahead("Ego", 0, 20, driver), where=straight(3000), end=60,
        events=(when(5, speed(12)),),
    )  # fmt: skip

    assert value(trace, "Ego", "speed", 60.0) == pytest.approx(12, abs=0.1)
    assert over(trace) == pytest.approx(5.0)


def test_one_that_overrides_wishes_what_it_did(tmp_path: Path) -> None:
    driver = assign(controller("ACC", setSpeed=25, mode="override"))
    trace = play(
        tmp_path, ahead("Ego", 0, 20, driver), where=straight(3000), end=60,
        events=(when(5, speed(12)),),
    )  # fmt: skip

    assert value(trace, "Ego", "speed", 60.0) == pytest.approx(25, abs=0.1)


@pytest.mark.parametrize("braking", [3.0, 6.0, 8.0])
def test_it_never_runs_into_who_brakes(tmp_path: Path, braking: float) -> None:
    driver = assign(controller("ACC", setSpeed=25))
    stops = told("Other", when(20, speed(0, "linear", "rate", braking), name="stop"))
    trace = play(
        tmp_path, ahead("Ego", 0, 20, driver), ahead("Other", 60, 20), where=straight(2000),
        cars=(car("Ego", limits=(60, 3, 8)), car("Other")), stories=(stops,), end=45,
    )  # fmt: skip

    assert trace.touches == ()
    assert gap(trace, "Ego", "Other").min() > 4
    assert value(trace, "Ego", "speed", 45.0) == pytest.approx(0, abs=0.1)


def test_it_does_not_run_into_who_stands_round_a_bend(tmp_path: Path) -> None:
    driver = assign(controller("ACC", setSpeed=15))
    trace = play(
        tmp_path, ahead("Ego", 0, 15, driver), ahead("Other", 130, 0), where=bend(60, 180), end=30
    )

    assert trace.touches == ()
    assert value(trace, "Ego", "s", 30.0) > 100


# Trailers


def hooks(dx: float, tag: str) -> str:
    return element(tag, dx=dx, dz=0.5)


TOWING = hooks(-1, "TrailerHitch") + element("Trailer", element("TrailerRef", entityRef="Other"))
TRAILER = car("Other", box=(6, 2, 1), more=hooks(4, "TrailerCoupler"))


def test_a_trailer_is_straight_behind_from_the_start(tmp_path: Path) -> None:
    trace = play(
        tmp_path, ahead("Ego", 50, 10), where=straight(), cars=(car("Ego", more=TOWING), TRAILER)
    )

    np.testing.assert_allclose(gap(trace, "Other", "Ego"), 5, atol=1e-9)
    np.testing.assert_allclose(trace.of("Other", "y"), -1.75, atol=1e-9)
    np.testing.assert_allclose(trace.of("Other", "speed"), 10)


def test_on_a_circle_a_trailer_cuts_the_corner_as_the_tractrix_says(tmp_path: Path) -> None:
    trace = play(
        tmp_path, ahead("Ego", 5, 6), where=bend(30, 180), end=25,
        cars=(car("Ego", more=TOWING), TRAILER),
    )  # fmt: skip

    radius = math.hypot(trace.of("Other", "x")[-1], trace.of("Other", "y")[-1] - 30)
    assert radius == pytest.approx(math.sqrt(31.75**2 + 1**2 - 4**2), abs=0.02)
    ends = {}
    for name, ahead_ in (("Ego", -1), ("Other", 4)):
        x, y, h = (trace.of(name, column) for column in ("x", "y", "heading"))
        ends[name] = np.stack([x + ahead_ * np.cos(h), y + ahead_ * np.sin(h)])
    np.testing.assert_allclose(ends["Ego"], ends["Other"], atol=1e-6)


def test_a_trailer_goes_along_where_it_is_put(tmp_path: Path) -> None:
    trace = play(
        tmp_path, ahead("Ego", 50, 10), where=straight(),
        cars=(car("Ego", more=TOWING), TRAILER), events=(when(2, put(on_lane("1", -2, 300))),),
    )  # fmt: skip

    assert value(trace, "Other", "x", 2.0) == pytest.approx(295)
    assert value(trace, "Other", "y", 2.0) == pytest.approx(-5.25)


def test_trailers_are_let_go_and_hung_on(tmp_path: Path) -> None:
    let_go = private(element("TrailerAction", "<DisconnectTrailerAction/>"))
    hang_on = private(element("TrailerAction", element("ConnectTrailerAction", trailerRef="Other")))
    trace = play(
        tmp_path, ahead("Ego", 50, 10), where=straight(),
        cars=(car("Ego", more=TOWING), TRAILER),
        events=(when(2, let_go, name="go"), when(5, hang_on, name="on")),
    )  # fmt: skip

    assert value(trace, "Other", "x", 4.0) == pytest.approx(65, abs=1e-6)
    assert value(trace, "Other", "speed", 4.0) == 0
    assert value(trace, "Other", "x", 8.0) == pytest.approx(125, abs=1e-6)


def test_a_trailer_that_the_vehicle_holds_is_called_as_it(tmp_path: Path) -> None:
    inner = car("ignored", box=(6, 2, 1), more=hooks(4, "TrailerCoupler"))
    inner = inner.replace("<ScenarioObject", "<Trailer").replace("</ScenarioObject", "</Trailer")
    holds = hooks(-1, "TrailerHitch") + element("Trailer", inner)
    trace = play(
        tmp_path, ahead("Ego", 50, 10), where=straight(), cars=(car("Ego", more=holds),), end=2
    )

    assert [actor.name for actor in trace.actors] == ["Ego", "Ego+"]
    np.testing.assert_allclose(gap(trace, "Ego+", "Ego"), 5, atol=1e-9)


def test_nobody_draws_whom_it_is_drawn_by(tmp_path: Path) -> None:
    both = element("Trailer", element("TrailerRef", entityRef="Ego"))
    cars = (car("Ego", more=TOWING), car("Other", more=both))
    itself = private(element("TrailerAction", element("ConnectTrailerAction", trailerRef="Ego")))
    trace = play(
        tmp_path, ahead("Ego", 50, 10), where=straight(), cars=cars, events=(when(1, itself),),
        noted=True,
    )  # fmt: skip

    assert "Other cannot draw who draws it" in trace.notes
    assert "Ego cannot draw who draws it" in trace.notes
    assert value(trace, "Other", "x", 9.0) < value(trace, "Ego", "x", 9.0)
