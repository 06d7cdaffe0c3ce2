"""From an order to a boxed program that has begun: started, found, limited, released."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from concours.box import bubblewrap, rlimits
from concours.box.order import SCRATCH, BoxFault, Order

SETTING_UP_SECONDS = 20.0
ENDING_SECONDS = 10.0
STEP_SECONDS = 0.0005
Stream = int | IO[bytes]


@dataclass(slots=True, kw_only=True)
class Boxed:
    """A program in its box.

    Attributes:
        process: bwrap, outside. init: the first process inside, as this machine numbers it.
        ended: a descriptor that can be read once init is gone, and with it all else inside.
        scratch: a descriptor of the program's /scratch, which outlives the program.
    """

    process: subprocess.Popen[bytes]
    told: int
    init: int = 0
    ended: int = -1
    scratch: int = -1
    layers: dict[str, str] = field(default_factory=dict)
    _heard: bytes = b""

    def signal(self, number: int) -> None:
        """Send a signal to the program itself, if it is there."""
        with contextlib.suppress(OSError, ValueError):
            path = Path(f"/proc/{self.init}/task/{self.init}/children")
            for child in path.read_text().split()[:1]:
                os.kill(int(child), number)

    def kill(self) -> None:
        """End everything in the box, and wait until it is gone. Raises BoxFault where it stays."""
        if self.ended >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.ended, signal.SIGKILL)
        self.process.kill()
        self.process.wait()
        if self.ended >= 0 and not _readable(self.ended, ENDING_SECONDS):
            raise BoxFault(f"the box did not end within {ENDING_SECONDS:.0f} s")

    def close(self) -> None:
        """Let go of what is held here. To be called after `kill`."""
        for handle in (self.told, self.ended, self.scratch):
            if handle >= 0:
                os.close(handle)
        self.told = self.ended = self.scratch = -1

    def exit_code(self) -> int | None:
        """As a shell tells it: 128 and the signal where one ended it. None: it never began."""
        while _readable(self.told, 0.0) and (more := os.read(self.told, 4096)):
            self._heard += more
        return self._find("exit-code")

    def hear_init(self, until: float) -> int:
        """The number of the first process inside. Raises BoxFault where bwrap tells none."""
        while (found := self._find("child-pid")) is None:
            if not _readable(self.told, max(0.0, until - time.monotonic())):
                raise BoxFault("bwrap tells nothing")
            if not (more := os.read(self.told, 4096)):
                raise BoxFault("bwrap ended before it had made the box")
            self._heard += more
        return found

    def _find(self, key: str) -> int | None:
        for line in self._heard.split(b"\n")[:-1]:
            told: dict[str, Any] = json.loads(line)
            if key in told:
                return int(told[key])
        return None


def start(
    order: Order,
    *,
    stdin: Stream,
    stdout: Stream | None,
    stderr: Stream | None,
    scratch: str = SCRATCH,
    keep: tuple[int, ...] = (),
) -> Boxed:
    """Build the box and let the program begin in it.

    Raises BoxFault, with nothing left behind; BadOrder.
    """
    wrapped = bubblewrap.wrap(order, scratch=scratch)
    try:
        process = subprocess.Popen(  # noqa: S603
            wrapped.command,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            env={},
            cwd="/",
            pass_fds=(*wrapped.handles, *order.keep_fds, *keep),
        )
    except OSError as error:
        os.close(wrapped.told)
        os.close(wrapped.release)
        raise BoxFault(f"bwrap cannot be started: {error}") from None
    finally:
        for handle in wrapped.handles:
            os.close(handle)
    boxed = Boxed(process=process, told=wrapped.told, layers=wrapped.layers)
    try:
        _await(boxed, wrapped.marker, scratch)
        _limit(boxed, order)
        os.write(wrapped.release, b"1")
    except OSError as error:
        boxed.kill()
        boxed.close()
        raise BoxFault(f"the box could not be set up: {error}") from None
    except BoxFault:
        boxed.kill()
        boxed.close()
        raise
    finally:
        os.close(wrapped.release)
    return boxed


def _await(boxed: Boxed, marker: str, scratch: str) -> None:
    """Until the box is complete and waits for its release."""
    until = time.monotonic() + SETTING_UP_SECONDS
    boxed.init = boxed.hear_init(until)
    boxed.ended = os.pidfd_open(boxed.init)
    root = f"/proc/{boxed.init}/root"
    while not os.path.isdir(root + marker):  # noqa: PTH112
        if boxed.process.poll() is not None:
            raise BoxFault("bwrap ended before it had made the box")
        if time.monotonic() > until:
            raise BoxFault(f"bwrap made no box within {SETTING_UP_SECONDS:.0f} s")
        time.sleep(STEP_SECONDS)
    boxed.scratch = os.open(root + scratch, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)


def _limit(boxed: Boxed, order: Order) -> None:
    boxed.layers["limits"] = rlimits.apply(boxed.init, order.limits, address_space=True)


def _readable(handle: int, seconds: float) -> bool:
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    return bool(poll.poll(1000.0 * seconds))
