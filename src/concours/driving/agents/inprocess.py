"""An agent in the engine's own process: for agents that are trusted, tests and measurements."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import TracebackType
from typing import Self

from concours.driving.agents import hosting, suite, wire
from concours.driving.agents.control import Control, DirectControl, Missed
from concours.driving.agents.errors import AgentFailed, FailureKind
from concours.driving.agents.spec import AgentSpec, Briefing, Usage


def _with_standins(paths: list[str]) -> list[str]:
    """The paths and, once, the stand-ins: agents import some of them late."""
    standins = str(hosting.STANDINS)
    return [*(path for path in paths if path != standins), standins]


class InProcessAgent:
    """What AgentProcess does, without the process: no limits, no isolation, no missed steps.

    Readings are handed over as they are, not copied.
    """

    def __init__(self, spec: AgentSpec) -> None:
        self.spec = spec
        self.usage = Usage(isolation={"process": "missing: the agent runs in the engine's own"})
        self.log = ""
        self._host: hosting.Host | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def start(
        self,
        briefing: Briefing | None = None,
        *,
        check: Callable[[list[suite.Sensor]], object] | None = None,
    ) -> list[suite.Sensor]:
        """As AgentProcess.start."""
        before = list(sys.path)
        hosting.import_paths(self.spec.file)
        try:
            spec = self.spec
            self._host = hosting.Host(spec.file, spec.entry, spec.settings, briefing or Briefing())
            sensors = self._host.sensors()
        finally:
            sys.path[:] = _with_standins(before)
        try:
            if check is not None:
                check(sensors)
        except ValueError as error:
            raise AgentFailed(FailureKind.BAD_SENSORS, str(error)) from None
        return sensors

    def step(
        self, *, frame: int, timestamp: float, readings: wire.Readings
    ) -> Control | DirectControl | Missed:
        """As AgentProcess.step; never Missed."""
        if self._host is None:
            raise RuntimeError("the agent is not running")
        answer = self._host.step(frame, timestamp, dict(readings))
        self.usage.steps += 1
        self.usage.clamped += answer.clamped
        return answer

    def stop(self) -> None:
        """As AgentProcess.stop."""
        host, self._host = self._host, None
        if host is not None:
            host.stop()

    def close(self) -> None:
        """Let go of the agent."""
        self._host = None
