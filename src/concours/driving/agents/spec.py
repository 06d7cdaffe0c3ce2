"""Which agent runs, within what limits, and where it is to go."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

DATAFLOWS = (".yml", ".yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSpec:
    """An agent on disk.

    Attributes:
        path: its Python file, "file.py:Class", or a dataflow's .yml. The file's folder is all that
            it may read.
        config: handed to setup() as it stands; where it names a file, that may be read too.
        wrapper: put before the command line, for a stronger box (a container, another user). It
            must keep the file descriptors that are named in the command line open.
        shown: where the wrapper's box shows the Python file's folder, "" where it lies here.
    """

    path: str | Path
    config: str = ""
    wrapper: Sequence[str] = ()
    shown: str = ""

    @property
    def file(self) -> Path:
        """The agent's file, absolute."""
        return Path(_split(str(self.path))[0]).resolve()

    @property
    def entry(self) -> str:
        """The class that was named, "" where none was."""
        return _split(str(self.path))[1]

    @property
    def settings(self) -> str:
        """`config`; where it names a file, its whole path: the agent starts in another folder."""
        named = os.path.isfile(self.config)  # noqa: PTH113 - False for what can be no path
        return str(Path(self.config).resolve()) if named else self.config

    @property
    def is_dataflow(self) -> bool:
        """Whether the file is a graph of dora nodes in place of a Python file."""
        return self.file.suffix in DATAFLOWS

    @property
    def place(self) -> str:
        """`path`, absolute, as the agent's own process finds it."""
        file = f"{self.shown}/{self.file.name}" if self.shown else str(self.file)
        return f"{file}:{self.entry}" if self.entry else file


def _split(text: str) -> tuple[str, str]:
    head, colon, tail = text.rpartition(":")
    return (head, tail) if colon and tail.isidentifier() else (text, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an agent may use. Seconds of waiting are wall time, by a monotonic clock.

    Attributes:
        setup_seconds: until sensors() has answered, imports included.
        first_step_seconds: for the first step, in which many agents load models.
        step_seconds: for each later step; a step without an answer by then is missed.
        missed_steps: how many missed steps are let pass; one more ends the run.
        stop_seconds: for destroy().
        cpu_seconds: of all its threads together, from start to end.
        memory: bytes of address space of a process.
        file_bytes: the largest file in its scratch folder. scratch_bytes: all of them, where a
            file system of its own can be mounted.
        open_files: file descriptors.
        processes: with 1 it cannot fork (threads are free); else the most that may be alive.
        sockets: whether its processes may speak with each other over sockets and shared memory,
            on a network of their own; on the machine's where it cannot have one, so require that.
        log_bytes: of what it prints, kept from the head and from the tail each.
        require: layers (see lockdown.LAYERS) without which no agent is started.
    """

    setup_seconds: float = 120.0
    first_step_seconds: float = 60.0
    step_seconds: float = 10.0
    missed_steps: int = 3
    stop_seconds: float = 10.0
    cpu_seconds: int = 3600
    memory: int = 8 * 2**30
    file_bytes: int = 64 * 2**20
    scratch_bytes: int = 256 * 2**20
    open_files: int = 256
    processes: int = 1
    sockets: bool = False
    log_bytes: int = 65_536
    require: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPoint:
    """A point of the way to drive.

    Attributes:
        x, y, z: metres on the map, right-handed. heading: rad.
        latitude, longitude: degrees.
        command: name of a RoadOption: LEFT, RIGHT, STRAIGHT, LANEFOLLOW, CHANGELANELEFT,
            CHANGELANERIGHT, VOID.
    """

    x: float
    y: float
    z: float
    heading: float
    latitude: float
    longitude: float
    command: str = "LANEFOLLOW"


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """What an agent is told before it starts.

    Attributes:
        plan: the way, from start to destination.
        lat_ref, lon_ref: degrees, of the map's origin.
    """

    plan: tuple[PlanPoint, ...] = ()
    lat_ref: float = 0.0
    lon_ref: float = 0.0


@dataclass(slots=True, kw_only=True)
class Usage:
    """What an agent used and how it was kept; no part of any score.

    Attributes:
        isolation: each layer and what came of it; "missing: ..." where the machine lacks it.
        steps: answered. missed: not answered in time. clamped: answered out of range.
        cpu_seconds, peak_bytes: of the agent's processes; NaN and 0 while it runs.
    """

    isolation: dict[str, str] = field(default_factory=dict)
    steps: int = 0
    missed: int = 0
    clamped: int = 0
    cpu_seconds: float = float("nan")
    peak_bytes: int = 0
