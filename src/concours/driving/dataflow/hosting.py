"""Running a dataflow and asking it frame by frame. Runs beside the nodes, shut in with them."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from dora import Node

from concours.driving.agents import suite
from concours.driving.agents.control import BadControl, Control, DirectControl
from concours.driving.agents.errors import AgentFailed, FailureKind
from concours.driving.agents.hosting import STANDINS, blamed
from concours.driving.agents.spec import Briefing
from concours.driving.dataflow.graph import Graph
from concours.driving.dataflow.messages import (
    BRIEFING,
    CONTROL,
    TICK,
    briefing_array,
    control_of,
    one,
    reading_array,
)

SEAT = Path(__file__).with_name("seat.py")
RUN = "import sys; from dora_cli import py_main; sys.exit(py_main())"
LOOK_SECONDS = 1.0
"""How often, while nothing comes, it is looked whether dora still runs."""
PATIENCE = 60_000_000
"""Microseconds that a sender waits for room. After zenoh's own 1,000 a message is dropped, which on
a busy machine happened once in some hundred frames."""
OVERLAY = {
    "transport": {
        "link": {"tx": {"queue": {"congestion_control": {"drop": {"wait_before_drop": PATIENCE}}}}}
    }
}
GRACE_SECONDS = 2.0
"""That nodes have to end by themselves."""


class DataflowHost:
    """One dataflow, from start to stop. Every method raises AgentFailed for the dataflow's faults.

    The process that makes it is the node `concours` of the graph.
    """

    def __init__(self, file: Path, config: str, briefing: Briefing) -> None:
        """Read the graph; it is started when its sensors have been heard."""
        with blamed(FailureKind.BAD_FILE):
            self._graph = Graph(file)
        self._config, self._briefing = config, briefing
        self._node: Any = None
        self._run: subprocess.Popen[bytes] | None = None
        self._seat: socket.socket | None = None

    def sensors(self) -> list[suite.Sensor]:
        """What the graph asks for; by then all its nodes are ready and briefed."""
        found = suite.plain(self._graph.sensors)
        self._start()
        return found

    def step(
        self, frame: int, timestamp: float, readings: dict[str, tuple[int, Any]]
    ) -> Control | DirectControl:
        """Send what was read, then the tick; wait for the control of this very frame."""
        told = {"frame": frame, "timestamp": timestamp}
        for name, (taken, value) in readings.items():
            array, beside = reading_array(value)
            self._node.send_output(name, array, {**told, "taken": taken, **beside})
        self._node.send_output(TICK, one(frame), {**told, "readings": list(readings)})
        return self._control(frame)

    def stop(self) -> None:
        """Tell the nodes that it is over; whatever remains of them is ended from outside."""
        self._node = None
        if self._seat is not None:
            self._seat.close()
        if self._run is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._run.wait(GRACE_SECONDS)
                return
            self._run.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._run.wait(GRACE_SECONDS)

    # Inside

    def _start(self) -> None:
        here = Path.cwd()
        address = str(here / "seat.socket")
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as place:
            place.bind(address)
            place.listen(1)
            place.settimeout(LOOK_SECONDS)
            graph = here / "graph.yml"
            graph.write_text(self._graph.to_run(seat=SEAT, address=address), "utf-8")
            self._run = subprocess.Popen(  # noqa: S603
                [sys.executable, "-c", RUN, "run", str(graph), "--log-format", "compact"],
                stdin=subprocess.DEVNULL, env=_environment(here), cwd=here,
            )  # fmt: skip
            self._seat = self._accepted(place)
        line = self._seat.makefile("rb").readline()
        os.environ.update(json.loads(line or b"{}"))
        try:
            self._node = Node()
        except RuntimeError as error:
            raise AgentFailed(FailureKind.EXITED, f"not every node got ready: {error}") from None
        with blamed():
            self._node.send_output(BRIEFING, briefing_array(self._briefing, self._config), {})

    def _accepted(self, place: socket.socket) -> socket.socket:
        while True:
            with contextlib.suppress(TimeoutError):
                stream, _ = place.accept()
                stream.settimeout(None)
                return stream
            self._still_runs()

    def _still_runs(self) -> None:
        code = self._run.poll() if self._run is not None else None
        if code is not None:
            raise AgentFailed(FailureKind.EXITED, f"the dataflow ended (exit {code}); see the log")

    def _control(self, frame: int) -> Control | DirectControl:
        while True:
            event = self._node.next(timeout=LOOK_SECONDS)
            kind = event["type"] if event is not None else "STOP"
            if kind == "INPUT" and event["id"] == CONTROL:
                _check_frame(event["metadata"].get("frame"), frame)
                try:
                    return control_of(event["value"])
                except BadControl as error:
                    raise AgentFailed(FailureKind.BAD_CONTROL, str(error)) from None
            if kind in ("STOP", "INPUT_CLOSED"):
                raise AgentFailed(FailureKind.EXITED, "the node that gives the control has ended; "
                                  "see the log")  # fmt: skip
            self._still_runs()


def _check_frame(told: object, frame: int) -> None:
    """One answer a frame, and only to the frame that was asked."""
    if told is None:
        raise AgentFailed(FailureKind.PROTOCOL, "a control without the metadata 'frame': hand on "
                          "the metadata of the tick")  # fmt: skip
    if isinstance(told, bool) or told != frame:
        raise AgentFailed(
            FailureKind.PROTOCOL, f"a control for frame {told!r} in the place of {frame}"[:200]
        )


def _environment(here: Path) -> dict[str, str]:
    """What the nodes find: the agent's environment, and Python by the name that dora looks for."""
    programs = here / "programs"
    programs.mkdir()
    for name in ("python", "python3"):
        (programs / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" -B "$@"\n')
        (programs / name).chmod(0o755)
    overlay = here / "zenoh.json5"
    overlay.write_text(json.dumps(OVERLAY), "utf-8")
    found = {**os.environ, "DORA_ZENOH_CONFIG_OVERLAY": str(overlay)}
    found["PATH"] = f"{programs}:{os.environ['PATH']}"
    carla = find_spec("carla")
    if carla is None or STANDINS in Path(carla.origin or "").parents:
        found["PYTHONPATH"] = str(STANDINS)
    return found
