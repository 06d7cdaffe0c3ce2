"""The agent's side: run as a program, with three file descriptors, or in a process forked for it.

The first is a stream of frames (wire.py) from and to the engine. To the second the keeper writes
how the agent's process ended. The third is memory for large readings (shared.py), or -1.

The keeper is this program before it forks. It never runs code of the agent's, and when the agent
ends it ends whatever the agent has started.
"""

from __future__ import annotations

import contextlib
import json
import mmap
import os
import resource
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from concours.driving.agents import (
    hosting,
    kernels,
    lockdown,
    reach,
    renewing,
    shared,
    syscalls,
    wire,
)
from concours.driving.agents.errors import AgentFailed
from concours.driving.agents.spec import AgentSpec, Briefing, Limits, PlanPoint

Step = tuple[int, float, dict[str, Any]]
"""Frame, timestamp, readings."""


def main() -> NoReturn:
    """Be a fresh process."""
    lockdown.die_with_parent()
    keep(*map(int, sys.argv[1:4]))


def keep(talk: int, status: int, readings: int, *, known: frozenset[str] | None = None) -> NoReturn:
    """Read the order, shut the process in, fork, and keep or be the agent.

    talk, status, readings: the three file descriptors. known: the modules of a fresh process, where
    this is none.
    """
    stream = socket.socket(fileno=talk)
    memory = shared.attach(readings)
    stream.set_inheritable(False)
    os.set_inheritable(status, False)  # noqa: FBT003
    order = json.loads(_exactly(stream, wire.HEAD.unpack(_exactly(stream, wire.HEAD.size))[1]))
    spec = AgentSpec(**order["spec"])
    limits = Limits(**{**order["limits"], "require": tuple(order["limits"]["require"])})
    Path(order["scratch"]).mkdir(mode=0o700, exist_ok=True)
    layers = lockdown.separate(order["scratch"], limits)
    os.chdir(order["scratch"])
    lockdown.adopt_orphans()
    agent = os.fork()
    if agent:
        stream.close()
        _keep(agent, status, limits)
    os.close(status)
    os.setsid()  # signals to its own group do not reach the keeper
    lockdown.die_with_parent()
    layers |= _shut_in(spec, limits, order["scratch"])
    if missing := [name for name in limits.require if layers[name].startswith("missing")]:
        layers["refused"] = ", ".join(missing)
    _send(stream, *wire.text_frame(wire.HELLO, layers))
    if missing:
        os._exit(0)
    if known is not None:
        renewing.renew(spec.file, order["scratch"], known)
    points = tuple(PlanPoint(**one) for one in order["briefing"].pop("plan"))
    briefing = Briefing(plan=points, **order["briefing"])
    _serve(_steps(stream, memory), stream, spec, briefing, Path(order["scratch"]))


def _shut_in(spec: AgentSpec, limits: Limits, scratch: str) -> dict[str, str]:
    """Every layer that acts on the process itself."""
    layers = {"limits": lockdown.limit(limits)}
    granted = reach.readable(spec)
    sockets = limits.sockets
    writable = [scratch, *reach.WRITABLE, *([lockdown.SHARED] if sockets else [])]
    layers["privileges"] = lockdown.drop_privileges(sockets=sockets)
    layers |= lockdown.landlock(
        granted, writable, listable=reach.listable() if sockets else (), sockets=sockets
    )
    layers["calls"] = syscalls.filter_calls(forks=limits.processes > 1, sockets=sockets)
    return layers


def _serve(
    steps: Iterator[Step], stream: socket.socket, spec: AgentSpec, briefing: Briefing, scratch: Path
) -> NoReturn:
    """Answer frame by frame until told to stop; tell of the first fault and end."""
    with contextlib.suppress(AttributeError):
        sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    hosting.import_paths(spec.file)
    try:
        host = _host(spec, briefing)
        sensors = host.sensors()
        _send(stream, *wire.text_frame(wire.SENSORS, sensors))
        maps = kernels.needed(sensors)
        for frame, timestamp, readings in steps:
            if maps:
                kernels.link(scratch)
                maps = False
            _send(stream, wire.control_frame(frame, host.step(frame, timestamp, readings)))
        host.stop()
    except AgentFailed as failed:
        _send(stream, *wire.text_frame(wire.FAILED, [failed.kind, failed.reason]))
    else:
        _send(stream, *wire.text_frame(wire.DONE))
    with contextlib.suppress(Exception):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(0)


def _host(spec: AgentSpec, briefing: Briefing) -> Any:
    """What runs the agent: a class in a Python file, or a dataflow."""
    if not spec.is_dataflow:
        return hosting.Host(spec.file, spec.entry, spec.config, briefing)
    from concours.driving.dataflow.hosting import DataflowHost

    return DataflowHost(spec.file, spec.config, briefing)


def _steps(stream: socket.socket, memory: mmap.mmap | None) -> Iterator[Step]:
    while True:
        kind, text, size = wire.HEAD.unpack(_exactly(stream, wire.HEAD.size))
        told = bytes(_exactly(stream, text))
        if kind == wire.SHARED and memory is not None:
            yield wire.read_step(told, bytearray(memory[:size]))
        elif kind == wire.STEP:
            yield wire.read_step(told, _exactly(stream, size))
        else:
            return


def _exactly(stream: socket.socket, size: int) -> bytearray:
    data = bytearray(size)
    view = memoryview(data)
    while view:
        got = stream.recv_into(view)
        if got == 0:
            os._exit(0)  # the engine is gone
        view = view[got:]
    return data


def _send(stream: socket.socket, *parts: bytes) -> None:
    for part in parts:
        stream.sendall(part)


def _keep(agent: int, status: int, limits: Limits) -> NoReturn:
    """Wait for the agent, end what it started, and tell how it ended and what it used."""
    signal.signal(signal.SIGTERM, lambda *_: _kill(agent))
    if limits.processes > 1:
        signal.signal(signal.SIGALRM, lambda *_: _count(agent, limits.processes))
        signal.setitimer(signal.ITIMER_REAL, 0.1, 0.1)
    _, ended = os.waitpid(agent, 0)
    signal.setitimer(signal.ITIMER_REAL, 0.0)
    _end_orphans()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = {
        "signal": os.WTERMSIG(ended) if os.WIFSIGNALED(ended) else 0,
        "exit": os.WEXITSTATUS(ended) if os.WIFEXITED(ended) else 0,
        "cpu": used.ru_utime + used.ru_stime,
        "peak": used.ru_maxrss * 1024,
    }
    os.write(status, json.dumps(told).encode())
    os._exit(0)


def _kill(process: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def _count(agent: int, most: int) -> None:
    """End the agent when it has more processes than it may."""
    if len(_descendants(os.getpid())) > most:
        _kill(agent)


def _end_orphans() -> None:
    """Descendants of the agent are this process's children now: end them, and theirs."""
    while True:
        for one in _descendants(os.getpid()):
            _kill(one)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _descendants(root: int) -> list[int]:
    """Processes below one, by /proc."""
    below: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):  # noqa: PTH208
        if entry.isdecimal():
            with contextlib.suppress(OSError):
                line = Path("/proc", entry, "stat").read_bytes()
                below.setdefault(int(line.rpartition(b")")[2].split()[1]), []).append(int(entry))
    found, todo = [], [root]
    while todo:
        children = below.get(todo.pop(), [])
        found += children
        todo += children
    return found


if __name__ == "__main__":
    main()
