"""What a scenario asks of its ego."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from concours.driving import scenarios
from concours.driving.closedloop import NoTask, ego_of, task_of
from concours.driving.closedloop.asking import GRACE, RADIUS, SLOWEST, joined
from concours.driving.roads import Route, RouteStep
from concours.driving.world import World
from tests.factories import scenarios as s
from tests.factories.moves import element, on_lane, private
from tests.factories.worlds import ahead, build, car, opened, straight

DATA = Path(__file__).parents[4] / "shared" / "data" / "driving"


def reach(place: str, *, tolerance: float = 4.0, who: str = "Ego") -> str:
    position = element("Position", place)
    inner = element("ReachPositionCondition", position, tolerance=tolerance)
    return s.condition(s.by_entity(inner, who))


def stop(*groups: str) -> str:
    return s.trigger("Stop", *([group] for group in groups))


def late(seconds: float) -> str:
    return s.condition(s.by_value(s.time_is(seconds, "greaterThan")))


def begun(folder: Path, *init: str, **how: Any) -> World:
    """A world at its first frame."""
    world = build(folder, *init, where=how.pop("where", straight()), **how)
    next(iter(world.run()))
    return world


def acquire(place: str) -> str:
    position = element("Position", place)
    return private(element("RoutingAction", element("AcquirePositionAction", position)))


def test_goal_time_and_way_come_from_the_stop_trigger(tmp_path: Path) -> None:
    world = begun(
        tmp_path, ahead("Ego", 20, 0), ahead("Other", 80, 5),
        stop=stop(reach(on_lane("1", -1, 220)), late(53), late(60)),
    )  # fmt: skip

    task = task_of(world)

    assert task.ego == "Ego"
    assert task.start == pytest.approx((20, -1.75, 0, 0))
    assert task.goal == pytest.approx((220, -1.75, 0))
    assert (task.radius, task.time_limit) == (4.0, 53.0)
    assert task.mileage == pytest.approx(200)
    assert task.route is not None
    assert task.route.roads == ("1",)


def test_without_a_stop_trigger_the_init_says_where_to(tmp_path: Path) -> None:
    world = begun(tmp_path, ahead("Ego", 20, 0, acquire(on_lane("1", -2, 120))), stop="")

    task = task_of(world)

    assert task.goal == pytest.approx((120, -5.25, 0))
    assert task.radius == RADIUS
    assert task.mileage == pytest.approx(100)
    assert task.time_limit == pytest.approx(100 / SLOWEST + GRACE)


def test_a_time_that_only_counts_with_something_else_is_no_limit(tmp_path: Path) -> None:
    both = s.trigger("Stop", [late(9), reach(on_lane("1", -1, 50))], [late(40)])
    world = begun(tmp_path, ahead("Ego", 20, 0), stop=both)

    assert task_of(world).time_limit == 40


def test_a_goal_that_no_lane_leads_to_has_the_straight_line(tmp_path: Path) -> None:
    backwards = stop(reach(on_lane("1", -1, 20)), late(30))
    world = begun(tmp_path, ahead("Ego", 120, 0), stop=backwards)

    task = task_of(world)

    assert task.route is None
    assert task.mileage == pytest.approx(100)


def test_without_a_map_the_way_is_the_straight_line(tmp_path: Path) -> None:
    place = element("WorldPosition", x=30, y=40, z=0)
    start = s.private("Ego", s.teleport(0, 0))
    world = build(tmp_path, start, stop=stop(reach(place), late(30)))
    next(iter(world.run()))

    task = task_of(world)

    assert (task.mileage, task.route, task.speed_limit) == (50.0, None, math.inf)


def test_a_file_without_a_goal_asks_nothing(tmp_path: Path) -> None:
    world = begun(tmp_path, ahead("Ego", 20, 0))

    with pytest.raises(NoTask, match="where Ego is to go"):
        task_of(world)


def test_an_ego_that_is_not_there_is_told(tmp_path: Path) -> None:
    world = begun(tmp_path, ahead("Other", 20, 0), stop=stop(reach(on_lane("1", -1, 220))))

    with pytest.raises(NoTask, match="Ego is not in the scene"):
        task_of(world)
    with pytest.raises(NoTask, match="no entity Nobody"):
        task_of(world, ego="Nobody")


@pytest.mark.parametrize("name", ["Ego", "ego", "hero", "ego_vehicle", "EgoCar", "Hero-1"])
def test_the_ego_is_known_by_its_name(tmp_path: Path, name: str) -> None:
    cars = (car("Egon"), car("Other"), car(name))
    world = build(tmp_path, ahead(name, 20, 0), cars=cars, where=straight())

    assert ego_of(world.scenario) == name


def test_who_has_to_get_somewhere_is_the_ego_of_a_file_without_that_name(tmp_path: Path) -> None:
    goal = stop(reach(on_lane("1", -1, 220), who="B"))
    world = build(tmp_path, cars=(car("A"), car("B")), where=straight(), stop=goal)

    assert ego_of(world.scenario) == "B"


def test_among_many_nobody_is_picked_by_chance(tmp_path: Path) -> None:
    world = build(tmp_path, cars=(car("A"), car("B")), where=straight())

    with pytest.raises(NoTask, match="say which"):
        ego_of(world.scenario)


def test_routes_are_joined_where_one_goes_on_from_the_other() -> None:
    one = Route((RouteStep("1", -1, 10, 60, changes=False),), 50)
    two = Route(
        (RouteStep("1", -1, 60, 100, changes=False), RouteStep("2", -1, 0, 30, changes=False)), 70
    )

    whole = joined([one, two])

    assert whole.length == 120
    assert whole.steps == (RouteStep("1", -1, 10, 100, changes=False), two.steps[1])


def test_a_file_of_the_challenge_is_understood() -> None:
    file, maps = DATA / "oasis" / "openscenario.xosc", DATA / "towns"
    if not file.exists():
        pytest.skip("third-party scenarios are not here")
    world = World(scenarios.load(file), maps=[maps])
    next(iter(world.run()))

    task = task_of(world)

    assert task.ego == "ego_vehicle"
    assert (task.radius, task.time_limit) == (10.0, 180.0)
    assert task.speed_limit == pytest.approx(80 / 3.6)
    assert task.goal[:2] == pytest.approx((93.508, -296.703))
    assert math.dist(task.start[:2], task.goal[:2]) == pytest.approx(161.2, abs=0.1)
    assert task.mileage > 161


def test_the_world_is_not_moved_by_being_asked(tmp_path: Path) -> None:
    world = begun(tmp_path, ahead("Ego", 20, 0), stop=stop(reach(on_lane("1", -1, 220)), late(9)))

    one, two = task_of(world), task_of(world)

    assert one == two
    assert world.time == 0.0
    assert opened(straight()) is world.network
