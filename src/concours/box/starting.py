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

from concours.box import bubblewrap, cgroups, procfs, rlimits
from concours.box.order import SCRATCH, BoxFault, Order

SETTING_UP_SECONDS = 20.0
ENDING_SECONDS = 10.0
STEP_SECONDS = 0.0005
NOT_FOUND = 127
Stream = int | IO[bytes]


@dataclass(slots=True, kw_only=True)
class Boxed:
    """A program in bubblewrap; see held.Held.

    Attributes:
        process: bwrap, outside. init: the first process inside, as this machine numbers it.
        ended: a descriptor that can be read once init is gone, and with it all else inside.
        scratch: a descriptor of the program's /scratch, which outlives the program.
        group: the control group of all that is inside.
    """

    process: subprocess.Popen[bytes]
    told: int
    group: cgroups.Group
    init: int = 0
    ended: int = -1
    scratch: int = -1
    layers: dict[str, str] = field(default_factory=dict)
    _heard: bytes = b""
    _spent: float = 0.0

    def cpu_seconds(self) -> float:
        """Used so far by all in the box; without a control group, as of the last look at it."""
        told = self.group.cpu_seconds()
        if told is None:
            told = procfs.cpu_seconds(self.init)
        self._spent = max(self._spent, told)
        return self._spent

    def peak_bytes(self) -> int:
        """The most memory used by all at a time; 0 where it is not known."""
        return self.group.peak_bytes()

    def killed_for_memory(self) -> bool:
        """Whether the kernel ended something in the box because memory ran out."""
        return self.group.killed_for_memory()

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
        if self.ended >= 0 and not readable(self.ended, ENDING_SECONDS):
            raise BoxFault(f"the box did not end within {ENDING_SECONDS:.0f} s")

    def close(self) -> None:
        """Let go of what is held here. To be called after `kill`. Raises BoxFault."""
        for handle in (self.told, self.ended, self.scratch):
            if handle >= 0:
                os.close(handle)
        self.told = self.ended = self.scratch = -1
        self.group.remove()

    def exit_code(self) -> int | None:
        """As a shell tells it: 128 and the signal where one ended it. None: it never began."""
        while readable(self.told, 0.0) and (more := os.read(self.told, 4096)):
            self._heard += more
        code = self._find("exit-code")
        if code is None and self.process.returncode == 1:
            return NOT_FOUND  # bwrap found nothing to run under that name
        return code

    def hear_init(self, until: float) -> int:
        """The number of the first process inside. Raises BoxFault where bwrap tells none."""
        while (found := self._find("child-pid")) is None:
            if not readable(self.told, max(0.0, until - time.monotonic())):
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
    where = cgroups.place()
    group = cgroups.Group(
        where, memory=bubblewrap.memory(order), processes=order.limits.processes + rlimits.KEEPERS
    )
    try:
        wrapped = bubblewrap.wrap(order, scratch=scratch)
        joining = group.joining()
        process = _launch(wrapped, order, keep, joining, stdin=stdin, stdout=stdout, stderr=stderr)
    except BaseException:
        group.remove()
        raise
    boxed = Boxed(process=process, told=wrapped.told, group=group, layers=wrapped.layers)
    boxed.layers["group"] = where.told()
    try:
        _await(boxed, wrapped.marker, scratch)
        boxed.layers["limits"] = rlimits.apply(
            boxed.init, order.limits, address_space=not group.limits_memory
        )
        os.write(wrapped.release, b"1")
    except (OSError, BoxFault) as error:
        boxed.kill()
        boxed.close()
        raise BoxFault(f"the box could not be set up: {error}{_last_words(process)}") from None
    finally:
        os.close(wrapped.release)
    return boxed


def _launch(
    wrapped: bubblewrap.Wrapped,
    order: Order,
    keep: tuple[int, ...],
    joining: list[str],
    **streams: Any,
) -> subprocess.Popen[bytes]:
    """Start bwrap. Raises BoxFault."""
    try:
        return subprocess.Popen(  # noqa: S603
            [*joining, *wrapped.command],
            env={},
            cwd="/",
            pass_fds=(*wrapped.handles, *order.keep_fds, *keep),
            **streams,
        )
    except (OSError, ValueError) as error:
        os.close(wrapped.told)
        os.close(wrapped.release)
        raise BoxFault(f"bwrap cannot be started: {error}") from None
    finally:
        for handle in wrapped.handles:
            os.close(handle)


def _last_words(process: subprocess.Popen[bytes]) -> str:
    """What bwrap, which is gone, has to say of it."""
    if process.stderr is None:
        return ""
    return ": " + process.stderr.read(1000).decode(errors="replace").strip()


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


def readable(handle: int, seconds: float) -> bool:
    """Whether something can be read from a descriptor within so many seconds."""
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    return bool(poll.poll(1000.0 * seconds))
