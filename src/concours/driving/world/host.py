"""The world as the storyboard finds it: actions begin here, and conditions are measured."""

from __future__ import annotations

import math
from collections.abc import Callable

from concours.driving.keyed import word
from concours.driving.scenarios import actions as a
from concours.driving.scenarios import appearance, controllers, environment, routing
from concours.driving.scenarios import conditions as c
from concours.driving.scenarios import signals as lights
from concours.driving.scenarios.machine import Conventions, HostAction, Measure, Running
from concours.driving.scenarios.scenario import Scenario
from concours.driving.scenarios.traffic import TrafficAction
from concours.driving.scenarios.walking import element_name
from concours.driving.world import layout as at
from concours.driving.world.bodies import entity_called
from concours.driving.world.drivers import Drivers
from concours.driving.world.geography import NoProjection
from concours.driving.world.handles import PolledHandle
from concours.driving.world.kernels.setting import BY_LANE, BY_PLACE, settle
from concours.driving.world.measuring import Measuring
from concours.driving.world.placing import NoPlace, Place, Placer
from concours.driving.world.speeding import Speeding
from concours.driving.world.stage import Stage
from concours.driving.world.steering import Steering
from concours.driving.world.traffic import Traffic

_KEPT = (
    appearance.LightStateAction,
    appearance.AnimationAction,
    appearance.VisibilityAction,
)


class WorldHost:
    """Implements `machine.Host`.

    Attributes:
        time: seconds since the start; set by the world.
        notes: what could not be done, a line each, once.
        weather: the environment as last set, or None.
        polling: actions under way whose end is asked for at each step.
        user_values: values from outside, by name.
    """

    def __init__(
        self,
        scenario: Scenario,
        stage: Stage,
        *,
        seed: int,
        dt: float,
        conventions: Conventions,
    ) -> None:
        self.time = 0.0
        self.notes: dict[str, None] = {}
        self.weather: environment.EnvironmentAction | None = None
        self.polling: list[PolledHandle] = []
        self.user_values: dict[str, str] = {}
        self.map_lights: dict[str, str] = {}
        self.conventions = conventions
        self.stage = stage
        self.seed = seed
        self.placer = Placer(stage, left_handed=is_left_handed(scenario))
        self.drivers = Drivers(stage)
        self.traffic = Traffic(self.placer, self.drivers, seed=seed, note=self.note)
        self.measuring = Measuring(self.placer, self.note)
        self._scenario = scenario
        self._speeding = Speeding(self.placer)
        self._steering = Steering(self.placer, dt)
        self._trailers: dict[int, int] = {}

    def note(self, message: str) -> None:
        """Keep a line of what could not be done."""
        self.notes.setdefault(message)

    # What the storyboard asks

    def start(self, action: HostAction, actor: str | None) -> Running | None:
        """Begin an action; what cannot be done is noted with its line, and is over at once."""
        try:
            return self._global(action) if actor is None else self._private(action, actor)
        except (NoPlace, NoProjection, KeyError) as error:
            words = f"there is no entity {error}" if isinstance(error, KeyError) else str(error)
            who = f" of {actor}" if actor else ""
            self.note(f"{action.place}: <{element_name(action)}>{who}: {words}")
            return None

    def measure(self, condition: c.EntityCondition, entity: str) -> Measure:
        """A function that gives what a condition compares; one that gives None for nobody."""
        try:
            return self.measuring.measure(condition, entity)
        except (NoPlace, NoProjection, KeyError) as error:
            words = f"there is no entity {error}" if isinstance(error, KeyError) else str(error)
            self.note(f"{condition.place}: <{element_name(condition)}>: {words}")
            return lambda: None

    def signal_state(self, name: str) -> str | None:
        """The state of a signal of the map that nothing of the scenario has set."""
        return self.map_lights.get(name)

    def user_value(self, name: str) -> str | None:
        """A value that was given from outside."""
        return self.user_values.get(name)

    # Actions of nobody

    def _global(self, action: HostAction) -> Running | None:
        match action:
            case environment.EnvironmentAction():
                self.weather = action
            case a.EntityAction(entity_ref=name, action=a.AddEntityAction(position=position)):
                self.put(self.stage.row(name), self.placer.place(position))
            case a.EntityAction(entity_ref=name):
                self._take_out(self.stage.row(name))
            case TrafficAction():
                return self.traffic.start(action, self.time)
            case lights.TrafficSignalStateAction() | lights.TrafficSignalControllerAction():
                return None  # the storyboard's board has done it
            case _:
                self.note(f"{action.place}: <{element_name(action)}> is not supported")
        return None

    # Actions of an entity

    def _private(self, action: HostAction, actor: str) -> Running | None:
        row = self.stage.row(actor)
        if isinstance(action, _KEPT):
            return None
        if _led_by(action) == actor:
            raise NoPlace("nobody can be led by themselves")
        for begin in (self._speed_action, self._side_action, self._other_action):
            known, handle = begin(action, row)
            if known:
                return handle
        self.note(f"{action.place}: <{element_name(action)}> is not supported")
        return None

    def _speed_action(self, action: HostAction, row: int) -> tuple[bool, Running | None]:
        begin: Callable[[], Running]
        match action:
            case a.SpeedAction():
                begin = lambda: self._speeding.speed(action, row)  # noqa: E731
            case a.SpeedProfileAction():
                begin = lambda: self._speeding.speed_profile(action, row)  # noqa: E731
            case a.LongitudinalDistanceAction():
                begin = lambda: self._speeding.distance(action, row)  # noqa: E731
            case a.SynchronizeAction():
                begin = lambda: self._speeding.synchronize(action, row)  # noqa: E731
            case _:
                return False, None
        if not self.drivers.speed_is_theirs(row):
            return True, begin()
        if isinstance(action, a.SpeedAction) and isinstance(action.target, a.AbsoluteTargetSpeed):
            self.drivers.hear_speed(row, action.target.value)
        return True, None

    def _side_action(self, action: HostAction, row: int) -> tuple[bool, Running | None]:
        begin: Callable[[], Running]
        match action:
            case a.LaneChangeAction():
                begin = lambda: self._steering.lane_change(action, row)  # noqa: E731
            case a.LaneOffsetAction():
                begin = lambda: self._steering.lane_offset(  # noqa: E731
                    action, row, keeps_pace=self.conventions.offsets_keep_pace
                )
            case a.LateralDistanceAction():
                begin = lambda: self._steering.lateral_distance(action, row)  # noqa: E731
            case routing.FollowTrajectoryAction():
                begin = lambda: self._steering.trajectory(action, row, self.time)  # noqa: E731
            case _:
                return False, None
        return True, None if self.drivers.side_is_theirs(row) else begin()

    def _other_action(self, action: HostAction, row: int) -> tuple[bool, Running | None]:
        match action:
            case a.TeleportAction():
                self.put(row, self.placer.place(action.position))
            case routing.AssignRouteAction():
                self._steering.assign_route(action.route, row)
            case routing.AcquirePositionAction():
                at_once = self.conventions.acquired_at_once
                return True, self._polled(self._steering.acquire(action, row, at_once=at_once))
            case routing.RandomRouteAction():
                purpose = f"route of {self.stage.names[row]}"
                self._steering.wander(row, lambda fork, ways: word(self.seed, purpose, fork) % ways)
            case controllers.ControllerAction() | controllers.ActivateControllerAction():
                self.drivers.act(action, row)
            case a.ConnectTrailerAction():
                self.hitch(row, self.stage.row(action.trailer_ref))
            case a.DisconnectTrailerAction():
                self._unhitch(row)
            case _:
                return False, None
        return True, None

    def _polled(self, handle: Running | None) -> Running | None:
        """A handle that is asked at each step as long as it goes on."""
        if not isinstance(handle, PolledHandle):
            return handle
        self.polling.append(handle)
        handle.leave(lambda: self.polling.remove(handle))
        return handle

    # Putting entities somewhere

    def put(self, row: int, place: Place) -> None:
        """Put an entity somewhere, with what it draws; it is in the scene from now on."""
        f, i = self.stage.scene.f[row], self.stage.scene.i[row]
        new = not i[at.IN_SCENE]
        i[at.IN_SCENE], i[at.AT_END] = 1, 0
        if i[at.SIDE_MODE] in (at.SHIFT, at.BESIDE):
            i[at.SIDE_DONE] = 1  # what it did in the place that it has left is over
        if new or i[at.SIDE_MODE] != at.ON_PATH:
            i[at.SIDE_MODE] = at.KEEP_LANE if place.road >= 0 else at.FREE
        f[at.SIDEWAYS], f[at.LIFT] = 0.0, 0.0
        if place.road < 0 or place.lane < 0:
            self._put_in_world(row, place)
        else:
            self._put_on_road(row, place)
        for column, value in ((at.PITCH, place.pitch), (at.ROLL, place.roll)):
            if value is not None:
                f[column] = value
        trailer = self._trailers.get(row)
        if trailer is not None:
            self._behind(trailer)

    def _take_out(self, row: int) -> None:
        """Take an entity out of the scene; what it did is over."""
        i = self.stage.scene.i[row]
        i[at.IN_SCENE], i[at.SIDE_DONE], i[at.SPEED_DONE] = 0, 1, 1
        if i[at.SPEED_MODE] not in (at.DRIVE, at.OUTSIDE):
            i[at.SPEED_MODE] = at.HOLD
        if i[at.SIDE_MODE] != at.TOWED:
            i[at.SIDE_MODE] = at.FREE

    def _put_in_world(self, row: int, place: Place) -> None:
        f = self.stage.scene.f[row]
        f[at.X], f[at.Y], f[at.Z] = place.x, place.y, place.z or 0.0
        f[at.HEADING] = place.heading or 0.0
        settle(self.stage.tables, self.stage.scene, row, BY_PLACE)
        if place.z is not None:
            f[at.Z] = place.z

    def _put_on_road(self, row: int, place: Place) -> None:
        f, i = self.stage.scene.f[row], self.stage.scene.i[row]
        tables = self.stage.tables
        i[at.ROAD], i[at.LANE] = place.road, place.lane
        i[at.SECTION] = tables.lanes[place.lane, 2]
        facing = place.facing
        f[at.S], f[at.OFFSET], f[at.TURN], i[at.WAY] = place.s, place.offset, 0.0, 1
        settle(tables, self.stage.scene, row, BY_LANE)
        along = abs(_turned(facing - float(f[at.HEADING]))) <= math.pi / 2
        i[at.WAY] = 1 if along else -1
        f[at.OFFSET] = place.offset * int(i[at.WAY])
        settle(tables, self.stage.scene, row, BY_LANE)
        if place.heading is not None:
            f[at.TURN] = _turned(place.heading - float(f[at.HEADING]))
            settle(tables, self.stage.scene, row, BY_LANE)
        f[at.OUTSIDE_LANE] = 0.0
        if place.z is not None:
            f[at.LIFT] = place.z - float(f[at.Z])
            f[at.Z] = place.z

    # Trailers

    def begin_trailers(self, scenario: Scenario) -> None:
        """Hang on the trailers that the file names or holds."""
        for name in tuple(self.stage.names):
            entity = entity_called(scenario, name)
            trailer = getattr(entity.entity, "trailer", None) if entity else None
            if trailer is None:
                continue
            called = trailer.ref.entity_ref if trailer.ref is not None else f"{name}+"
            if called in self.stage.rows:
                self.hitch(self.stage.row(name), self.stage.row(called))

    def hitch(self, puller: int, trailer: int) -> None:
        """Hang a trailer on; nobody draws whom it is drawn by."""
        last: int | None = trailer
        while last is not None:
            if last == puller:
                self.note(f"{self.stage.names[puller]} cannot draw who draws it")
                return
            last = self._trailers.get(last)
        f, i = self.stage.scene.f[trailer], self.stage.scene.i[trailer]
        back, front = float(self.stage.scene.f[puller, at.BACK]), float(f[at.FRONT])
        f[at.HITCH] = self._hook(puller, "hitch", back)
        f[at.COUPLER] = self._hook(trailer, "coupler", front)
        i[at.SIDE_OTHER], i[at.SIDE_MODE] = puller, at.TOWED
        self._trailers[puller] = trailer
        if self.stage.scene.i[puller, at.IN_SCENE]:
            self._behind(trailer)

    def _hook(self, row: int, which: str, otherwise: float) -> float:
        entity = entity_called(self._scenario, self.stage.names[row])
        hook = getattr(entity.entity, which, None) if entity else None
        return float(hook.dx) if hook is not None else otherwise

    def _behind(self, trailer: int) -> None:
        """Put a trailer straight behind who draws it, and its own trailer behind it."""
        f, i = self.stage.scene.f, self.stage.scene.i
        puller = int(i[trailer, at.SIDE_OTHER])
        away = float(f[trailer, at.HITCH] - f[trailer, at.COUPLER])
        heading = float(f[puller, at.HEADING])
        f[trailer, [at.X, at.Y, at.Z, at.HEADING]] = (
            f[puller, at.X] + away * math.cos(heading),
            f[puller, at.Y] + away * math.sin(heading),
            f[puller, at.Z],
            heading,
        )
        f[trailer, at.SPEED] = f[puller, at.SPEED]
        i[trailer, at.IN_SCENE], i[trailer, at.SIDE_MODE] = 1, at.TOWED
        settle(self.stage.tables, self.stage.scene, trailer, BY_PLACE)
        if trailer in self._trailers:
            self._behind(self._trailers[trailer])

    def _unhitch(self, puller: int) -> None:
        trailer = self._trailers.pop(puller, None)
        if trailer is not None:
            self.stage.scene.i[trailer, at.SIDE_MODE] = at.FREE
            self.stage.scene.f[trailer, at.SPEED] = 0.0


def _led_by(action: HostAction) -> str | None:
    """The entity whose motion an action goes by as long as it lasts."""
    match action:
        case a.SpeedAction(target=a.RelativeTargetSpeed(continuous=True, entity_ref=name)):
            return name
        case a.LongitudinalDistanceAction() | a.LateralDistanceAction() | a.SpeedProfileAction():
            return action.entity_ref
        case a.SynchronizeAction():
            return action.master_ref
        case _:
            return None


def _turned(angle: float) -> float:
    """The angle within -pi .. pi."""
    return math.remainder(angle, 2 * math.pi)


def is_left_handed(scenario: Scenario) -> bool:
    """Whether the file says, as CARLA's do, that its world is left-handed."""
    header = scenario.document.header
    return bool(header and header.description.strip().upper().startswith("CARLA:"))
