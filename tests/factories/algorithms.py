"""Algorithms in this process that do as they are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from concours.driving.agents import (
    AgentFailed,
    Briefing,
    Control,
    DirectControl,
    FailureKind,
    Missed,
    Usage,
)

Answer = Control | DirectControl | Missed
GO = Control(throttle=0.7)


class Scripted:
    """Answers by a function of frame and readings; keeps what it was told."""

    def __init__(
        self,
        answer: Callable[[int, Any], Answer] | Answer = GO,
        *,
        sensors: list[dict[str, Any]] | None = None,
        fails_at: int | None = None,
    ) -> None:
        self._answer = answer if callable(answer) else lambda frame, readings: answer
        self._sensors = sensors or []
        self._fails_at = fails_at
        self.usage, self.log = Usage(), ""
        self.briefing: Briefing | None = None
        self.told: list[tuple[int, float, Any]] = []
        self.stopped = self.closed = 0

    def start(
        self, briefing: Briefing | None = None, *, check: Callable[[Any], object] | None = None
    ) -> Any:
        self.briefing = briefing
        try:
            if check is not None:
                check(self._sensors)
        except ValueError as error:
            raise AgentFailed(FailureKind.BAD_SENSORS, str(error)) from None
        return self._sensors

    def step(self, *, frame: int, timestamp: float, readings: Any) -> Answer:
        if frame == self._fails_at:
            raise AgentFailed(FailureKind.RAISED, "ValueError: no idea")
        self.told.append((frame, timestamp, readings))
        return self._answer(frame, readings)

    def stop(self) -> None:
        self.stopped += 1

    def close(self) -> None:
        self.closed += 1
