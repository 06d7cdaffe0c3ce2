"""How far a run is, as its worker knows."""

from __future__ import annotations

import time
from typing import Any

from concours.platform.core.wording import storable
from concours.platform.evaluations.interfaces.working import messages

MOST_LOG = 65_536
SILENT_S = 3_600.0
"""So long no run is silent beyond what its evaluator allows a step."""


class Progress:
    """`done` cases and the end of the public `log`; durations in seconds by a monotonic clock.

    `patience` is how long it may be silent.
    """

    def __init__(self) -> None:
        self.done = 0
        self.log = ""
        self.patience = SILENT_S
        self._begun = self._told = time.monotonic()
        self._leaving: float | None = None

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._begun

    @property
    def silence(self) -> float:
        return time.monotonic() - self._told

    def heard(self, kind: str, content: Any) -> None:
        """Take in what the process told of its way."""
        self._told = time.monotonic()
        if kind == messages.PATIENCE:
            self.patience = SILENT_S + float(content)
        if kind == messages.CASE:
            self.done += 1
        if kind in (messages.CASE, messages.PRINTED):
            self.log = (self.log + storable(str(content)))[-MOST_LOG:]

    def leave_after(self, seconds: float) -> bool:
        """Whether so long has passed since this was first asked."""
        now = time.monotonic()
        if self._leaving is None:
            self._leaving = now
        return now - self._leaving >= seconds
