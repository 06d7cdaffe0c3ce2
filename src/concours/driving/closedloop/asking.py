"""From a scenario to what its ego is asked to do.

OpenSCENARIO has no element for a task. As the CARSMOS challenge's files do, the goal is the place
that the ego has to reach for a stop trigger to fire, and the limit of time is the least time for
which one fires; where a file has neither, the ego's own route in the Init says where it goes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from concours.driving.closedloop.task import Task
from concours.driving.roads import DRIVABLE, RoadNetwork, Route, RouteStep, UnknownRoad
from concours.driving.scenarios import conditions as c
from concours.driving.scenarios.entities import Vehicle
from concours.driving.scenarios.enums import Rule
from concours.driving.scenarios.positions import Position
from concours.driving.scenarios.routing import AcquirePositionAction, AssignRouteAction
from concours.driving.scenarios.scenario import Scenario
from concours.driving.scenarios.storyboard import Private
from concours.driving.scenarios.walking import walk
from concours.driving.world import State, World
from concours.driving.world.places import NoPlace, Place

RADIUS = 5.0
"""Metres that count as there, where the file does not say."""
SLOWEST = 2.4
"""m/s that the limit of time asks for on average, where the file does not say: the challenge's."""
GRACE = 10.0
"""Seconds that such a limit is longer."""
_EGO = re.compile(r"^(ego|hero)([_\W].*|vehicle|car)?$", re.IGNORECASE)
_TEST = "max_velocity_allowed"


class NoTask(ValueError):
    """A scenario that asks nothing of an algorithm."""


def ego_of(scenario: Scenario) -> str:
    """The entity that an algorithm drives: by its name, else the one that has to get somewhere.

    Raises NoTask where there is none.
    """
    named = [name for name in scenario.entities if _EGO.match(name)]
    wanted = dict.fromkeys(name for name, _ in _goals(scenario))
    for candidates in (named, [name for name in wanted if name in scenario.entities]):
        if candidates:
            return candidates[0]
    vehicles = [n for n, e in scenario.entities.items() if isinstance(e.entity, Vehicle)]
    if len(vehicles) == 1:
        return vehicles[0]
    raise NoTask(
        f"{scenario.path}: nobody here is called Ego or hero: say which entity is to be driven"
    )


def task_of(world: World, *, ego: str | None = None) -> Task:
    """The task of a world at its first frame.

    ego: the entity to be driven, else `ego_of`. Raises NoTask where the file names no goal, or
    the ego or the goal is nowhere.
    """
    scenario = world.scenario
    name = ego if ego is not None else ego_of(scenario)
    if name not in scenario.entities:
        raise NoTask(f"{scenario.path}: there is no entity {name}")
    if name not in world.names or not world.is_in_scene(name):
        raise NoTask(f"{scenario.path}: {name} is not in the scene at the start")
    state = world.state(name)
    via, radius = _way(scenario, name)
    if not via:
        raise NoTask(f"{scenario.path}: no stop trigger and no route says where {name} is to go")
    try:
        places = [world.place(position) for position in via]
    except NoPlace as error:
        raise NoTask(f"{scenario.path}: the goal of {name}: {error}") from None
    route = _route(world.network, state, places)
    goal = places[-1]
    direct = math.dist((state.x, state.y), (goal.x, goal.y))
    mileage = route.length if route is not None else direct
    limit = _time_limit(scenario)
    return Task(
        ego=name,
        start=(state.x, state.y, state.z, state.heading),
        goal=(goal.x, goal.y, goal.z if goal.z is not None else state.z),
        radius=radius,
        mileage=mileage,
        time_limit=limit if limit is not None else mileage / SLOWEST + GRACE,
        speed_limit=_speed_limit(scenario, world.network, route),
        route=route,
    )


def _way(scenario: Scenario, ego: str) -> tuple[list[Position], float]:
    """Places to pass, the goal last, and how near counts as there."""
    goals = [(position, radius) for name, (position, radius) in _goals(scenario) if name == ego]
    via = _given_route(scenario, ego)
    if not goals:
        return via, RADIUS
    position, radius = goals[0]
    return [*via[:-1], position], radius if radius > 0 else RADIUS


def _triggers(scenario: Scenario) -> Iterator[c.Trigger]:
    """Stop triggers: the storyboard's first, then those of its acts."""
    board = scenario.storyboard
    if board.stop_trigger is not None:
        yield board.stop_trigger
    for story in board.stories:
        for act in story.acts:
            if act.stop_trigger is not None:
                yield act.stop_trigger


def _goals(scenario: Scenario) -> Iterator[tuple[str, tuple[Position, float]]]:
    """Who has to reach what for a stop trigger to fire."""
    for trigger in _triggers(scenario):
        for test in (each.test for group in trigger.groups for each in group.conditions):
            if not isinstance(test, c.ByEntityCondition):
                continue
            reached = _reached(test)
            if reached is not None:
                for ref in test.triggering.refs:
                    for name in scenario.members(ref.entity_ref):
                        yield name, reached


def _reached(test: c.ByEntityCondition) -> tuple[Position, float] | None:
    """The place and the radius of a condition that waits for somebody to come near."""
    match test.condition:
        case c.ReachPositionCondition() as one:
            return one.position, one.tolerance
        case c.DistanceCondition(rule=Rule.LESS_THAN | Rule.LESS_OR_EQUAL) as one:
            return one.position, one.value
    return None


def _time_limit(scenario: Scenario) -> float | None:
    """The least time after which a group that is nothing but a time stops it."""
    found = [
        test.value
        for trigger in _triggers(scenario)
        for group in trigger.groups
        if len(group.conditions) == 1
        for test in (group.conditions[0].test,)
        if isinstance(test, c.SimulationTimeCondition)
        and test.rule in (Rule.GREATER_THAN, Rule.GREATER_OR_EQUAL)
        and test.value > 0
    ]
    return min(found, default=None)


def _given_route(scenario: Scenario, ego: str) -> list[Position]:
    """Where the Init sends the ego: the waypoints after the first, or one place."""
    init = scenario.storyboard.init
    for node in walk(init) if init is not None else ():
        if not isinstance(node, Private) or ego not in scenario.members(node.entity_ref):
            continue
        for inside in walk(node):
            match inside:
                case AcquirePositionAction(position=position):
                    return [position]
                case AssignRouteAction(route=route) if len(route.waypoints) > 1:
                    return [waypoint.position for waypoint in route.waypoints[1:]]
    return []


def _route(network: RoadNetwork | None, state: State, places: Sequence[Place]) -> Route | None:
    """The shortest way on lanes from the ego past all places; None where there is none."""
    if network is None or not state.road or any(place.lane < 0 for place in places):
        return None
    found: list[Route] = []
    start = (state.road, state.lane, state.s)
    for place in places:
        one = _leg(network, start, place)
        if one is None:
            return None
        found.append(one)
        last = one.steps[-1]
        start = (last.road, last.lane, last.s_to)
    return joined(found)


def _leg(network: RoadNetwork, start: tuple[str, int, float], place: Place) -> Route | None:
    """To a place in its own lane, else in the lane beside that comes soonest."""
    road = network.road_ids[place.road]
    own = int(network.tables.lanes[place.lane, 0])
    others = [lane for lane in network.lanes(road, place.s, DRIVABLE) if lane != own]
    for lanes in ([own], others):
        ways = [_find(network, start, (road, lane, place.s)) for lane in lanes]
        known = [way for way in ways if way is not None]
        if known:
            return min(known, key=lambda way: way.length)
    return None


def _find(
    network: RoadNetwork, start: tuple[str, int, float], goal: tuple[str, int, float]
) -> Route | None:
    try:
        return network.find_route(start, goal)
    except UnknownRoad:
        return None


def joined(routes: Sequence[Route]) -> Route:
    """Routes one after another, each starting where the one before ends, as one."""
    steps: list[RouteStep] = []
    for route in routes:
        for step in route.steps:
            last = steps[-1] if steps else None
            if last is not None and _goes_on(last, step):
                steps[-1] = step._replace(s_from=last.s_from)
            else:
                steps.append(step)
    return Route(tuple(steps), sum(route.length for route in routes))


def _goes_on(last: RouteStep, step: RouteStep) -> bool:
    same = (last.road, last.lane) == (step.road, step.lane)
    onward = (last.s_to - last.s_from) * (step.s_to - step.s_from) >= 0
    return same and not last.changes and last.s_to == step.s_from and onward


def _speed_limit(scenario: Scenario, network: RoadNetwork | None, route: Route | None) -> float:
    """m/s: the file's own criterion (km/h, the challenge's idiom), else the way's highest limit."""
    board = scenario.storyboard
    for node in walk(board.stop_trigger) if board.stop_trigger is not None else ():
        if isinstance(node, c.ParameterCondition) and node.parameter_ref == _TEST:
            try:
                return float(node.value) / 3.6
            except ValueError:
                break
    if network is None or route is None:
        return math.inf
    limits = [
        limit
        for step in route.steps
        for s in (step.s_from, (step.s_from + step.s_to) / 2, step.s_to)
        if (limit := network.speed_limit(step.road, step.lane, s)) is not None
    ]
    return max(limits, default=math.inf)
