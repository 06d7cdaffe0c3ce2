"""A scenario being played: entities on a map, step by step."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from concours.driving.roads import RoadNetwork
from concours.driving.scenarios import Scenario
from concours.driving.scenarios.environment import Environment
from concours.driving.scenarios.machine import ESMINI, Conventions, Player
from concours.driving.scenarios.positions import Position
from concours.driving.scenarios.unplaced import unplaced
from concours.driving.vehicle import VehicleParameters
from concours.driving.world import layout as at
from concours.driving.world.bodies import all_bodies
from concours.driving.world.frames import Frame, State
from concours.driving.world.handing import Handing
from concours.driving.world.host import WorldHost
from concours.driving.world.kernels.advance import advance, take_hold, touching
from concours.driving.world.kernels.watching import NOTE, REFRESH, look
from concours.driving.world.layout import FloatArray
from concours.driving.world.lights import Lights
from concours.driving.world.maps import open_map
from concours.driving.world.places import Place
from concours.driving.world.recording import Recorder
from concours.driving.world.stage import Stage
from concours.driving.world.trace import Trace

STEP = 0.01
"""Seconds of one step inside."""
CONTROL = 0.05
"""Seconds between two frames: drivers are asked once a frame."""
END = 300.0
"""Seconds after which a run ends whatever the storyboard says."""
TOUCHES = 256
"""Pairs that may begin to touch in one frame."""


class World:
    """A scenario and its map, ready to run.

    The same scenario, parameters, seed and steps give the same bits, whatever else the machine
    does and however many steps are made in one call.

    Attributes:
        scenario, network, seed. time: seconds since the start. trace: what was recorded so far.
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        seed: int = 0,
        network: RoadNetwork | None = None,
        maps: Sequence[Path] = (),
        conventions: Conventions = ESMINI,
        step: float = STEP,
        control: float = CONTROL,
        end: float = END,
        record: bool = True,
    ) -> None:
        """network: the map, where it is open already; else it is looked up as `open_map` says.

        step, control: seconds; a frame comes every `control`, rounded to whole steps. end: seconds.
        record: keep what is needed for `trace`.
        Raises: BadScenario for a map that is not found, BadMap, ValueError for times that are none.
        """
        if not 1e-6 <= step <= 1 or not 0 <= end < math.inf or not 0 < control < math.inf:
            raise ValueError("a step is 1e-6 to 1 s, a frame is above 0 s, the end is not negative")
        self.scenario = scenario
        self.seed = seed
        self.network = network if network is not None else open_map(scenario, maps)
        self._dt = step
        self._stride = max(1, round(control / step))
        self._last = math.floor(end / step + 1e-6)
        self._stage = Stage(self.network)
        self._stage.add(all_bodies(scenario))
        self._host = WorldHost(scenario, self._stage, seed=seed, dt=step, conventions=conventions)
        for name, entity in scenario.entities.items():
            self._host.drivers.begin(self._stage.row(name), entity)
        self._host.putting.begin_trailers()
        for name in unplaced(scenario):
            where = scenario.entities[name].place
            self._host.note(f"{where}: nothing puts {name} anywhere: it is never in the scene")
        self._handing = Handing(self._stage, self._host.drivers)
        self._player = Player(scenario, self._host, conventions=conventions)
        self._lights = Lights(self._stage, self._player.board)
        self._count = 0
        self._ended = ""
        self._touching = np.zeros((0, 0), dtype=np.int64)
        self._begun = np.zeros((TOUCHES, 2), dtype=np.int64)
        self._recorder = Recorder(self._stage, self._player) if record else None

    # Running

    def run(self) -> Iterator[Frame]:
        """Frames from the start on, one each `control` seconds, to the end of the storyboard."""
        if self._count == 0:
            self._begin()
            yield Frame(self)
        while not self._ended:
            self._to_frame()
            yield Frame(self)

    def play(self) -> Trace | None:
        """Run to the end; the trace, where one is recorded."""
        for _ in self.run():
            pass
        return self.trace

    def skip(self, steps: int) -> int:
        """Make so many steps without frames; how many were made. For runs that nobody watches."""
        if self._count == 0:
            self._begin()
        goal = min(self._count + steps, self._last + 1)
        made = self._count
        while self._count < goal and not self._ended:
            frame = self._next_frame()
            self._advance(min(goal, frame) if self._host.each_frame else goal)
            if self._count == frame or self._ended:
                self._tick()
        return self._count - made

    def _begin(self) -> None:
        """The moment 0: Init, and what starts with it; nothing moves."""
        self._player.begin()
        self._take_hold()
        self._count = 1
        self._ask()
        self._frame_done()

    def _to_frame(self) -> None:
        """Steps up to the next frame, or to the end."""
        goal = self._next_frame()
        while self._count < goal and not self._ended:
            self._advance(goal)
        self._frame_done()

    def _next_frame(self) -> int:
        """The count of steps at the next frame."""
        goal = self._count + self._stride - (self._count - 1) % self._stride
        return min(goal, self._last + 1)

    def _advance(self, goal: int) -> None:
        """At least one step; up to the goal where nobody has to be asked before."""
        asked = self._host.measuring.polled or self._host.polling
        until = -math.inf if asked else self._player.quiet_until()
        made, ask = self._move(goal - self._count, until)
        self._count += made
        if ask:
            self._ask()
        elif self._count > self._last:
            self._finish()

    def _move(self, steps: int, until: float) -> tuple[int, bool]:
        """Steps until somebody has to be asked; see `advance`."""
        stage, drivers = self._stage, 1 if self._host.drivers.at_work else None
        world = (stage.tables, stage.finder, stage.scene, self._host.measuring.gauges)
        return advance(*world, self._count, steps, until, self._dt, drivers)

    def _take_hold(self) -> None:
        """Those bound to others take the speeds and places that this asks for."""
        stage = self._stage
        bound = np.isin(stage.scene.i[:, at.SPEED_MODE], (at.RELATIVE, at.KEEP_GAP))
        if bound.any() or (stage.scene.i[:, at.SIDE_MODE] == at.TOWED).any():
            take_hold(stage.tables, stage.scene)

    def _look(self, only: int) -> None:
        if not len(self._host.measuring.gauges.i):
            return  # nor is the code for it loaded, or made
        stage = self._stage
        look(stage.tables, stage.finder, stage.scene, self._host.measuring.gauges, only)

    def _ask(self) -> None:
        """After a step: end what is done, ask all conditions, start what they start."""
        self._host.time = self.time
        self._settle()
        self._look(REFRESH)
        self._host.measuring.polled = 0
        self._player.evaluate()
        self._settle()
        self._look(NOTE)
        self._finish()

    def _settle(self) -> None:
        """End the actions that are done."""
        self._player.settle()
        self._stage.scene.i[:, [at.SPEED_DONE, at.SIDE_DONE]] = 0

    def _finish(self) -> None:
        if self._player.finished:
            self._ended = "storyboard"
        elif self._count > self._last:
            self._host.time = self.time
            if not self._player.stories_done:
                self._host.note(f"the storyboard had not ended after {self.time:g} s")
            self._player.halt()
            self._ended = "time"

    def _frame_done(self) -> None:
        """What is seen to once a frame: lights, traffic, touches, the recording."""
        self._tick()
        count = len(self._stage.names)
        if len(self._touching) < count:
            grown = np.zeros((count, count), dtype=np.int64)
            grown[: len(self._touching), : len(self._touching)] = self._touching
            self._touching = grown
        new = touching(self._stage.scene, self._touching, self._begun)
        if self._recorder is not None:
            self._recorder.add(self.time, self._begun[:new])

    def _tick(self) -> None:
        if self._host.each_frame:
            self._lights.tick(self.time)
        self._host.traffic.tick(self.time)

    # Driving

    def hand_over(self, name: str, vehicle: VehicleParameters) -> None:
        """Give an entity in the scene to somebody outside: its own dynamics move it from now on.

        It stands under no control at first: no throttle, no brake. What the scenario does with its
        motion ends at once. Raises KeyError for an entity that is not in the scene.
        """
        if not self.is_in_scene(name):
            raise KeyError(name)
        self._handing.hand_over(self._stage.row(name), vehicle)
        self._handing.on_road_of(self._host.weather)
        self._settle()

    def control(self, name: str, control: FloatArray) -> None:
        """The control (vehicle.layout.CONTROL,) of an entity that was handed over, from now on.

        Raises KeyError for another entity, ValueError where the numbers are not finite.
        """
        self._handing.control(self._stage.row(name), control)
        self._handing.on_road_of(self._host.weather)

    def vehicle_state(self, name: str) -> FloatArray:
        """(vehicle.layout.STATE,) of an entity that was handed over. Raises KeyError."""
        return self._handing.state(self._stage.row(name))

    # Looking

    @property
    def time(self) -> float:
        """Seconds since the start."""
        return max(self._count - 1, 0) * self._dt

    @property
    def names(self) -> tuple[str, ...]:
        """Every entity, in the order of the file, then of entering."""
        return tuple(self._stage.names)

    @property
    def notes(self) -> tuple[str, ...]:
        """What could not be played, a line each."""
        return tuple(self._host.notes)

    @property
    def ended(self) -> str:
        """ "" while it runs; "storyboard", "time"."""
        return self._ended

    @property
    def player(self) -> Player:
        """The storyboard."""
        return self._player

    @property
    def stage(self) -> Stage:
        """The arrays behind what is shown here (columns: `world.layout`); only to be read."""
        return self._stage

    @property
    def environment(self) -> Environment | None:
        """Weather, light and road as last set; None where nothing has set them."""
        return self._host.weather.environment if self._host.weather is not None else None

    def light(self, signal: str) -> str | None:
        """The state of a traffic signal now, in the scenario's words; None where it has none."""
        return self._player.board.state(signal, self.time)

    @property
    def trace(self) -> Trace | None:
        """What was recorded so far."""
        if self._recorder is None:
            return None
        return self._recorder.trace(
            name=self.scenario.path.stem,
            step=self._stride * self._dt,
            end=self._ended or "outside",
            road_ids=self.network.road_ids if self.network is not None else (),
            notes=self.notes,
        )

    def place(self, position: Position) -> Place:
        """Where a position of the scenario is now. Raises NoPlace."""
        return self._host.placer.place(position)

    def is_in_scene(self, name: str) -> bool:
        """Whether an entity is there now."""
        row = self._stage.rows.get(name)
        return row is not None and bool(self._stage.scene.i[row, at.IN_SCENE])

    def state(self, name: str) -> State:
        """An entity now. Raises KeyError for one that is not in the scene."""
        if not self.is_in_scene(name):
            raise KeyError(name)
        row = self._stage.row(name)
        f, i = self._stage.scene.f[row].tolist(), self._stage.scene.i[row].tolist()
        on_road = self.network is not None and i[at.ROAD] >= 0
        return State(
            x=f[at.X],
            y=f[at.Y],
            z=f[at.Z],
            heading=f[at.HEADING],
            speed=f[at.SPEED],
            acceleration=f[at.ACCELERATION],
            road=self.network.road_ids[i[at.ROAD]] if on_road and self.network else "",
            lane=self._host.placer.lane_id(row) if on_road else 0,
            s=f[at.S],
            offset=f[at.OFFSET] * i[at.WAY],
        )
