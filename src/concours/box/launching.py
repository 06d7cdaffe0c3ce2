"""The program that `prefix` names: builds the box around a command and stays until its end."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from concours.box import starting
from concours.box.order import SCRATCH, BadOrder, BoxFault, Order
from concours.box.prefix import read

FAULT = 125
"""The exit code for a box that could not be made."""
PASSED = ("PATH", "LANG", "HOME", "TMPDIR", "PYTHONHASHSEED", "NUMBA_CACHE_DIR")
THREADS = "_NUM_THREADS"
LOOK_SECONDS = 0.25


def main() -> NoReturn:
    """concours.box.launching ORDER -- COMMAND ..."""
    again: list[int] = []
    signal.signal(signal.SIGUSR1, lambda number, _: again.append(number))
    try:
        order, scratch = _order()
        boxed = starting.start(
            order, stdin=0, stdout=None, stderr=None, scratch=scratch, keep=_handed_down()
        )
    except (BadOrder, BoxFault) as fault:
        print(f"box: {fault}", file=sys.stderr)  # noqa: T201
        sys.exit(FAULT)
    with contextlib.closing(boxed):
        try:
            signal.signal(signal.SIGTERM, lambda number, _: boxed.signal(number))
            _wait(boxed, order, again)
        finally:
            boxed.kill()
        code = boxed.exit_code()
    sys.exit(FAULT if code is None else code)


def _wait(boxed: starting.Boxed, order: Order, again: list[int]) -> None:
    """Until the program's end, or until it has used up its time; `again` begins it anew."""
    limits = order.limits
    until, spent = time.monotonic() + limits.wall_seconds, 0.0
    while time.monotonic() < until and boxed.cpu_seconds() <= spent + limits.cpu_seconds:
        with contextlib.suppress(subprocess.TimeoutExpired):
            boxed.process.wait(LOOK_SECONDS)
            return
        if again:
            again.clear()
            until, spent = time.monotonic() + limits.wall_seconds, boxed.cpu_seconds()


def _order() -> tuple[Order, str]:
    """What to run, and where its scratch is to be."""
    given = {
        name: value
        for name, value in os.environ.items()
        if name in PASSED or name.endswith(THREADS)
    }
    order = read(sys.argv[1], sys.argv[3:], given)
    here = Path.cwd()
    if order.cwd != SCRATCH or any(here.iterdir()):
        return order, SCRATCH
    return replace(order, cwd=str(here)), str(here)


def _handed_down() -> tuple[int, ...]:
    """Descriptors that were left open for this process on purpose."""
    kept = []
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208
        with contextlib.suppress(OSError):
            if int(name) > 2 and os.get_inheritable(int(name)):
                kept.append(int(name))
    return tuple(kept)


if __name__ == "__main__":
    main()
