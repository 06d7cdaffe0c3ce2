"""Traffic that is drawn: how much of it, how fast, where, and that nobody is born in another."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from concours.driving.world import Trace
from tests.factories.moves import area, delete, element, sink, source, swarm, traffic
from tests.factories.worlds import ahead, build, car, play, racecourse, straight, when

Born = dict[str, tuple[float, float, float, float]]


def born(trace: Trace, prefix: str = "flow#") -> Born:
    """Of each newcomer: when it came, where (x, y), and how fast."""
    found: Born = {}
    for actor in trace.actors:
        if actor.name.startswith(prefix):
            x = trace.of(actor.name, "x")
            row = int(np.argmax(~np.isnan(x)))
            y, v = trace.of(actor.name, "y")[row], trace.of(actor.name, "speed")[row]
            found[actor.name] = (float(trace.times[row]), float(x[row]), float(y), float(v))
    return found


def there(trace: Trace, prefix: str = "flow#") -> np.ndarray:
    """How many of them are in the scene, at each frame."""
    names = [actor.name for actor in trace.actors if actor.name.startswith(prefix)]
    return np.sum([~np.isnan(trace.of(name, "x")) for name in names], axis=0)


def flowing(folder: Path, *actions: str, **how: object) -> Trace:
    given: dict[str, object] = {"where": straight(), "cars": (car("Ego"),), **how}
    return play(folder, ahead("Ego", 900, 0), *(traffic(each) for each in actions), **given)


def nobody_is_born_in_another(trace: Trace) -> None:
    for name, (time, x, y, _) in born(trace, "").items():
        row = round(time / trace.step)
        others = [actor.name for actor in trace.actors if actor.name != name]
        for other in others:
            there_x, there_y = trace.of(other, "x")[row], trace.of(other, "y")[row]
            assert np.isnan(there_x) or np.hypot(there_x - x, there_y - y) > 8.0


def test_a_source_lets_in_its_rate(tmp_path: Path) -> None:
    trace = flowing(tmp_path, source(300, 0, radius=100, rate=0.5, speed=10))

    newcomers = born(trace)
    times = sorted(time for time, *_ in newcomers.values())
    assert times == pytest.approx([0, 2, 4, 6, 8], abs=0.11)
    for _, x, y, v in newcomers.values():
        assert np.hypot(x - 300, y) <= 100
        assert v == 10
    nobody_is_born_in_another(trace)
    assert trace.touches == ()


def test_traffic_keeps_to_its_lanes_and_off_others(tmp_path: Path) -> None:
    trace = flowing(tmp_path, source(300, 0, radius=200, rate=2, speed=12), end=30)

    assert trace.touches == ()
    for name in born(trace):
        inside = ~np.isnan(trace.of(name, "offset"))
        lanes = set(trace.of(name, "lane")[inside])
        assert lanes <= {-1, -2} or lanes <= {1, 2}
        assert abs(trace.of(name, "offset")[inside][-1]) < 2.0
        assert trace.of(name, "speed")[inside].max() <= 12 + 1e-6


def test_traffic_overtakes_who_is_slower_and_only_then(tmp_path: Path) -> None:
    behind = source(200, -3.5, radius=60, rate=0.4, speed=14)
    held_up = play(
        tmp_path, ahead("Ego", 330, 4), traffic(behind),
        where=straight(), cars=(car("Ego"),), end=30,
    )  # fmt: skip

    onward = [name for name in born(held_up) if np.nanmax(held_up.of(name, "lane")) < 0]
    passed = [n for n in onward if held_up.of(n, "x")[-1] > held_up.of("Ego", "x")[-1]]
    assert passed
    assert any(len(set(held_up.of(name, "lane")) - {np.nan}) > 1 for name in passed)
    assert held_up.touches == ()


def test_traffic_alone_keeps_its_lane(tmp_path: Path) -> None:
    trace = flowing(tmp_path, source(200, 0, radius=60, rate=0.05, speed=14), end=15)

    (name,) = born(trace)
    lanes = trace.of(name, "lane")
    assert len(set(lanes[~np.isnan(lanes)])) == 1


def test_a_sink_takes_those_that_come_to_it(tmp_path: Path) -> None:
    corners = [(250, -10), (350, -10), (350, 10), (250, 10)]
    drain = when(0, traffic(sink(900, 0, radius=500), name="drain"))
    trace = flowing(tmp_path, area(corners, number=8, continuous=False), events=(drain,), end=20)

    onward = {name for name, (_, _, y, _) in born(trace).items() if y < 0}
    assert 0 < len(onward) < 8
    for name in born(trace):
        x = trace.of(name, "x")
        assert np.nanmax(x) <= 401.5
        assert np.isnan(x[-1]) == (name in onward)
    assert trace.of("Ego", "x")[-1] == 900  # the scenario's own stay


def test_a_sink_takes_no_more_than_its_rate(tmp_path: Path) -> None:
    corners = [(100, -10), (500, -10), (500, 10), (100, 10)]
    drain = when(1, traffic(sink(300, 0, radius=400, rate=0.5), name="drain"))
    trace = flowing(
        tmp_path, area(corners, number=10, continuous=False), events=(drain,), end=9.5
    )  # fmt: skip

    left = there(trace)
    assert left[5] == 10
    assert left[-1] == 10 - 5  # at 1, 3, 5, 7 and 9 s


def test_a_swarm_goes_with_its_centre(tmp_path: Path) -> None:
    given = traffic(swarm("Ego", axes=(80, 50), inner=15, number=6, speed=9))
    trace = play(
        tmp_path, ahead("Ego", 200, 20), given, where=straight(2000), cars=(car("Ego"),), end=30
    )

    assert there(trace)[0] >= 4  # spots are drawn; the others follow
    assert there(trace).max() == 6
    for time, x, y, v in born(trace).values():
        center = 200 + 20 * time
        assert ((x - center) / 80) ** 2 + ((y + 1.75) / 50) ** 2 <= 1 + 1e-6
        assert np.hypot(x - center, y + 1.75) >= 15 - 1e-6
        assert v == 9
    for name in born(trace):
        away = trace.of(name, "x") - trace.of("Ego", "x")
        assert np.nanmax(np.abs(away)) <= 80 + 1
    nobody_is_born_in_another(trace)


def test_an_area_is_filled_once_or_ever_again(tmp_path: Path) -> None:
    corners = [(200, -10), (400, -10), (400, 10), (200, 10)]
    once = flowing(tmp_path, area(corners, number=5, continuous=False), end=25)
    again = flowing(tmp_path, area(corners, number=5, continuous=True), end=25)

    for _, x, _, _ in born(once).values():
        assert 200 <= x <= 400
    assert len(born(once)) == 5
    assert len(born(again)) > 5
    assert there(again).min() >= 4
    assert there(again).max() <= 5


def test_what_was_stopped_lets_nobody_in(tmp_path: Path) -> None:
    stop = when(4.5, traffic("<TrafficStopAction/>", name="flow"))
    trace = flowing(
        tmp_path, source(300, 0, radius=100, rate=0.5, speed=10), events=(stop,), end=12
    )

    assert len(born(trace)) == 3
    assert there(trace)[-1] == 3  # those that are there stay


def test_no_two_newcomers_have_one_name(tmp_path: Path) -> None:
    flow = traffic(source(300, 0, radius=100, rate=1, speed=10), name="flow")
    events = (
        when(1.5, traffic("<TrafficStopAction/>", name="flow"), name="stop"),
        when(3, flow, name="again"),
    )
    trace = play(
        tmp_path, ahead("Ego", 900, 0), flow, where=straight(), events=events, end=6,
        cars=(car("Ego"), car("flow#0")), noted=True,
    )  # fmt: skip

    names = [actor.name for actor in trace.actors]
    assert len(names) >= 6
    assert len(set(names)) == len(names)


def test_where_there_is_no_room_they_wait(tmp_path: Path) -> None:
    trace = flowing(tmp_path, source(300, 0, radius=8, rate=5, speed=10), end=10)

    nobody_is_born_in_another(trace)
    assert 1 <= len(born(trace)) < 50
    assert trace.touches == ()


def test_traffic_goes_round_and_round(tmp_path: Path) -> None:
    flow = traffic(source(50, 0, radius=60, rate=1, speed=10))
    trace = play(
        tmp_path, ahead("Ego", 5, 8), flow, where=racecourse(), cars=(car("Ego"),), end=40,
        noted=True,
    )  # fmt: skip

    assert there(trace).max() >= 5
    assert all(touch.first != 0 or touch.second != 0 for touch in trace.touches)


def test_without_a_map_there_is_no_traffic(tmp_path: Path) -> None:
    flow = traffic(source(0, 0, radius=50, rate=1, speed=10))
    trace = play(tmp_path, flow, cars=(car("Ego"),), noted=True, end=1)

    assert any("traffic needs a map" in note for note in trace.notes)


def test_what_is_drawn_may_be_weighted(tmp_path: Path) -> None:
    entries = "".join(
        element("VehicleCategoryDistributionEntry", category=kind, weight=weight)
        for kind, weight in (("truck", 3), ("car", 1), ("bus", 0))
    )
    kinds = element("TrafficDefinition", element("VehicleCategoryDistribution", entries), name="t")
    flow = source(300, 0, radius=290, rate=20, speed=1).replace(
        "</TrafficSourceAction>", kinds + "</TrafficSourceAction>"
    )
    trace = flowing(tmp_path, flow, end=2)

    drawn = [actor.kind for actor in trace.actors if actor.name.startswith("flow#")]
    assert len(drawn) >= 25
    assert drawn.count("truck") > drawn.count("car") > 0
    assert drawn.count("bus") == 0


def test_traffic_may_lose_whom_it_goes_with(tmp_path: Path) -> None:
    around = traffic(swarm("Ego", axes=(80, 50), inner=15, number=6, speed=9))
    made = build(
        tmp_path, ahead("Ego", 200, 20), around, where=straight(2000), cars=(car("Ego"),),
        events=(when(2, delete("Ego")),), end=5,
    )  # fmt: skip

    trace = made.play()

    assert trace is not None
    assert trace.end == "time"
