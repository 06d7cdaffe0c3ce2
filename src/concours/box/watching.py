"""One run in bubblewrap, from its start to the end that is told of it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from concours.box import starting, verdict
from concours.box.capture import Capture, Watch
from concours.box.order import BadOrder, BoxFault, Ending, Order, Outcome

LOOK_SECONDS = 0.05


def watched(
    order: Order, *, collect: Path | None, stop: threading.Event | None, watch: Watch | None
) -> Outcome:
    """Run an order to its end: its output is taken in, its limits are kept.

    As `running.run`, in bubblewrap. Raises BoxFault, BadOrder.
    """
    with open_stdin(order) as stdin:
        boxed = starting.start(order, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        with contextlib.closing(boxed):
            return _follow(order, boxed, collect, stop or threading.Event(), watch)


@contextlib.contextmanager
def open_stdin(order: Order) -> Iterator[int]:
    """What the program reads. Raises BadOrder where it is not there."""
    try:
        handle = os.open(order.stdin or os.devnull, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise BadOrder(f"the program's input cannot be read: {error}") from None
    try:
        yield handle
    finally:
        os.close(handle)


def _follow(
    order: Order,
    boxed: starting.Boxed,
    collect: Path | None,
    stop: threading.Event,
    watch: Watch | None,
) -> Outcome:
    began = time.monotonic()
    process = boxed.process
    if process.stdout is None or process.stderr is None:
        raise BoxFault("the program's output is not at hand")
    bwrap_ended = os.pidfd_open(process.pid)
    capture = Capture(
        process.stdout,
        process.stderr,
        ended=bwrap_ended,
        limit=order.limits.output_bytes,
        watch=watch,
    )
    try:
        cut = None
        while cut is None and process.poll() is None:
            capture.take(LOOK_SECONDS)
            cut = _cut(order, boxed, capture, time.monotonic() - began, stop)
        boxed.kill()
        capture.drain()
        if cut is None and capture.full:
            cut = Ending.OUTPUT
        wall = time.monotonic() - began
    finally:
        boxed.kill()
        capture.close()
        os.close(bwrap_ended)
    return verdict.told(order, boxed, capture, cut=cut, wall=wall, collect=collect)


def _cut(
    order: Order, boxed: starting.Boxed, capture: Capture, wall: float, stop: threading.Event
) -> Ending | None:
    """Why the run is to be ended from outside, if it is."""
    if capture.full:
        return Ending.OUTPUT
    if stop.is_set():
        return Ending.STOPPED
    if wall > order.limits.wall_seconds:
        return Ending.WALL_TIME
    return Ending.CPU_TIME if boxed.cpu_seconds() > order.limits.cpu_seconds else None
