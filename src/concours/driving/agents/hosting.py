"""Finding the agent in a file, and calling it as the field's kits do. Runs beside the agent."""

from __future__ import annotations

import contextlib
import importlib.util
import inspect
import sys
import traceback
from collections.abc import Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from concours.driving.agents import suite
from concours.driving.agents.captured import readable
from concours.driving.agents.carla_like.agent import AutonomousAgent, RoadOption
from concours.driving.agents.carla_like.axes import transform_of
from concours.driving.agents.carla_like.clock import GameTime
from concours.driving.agents.carla_like.geometry import Transform
from concours.driving.agents.control import BadControl, Control, DirectControl, read_control
from concours.driving.agents.errors import AgentFailed, FailureKind
from concours.driving.agents.spec import Briefing, PlanPoint

STANDINS = Path(__file__).parent / "standins"
LONGEST_REASON = 8000


class Host:
    """One agent, from setup to destroy. Every method raises AgentFailed for the agent's faults."""

    def __init__(self, file: Path, entry: str, config: str, briefing: Briefing) -> None:
        """Import the file, make the agent, set it up, tell it the way.

        As in the leaderboard set_global_plan() comes after setup(), which may make what it needs.
        The base class's own fields are there before.
        """
        with blamed(FailureKind.BAD_FILE):
            found = find(load(file), entry)
        with blamed():
            self.agent: Any = object.__new__(found)
            self._refer(briefing)
            self.agent.__init__(*_arguments(found, config))
            way = _way(briefing.plan)
            if isinstance(self.agent, AutonomousAgent):
                AutonomousAgent.set_global_plan(self.agent, *way)
            if hasattr(self.agent, "setup") and not getattr(self.agent, "_is_set_up", False):
                self._refer(briefing)  # its constructor may have said None for the time being
                self.agent.setup(*_setup_arguments(self.agent.setup, config, briefing.plan))
            if hasattr(self.agent, "set_global_plan"):
                self.agent.set_global_plan(*way)

    def _refer(self, briefing: Briefing) -> None:
        with contextlib.suppress(AttributeError):
            self.agent.lat_ref = briefing.lat_ref
            self.agent.lon_ref = briefing.lon_ref

    def sensors(self) -> list[suite.Sensor]:
        """What the agent asks for."""
        with blamed():
            answer = self.agent.sensors()
            return suite.plain(answer)

    def step(
        self, frame: int, timestamp: float, readings: dict[str, tuple[int, Any]]
    ) -> Control | DirectControl:
        """One step."""
        GameTime.on_step(frame, timestamp)
        with blamed():
            answer = self.agent.run_step(readings, timestamp)
            try:
                return read_control(answer)
            except BadControl as error:
                raise AgentFailed(FailureKind.BAD_CONTROL, str(error)) from None

    def stop(self) -> None:
        """Let the agent clean up."""
        with blamed():
            if hasattr(self.agent, "destroy"):
                self.agent.destroy()


@contextlib.contextmanager
def blamed(kind: FailureKind = FailureKind.RAISED) -> Iterator[None]:
    """Whatever is raised inside is the agent's fault."""
    try:
        yield
    except AgentFailed:
        raise
    except MemoryError as error:
        raise AgentFailed(FailureKind.MEMORY, told(error)) from None
    except SystemExit as error:
        raise AgentFailed(FailureKind.EXITED, told(error)) from None
    except BaseException as error:
        raise AgentFailed(kind, told(error)) from None


def told(error: BaseException) -> str:
    """The traceback's end; what cannot even be told is named by its type."""
    try:
        text = "".join(traceback.format_exception(error, limit=-20))
    except BaseException:
        text = f"{type(error).__name__}, of which no traceback can be written"
    return readable(text[-LONGEST_REASON:])


def import_paths(file: Path) -> None:
    """Let the agent import its neighbours first, and the stand-ins where nothing else is found.

    Its folder is a package too, as kits name it: team_code.planner is planner.
    """
    sys.path.insert(0, str(file.parent))
    if str(STANDINS) not in sys.path:
        sys.path.append(str(STANDINS))
    sys.meta_path[:] = [one for one in sys.meta_path if not isinstance(one, OwnFolder)]
    sys.meta_path.append(OwnFolder(file.parent))


class OwnFolder(MetaPathFinder):
    """Finds the agent's folder under its own name, where nothing else has that name.

    The folder above is not the agent's to read, so that Python does not find it by itself.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """As Python asks it."""
        if fullname != self.folder.name:
            return None
        places = [str(self.folder)]
        init = self.folder / "__init__.py"
        if init.is_file():
            return importlib.util.spec_from_file_location(
                fullname, init, submodule_search_locations=places
            )
        spec = ModuleSpec(fullname, None, is_package=True)
        spec.submodule_search_locations = places
        return spec


def load(file: Path) -> ModuleType:
    """The module of a file, under its own name unless something else has it."""
    name = f"agent_{file.stem}" if file.stem in sys.modules else file.stem
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file.name} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def find(module: ModuleType, entry: str) -> type[Any]:
    """The agent's class: as named, as get_entry_point() says, else the only one in the file.

    Raises AgentFailed.
    """
    if not entry and hasattr(module, "get_entry_point"):
        entry = str(module.get_entry_point())
    if entry:
        found = getattr(module, entry, None)
        if not isinstance(found, type):
            raise AgentFailed(FailureKind.BAD_FILE, f"there is no class {entry!r} in the file")
        return found
    own = [
        one
        for one in vars(module).values()
        if isinstance(one, type) and one.__module__ == module.__name__
    ]
    for fitting in (
        [one for one in own if issubclass(one, AutonomousAgent)],
        [one for one in own if hasattr(one, "run_step") and hasattr(one, "sensors")],
    ):
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            names = ", ".join(sorted(one.__name__ for one in fitting))
            raise AgentFailed(FailureKind.BAD_FILE, f"more than one agent in the file: {names}")
    raise AgentFailed(FailureKind.BAD_FILE, "no class in the file has sensors() and run_step()")


def _arguments(found: type[Any], config: str) -> tuple[Any, ...]:
    """What the constructor is called with: nothing, the config (1.0), or host and port (2.0)."""
    if found.__init__ is AutonomousAgent.__init__ or found.__init__ is object.__init__:
        return ()
    needed = _needed(found.__init__)[1:]
    if len(needed) >= 2:
        return ("localhost", 0, False)[: max(2, len(needed))]
    return tuple(False if name == "debug" else config for name in needed)


def _setup_arguments(setup: Any, config: str, plan: tuple[PlanPoint, ...]) -> tuple[Any, ...]:
    """The config; before it the destination for the CARSMOS kit, whose setup() takes two."""
    if len(_needed(setup)) < 2:
        return (config,)
    goal = _transform(plan[-1]).location if plan else None
    return goal, config


def _way(
    plan: tuple[PlanPoint, ...],
) -> tuple[list[tuple[dict[str, float], RoadOption]], list[tuple[Transform, RoadOption]]]:
    """The way in degrees and on the map, as set_global_plan() takes it."""
    options = [RoadOption[point.command] for point in plan]
    gps = [{"lat": p.latitude, "lon": p.longitude, "z": p.z} for p in plan]
    world = [_transform(point) for point in plan]
    return list(zip(gps, options, strict=True)), list(zip(world, options, strict=True))


def _transform(point: PlanPoint) -> Transform:
    return transform_of(point.x, point.y, point.z, point.heading)


def _needed(called: Any) -> list[str]:
    """Names of what has to be given by position."""
    return [
        one.name
        for one in inspect.signature(called).parameters.values()
        if one.default is one.empty and one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)
    ]
