"""The world as the storyboard finds it: actions begin here, and conditions are measured."""

from __future__ import annotations

from collections.abc import Callable

from concours.driving.keyed import word
from concours.driving.scenarios import actions as a
from concours.driving.scenarios import appearance, controllers, environment, routing
from concours.driving.scenarios import conditions as c
from concours.driving.scenarios import signals as lights
from concours.driving.scenarios.machine import Conventions, HostAction, Measure, Running
from concours.driving.scenarios.positions import Position
from concours.driving.scenarios.scenario import Scenario
from concours.driving.scenarios.traffic import TrafficAction
from concours.driving.scenarios.walking import element_name
from concours.driving.world import layout as at
from concours.driving.world.drivers import Drivers
from concours.driving.world.geography import NoProjection
from concours.driving.world.handles import PolledHandle
from concours.driving.world.measuring import Measuring
from concours.driving.world.places import NoPlace
from concours.driving.world.placing import Placer
from concours.driving.world.putting import Putting
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
        self.putting = Putting(scenario, stage, self.note)

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

    @property
    def each_frame(self) -> bool:
        """Whether there is something to see to each frame: traffic, or lights that are heeded."""
        return bool(self.traffic.streams) or self.drivers.heed_lights

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
                self._add(name, position)
            case a.EntityAction(entity_ref=name):
                self.putting.take_out(self.stage.row(name))
            case TrafficAction():
                return self.traffic.start(action, self.time)
            case lights.TrafficSignalStateAction() | lights.TrafficSignalControllerAction():
                return None  # the storyboard's board has done it
            case _:
                self.note(f"{action.place}: <{element_name(action)}> is not supported")
        return None

    def _add(self, name: str, position: Position) -> None:
        """Raises NoPlace for who is there already: adding is not teleporting."""
        row = self.stage.row(name)
        if self.stage.scene.i[row, at.IN_SCENE]:
            raise NoPlace(f"{name} is in the scene already")
        self.putting.put(row, self.placer.place(position))

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
                self._note_rates(action, action.constraints, row)
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
                self._note_rates(action, action.constraints, row)
                begin = lambda: self._steering.lateral_distance(action, row)  # noqa: E731
            case routing.FollowTrajectoryAction():
                begin = lambda: self._steering.trajectory(action, row, self.time)  # noqa: E731
            case _:
                return False, None
        return True, None if self.drivers.side_is_theirs(row) else begin()

    def _note_rates(
        self, action: HostAction, limits: a.DynamicConstraints | None, row: int
    ) -> None:
        """A distance is kept within limits of speed and acceleration; not of how that changes."""
        if limits and (limits.max_acceleration_rate or limits.max_deceleration_rate):
            who = self.stage.names[row]
            self.note(
                f"{action.place}: <{element_name(action)}> of {who}: the limits of its rates of "
                "acceleration are not kept"
            )

    def _other_action(self, action: HostAction, row: int) -> tuple[bool, Running | None]:
        match action:
            case a.TeleportAction():
                self.putting.put(row, self.placer.place(action.position))
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
                self.putting.hitch(row, self.stage.row(action.trailer_ref))
            case a.DisconnectTrailerAction():
                self.putting.unhitch(row)
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


def is_left_handed(scenario: Scenario) -> bool:
    """Whether the file says, as CARLA's do, that its world is left-handed."""
    header = scenario.document.header
    return bool(header and header.description.strip().upper().startswith("CARLA:"))
