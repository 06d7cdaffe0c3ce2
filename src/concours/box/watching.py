"""One run in a box, from its start to the end that is told of it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from concours.box import containers, starting, verdict
from concours.box.capture import Capture, Watch
from concours.box.held import Held
from concours.box.order import BadOrder, BoxFault, Ending, Order, Outcome

LOOK_SECONDS = 0.05


def watched(
    order: Order, *, collect: Path | None, stop: threading.Event | None, watch: Watch | None
) -> Outcome:
    """Run an order to its end: its output is taken in, its limits are kept.

    As `running.run`; in bubblewrap, or in a container where the order has an image. Raises
    BoxFault, BadOrder.
    """
    with open_stdin(order) as stdin:
        begun = containers.contained if order.image is not None else _boxed
        with begun(order, stdin=stdin) as held:
            return _follow(order, held, collect, stop or threading.Event(), watch)


@contextlib.contextmanager
def _boxed(order: Order, *, stdin: int) -> Iterator[starting.Boxed]:
    """The order's program, begun in bubblewrap."""
    boxed = starting.start(order, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with contextlib.closing(boxed):
        yield boxed


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
    held: Held,
    collect: Path | None,
    stop: threading.Event,
    watch: Watch | None,
) -> Outcome:
    began = time.monotonic()
    process = held.process
    if process.stdout is None or process.stderr is None:
        raise BoxFault("the program's output is not at hand")
    end = os.pidfd_open(process.pid)
    capture = Capture(
        process.stdout,
        process.stderr,
        ended=end,
        limit=order.limits.output_bytes,
        watch=watch,
    )
    try:
        cut = None
        while cut is None and process.poll() is None:
            capture.take(LOOK_SECONDS)
            cut = _cut(order, held, capture, time.monotonic() - began, stop)
        held.kill()
        capture.drain()
        if cut is None and capture.full:
            cut = Ending.OUTPUT
        wall = time.monotonic() - began
    finally:
        held.kill()
        capture.close()
        os.close(end)
    return verdict.told(order, held, capture, cut=cut, wall=wall, collect=collect)


def _cut(
    order: Order, held: Held, capture: Capture, wall: float, stop: threading.Event
) -> Ending | None:
    """Why the run is to be ended from outside, if it is."""
    if capture.full:
        return Ending.OUTPUT
    if stop.is_set():
        return Ending.STOPPED
    if wall > order.limits.wall_seconds:
        return Ending.WALL_TIME
    return Ending.CPU_TIME if held.cpu_seconds() > order.limits.cpu_seconds else None
