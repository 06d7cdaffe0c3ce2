"""An agent in a process of its own, asked step by step."""

from __future__ import annotations

import contextlib
import math
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from concours.driving.agents import channel, kernels, suite, wire
from concours.driving.agents.captured import Captured
from concours.driving.agents.control import Control, DirectControl, Missed
from concours.driving.agents.environment import environment
from concours.driving.agents.errors import AgentFailed, FailureKind, IsolationMissing
from concours.driving.agents.shared import SharedBlock
from concours.driving.agents.spec import AgentSpec, Briefing, Limits, Usage
from concours.driving.agents.zygote import Forked, Zygote

INSIDE = Path(__file__).with_name("inside.py")
ENDING_SECONDS = 5.0
"""How long the keeper may take to end what the agent started."""


class AgentProcess:
    """Starts an agent, asks it frame by frame, ends it with all that it started.

    To be used as a context, from one thread, which outlives the agent. An AgentFailed says why the
    agent is no more; the process is gone when it is raised, and the engine goes on.

    Attributes:
        usage: steps, isolation and CPU time; complete after the end.
    """

    def __init__(
        self, spec: AgentSpec, limits: Limits | None = None, *, zygote: Zygote | None = None
    ) -> None:
        """zygote: what to fork the process from, where it has the same wrapper as the agent is to
        have; else the process is started afresh.
        """
        alike = zygote is not None and zygote.wrapper == tuple(spec.wrapper)
        self.zygote = zygote if alike else None
        self.spec = spec
        self.limits = limits or Limits()
        self.usage = Usage()
        self._captured = Captured(self.limits.log_bytes)
        self._process: subprocess.Popen[bytes] | Forked | None = None
        self._channel: channel.Channel | None = None
        self._scratch = self._made = ""
        self._memory: SharedBlock
        self._awaited: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def log(self) -> str:
        """What the agent has printed so far, its head and tail."""
        return self._captured.text()

    def launch(self) -> None:
        """Start the process, which makes itself ready and waits for `start`, if it is not there.

        Whoever has something else to do before saves that time: a process in a box takes half a
        second.
        """
        if self._process is not None:
            return
        self._scratch = self._room()
        self._memory = SharedBlock()
        ours, theirs = socket.socketpair()
        status, status_end = os.pipe()
        log, log_end = os.pipe()
        handles = (theirs.fileno(), status_end, self._memory.handle)
        try:
            self._process = self._begin(*handles, log=log_end)
        finally:
            theirs.close()
            os.close(status_end)
            os.close(log_end)
            self._channel = channel.Channel(ours, log, status, self._captured)

    def start(
        self,
        briefing: Briefing | None = None,
        *,
        check: Callable[[list[suite.Sensor]], object] | None = None,
    ) -> list[suite.Sensor]:
        """Launch it where it is not, set the agent up, and hear which sensors it asks for.

        check: raises ValueError, with the reason, for sensors that the track does not allow.
        Raises AgentFailed; IsolationMissing where a layer in `limits.require` is missing.
        """
        until = channel.deadline(self.limits.setup_seconds)
        self.launch()
        self._running().queue(wire.text_frame(wire.START, self._order(briefing or Briefing())))
        layers = self._expect(wire.HELLO, until)
        self.usage.isolation = {str(name): str(what) for name, what in layers.items()}
        if refused := self.usage.isolation.pop("refused", ""):
            self.close()
            raise IsolationMissing(f"this machine lacks isolation of {refused}")
        try:
            sensors = suite.plain(self._expect(wire.SENSORS, until))
            if check is not None:
                check(sensors)
        except AgentFailed as failed:
            raise self._failed(failed.kind, failed.reason) from None
        except ValueError as error:
            raise self._failed(FailureKind.BAD_SENSORS, str(error)) from None
        if kernels.needed(sensors):
            kernels.compile_kernels()
            if self.zygote is not None:
                self.zygote.for_maps = True
        return sensors

    def step(
        self, *, frame: int, timestamp: float, readings: wire.Readings
    ) -> Control | DirectControl | Missed:
        """Ask for the control of one frame.

        timestamp: seconds. readings: by sensor id, (frame it was taken in, array, text, number or
        dict of these). Missed where no answer came in time; a late answer is thrown away, and a
        step is only asked for after the one before was answered. Raises AgentFailed.
        """
        first = self.usage.steps + self.usage.missed == 0
        limits = self.limits
        until = channel.deadline(limits.first_step_seconds if first else limits.step_seconds)
        if self._awaited is not None and self._answer(self._awaited, until) is None:
            return self._miss(frame)
        parts = wire.step_frame(frame, timestamp, readings)
        self._running().queue(self._memory.place(parts))
        answer = self._answer(frame, until)
        if answer is None:
            return self._miss(frame)
        self.usage.steps += 1
        self.usage.clamped += answer.clamped
        return answer

    def stop(self) -> None:
        """Let the agent clean up, then end it. Raises AgentFailed for what goes wrong in that."""
        until = channel.deadline(self.limits.stop_seconds)
        if self._awaited is not None and self._answer(self._awaited, until) is None:
            self.close()
            return
        self._running().queue(wire.text_frame(wire.STOP))
        self._expect(wire.DONE, until)
        self.close()

    def close(self) -> None:
        """End the agent and everything that it started. May be called more than once."""
        self._finish(None)

    # Inside

    def _room(self) -> str:
        """The scratch folder: made here, or to be made in the zygote's box."""
        if self.zygote is not None and self.zygote.rooms:
            return f"{self.zygote.rooms[0]}/{secrets.token_hex(8)}"
        self._made = tempfile.mkdtemp(prefix="concours-agent-")
        return self._made

    def _order(self, briefing: Briefing) -> dict[str, Any]:
        return {
            "spec": {"path": self.spec.place, "config": self.spec.settings},
            "limits": asdict(self.limits),
            "briefing": asdict(briefing),
            "scratch": self._scratch,
        }

    def _begin(
        self, stream: int, status: int, memory: int, *, log: int
    ) -> subprocess.Popen[bytes] | Forked:
        """The keeper's process, with these file descriptors."""
        if self.zygote is not None:
            return self.zygote.fork(stream, status, log, memory)
        handles = (stream, status, memory)
        command = [*self.spec.wrapper, sys.executable, "-s", "-P", "-B", str(INSIDE)]
        return subprocess.Popen(  # noqa: S603
            [*command, *map(str, handles)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=self._scratch,
            env=environment(self._scratch),
            pass_fds=[one for one in handles if one >= 0],
            start_new_session=True,
        )

    def _running(self) -> channel.Channel:
        if self._channel is None:
            raise RuntimeError("the agent is not running")
        return self._channel

    def _receive(self, until: float) -> channel.Frame | None:
        """The next frame, unless it tells of a fault: that is raised."""
        try:
            frame = self._running().receive(until)
            if frame is not None and frame[0] == wire.FAILED:
                kind, reason = _fault(frame[1])
                raise self._failed(kind, reason)
        except channel.Ended as ended:
            kind, reason = _ending(ended.told, self.limits)
            raise self._failed(kind, reason, ended.told) from None
        except wire.Garbled as error:
            raise self._failed(FailureKind.PROTOCOL, str(error)) from None
        return frame

    def _expect(self, kind: bytes, until: float) -> Any:
        """The content of the one frame that may come now."""
        frame = self._receive(until)
        if frame is None:
            raise self._failed(FailureKind.HUNG, "no answer in the time allowed")
        try:
            if frame[0] != kind:
                raise wire.Garbled(f"{frame[0]!r} in the place of {kind!r}")
            return wire.read_text(frame[1])
        except wire.Garbled as error:
            raise self._failed(FailureKind.PROTOCOL, str(error)) from None

    def _answer(self, frame: int, until: float) -> Control | DirectControl | None:
        """The control of the frame that is awaited; None where it does not come in time."""
        self._awaited = frame
        found = self._receive(until)
        if found is None:
            return None
        try:
            if found[0] != wire.ANSWER:
                raise wire.Garbled(f"{found[0]!r} in the place of a control")
            number, control = wire.read_answer(found[1])
            if number != frame:
                raise wire.Garbled(f"a control for frame {number} in the place of {frame}")
        except wire.Garbled as error:
            raise self._failed(FailureKind.PROTOCOL, str(error)) from None
        self._awaited = None
        return control

    def _miss(self, frame: int) -> Missed:
        self.usage.missed += 1
        if self.usage.missed > self.limits.missed_steps:
            reason = f"{self.usage.missed} steps without an answer in the time allowed"
            raise self._failed(FailureKind.HUNG, reason)
        return Missed(frame=frame)

    def _failed(
        self, kind: FailureKind, reason: str, told: dict[str, Any] | None = None
    ) -> AgentFailed:
        self._finish(told)
        return AgentFailed(kind, reason, self.log)

    def _finish(self, told: dict[str, Any] | None) -> None:
        if self._process is None or self._channel is None:
            return
        self._process.terminate()
        if told is None:
            told = self._channel.last_words(ENDING_SECONDS)
        if isinstance(self._process, Forked):
            self._process.kill()
        else:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._channel.close()
        self._memory.close()
        if self._made:
            shutil.rmtree(self._made, ignore_errors=True)
        self.usage.cpu_seconds = float((told or {}).get("cpu", math.nan))
        self.usage.peak_bytes = int((told or {}).get("peak", 0))
        self._process = self._channel = None


def _fault(text: bytes) -> tuple[FailureKind, str]:
    """Kind and reason as the agent's side tells them."""
    told = wire.read_text(text)
    if not isinstance(told, list) or len(told) != 2 or not all(isinstance(t, str) for t in told):
        raise wire.Garbled("a fault that is not told as agreed")
    try:
        return FailureKind(told[0]), told[1]
    except ValueError:
        raise wire.Garbled(f"there is no fault {told[0]!r}"[:200]) from None


def _ending(told: dict[str, Any], limits: Limits) -> tuple[FailureKind, str]:
    """Kind and reason by how the process ended."""
    if not told:
        return FailureKind.KILLED, "the agent's process and its keeper were killed"
    number = int(told.get("signal", 0))
    if not number:
        return FailureKind.EXITED, f"the process exited with {told.get('exit')}"
    known = {one.value: one.name for one in signal.Signals}
    name = known.get(number, f"signal {number}")
    spent = float(told.get("cpu", 0.0)) >= limits.cpu_seconds
    if number == signal.SIGXCPU or (number == signal.SIGKILL and spent):
        return FailureKind.CPU, f"more than {limits.cpu_seconds} s of CPU time ({name})"
    return FailureKind.KILLED, f"killed by {name}"
