"""A box in a container of podman's or docker's, for orders that bring an image.

Made and initialised first, so that what waits in it can be held from outside; then started.
Everything carries a name of its own and is removed at the end.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from concours.box import (
    bubblewrap,
    cgroups,
    docked,
    images,
    options,
    procfs,
    rlimits,
    seccomp,
    store,
)
from concours.box.engine import DOCKER, Engine, user, working
from concours.box.held import Held
from concours.box.order import SCRATCH, BadOrder, BoxFault, Order
from concours.box.starting import ENDING_SECONDS, readable

LOADING_SECONDS = 600.0
PASSING_ON_SECONDS = 0.5
"""For the engine to hand over the last of a program's output."""
RUNTIME_BYTES = 512 * 2**20
"""Address space that the engine's runtime needs until the program begins."""
NOT_THERE = "command that was not found"
OURS = ("no space left on device", "not known")
"""In what podman says of an image that it cannot load: the store is to blame."""
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
STATE = "{{json .State}}"


@dataclass(slots=True, kw_only=True)
class Contained:
    """A program in a container; see held.Held."""

    process: subprocess.Popen[bytes]
    engine: Engine
    name: str
    init: int
    ended: int
    scratch: int
    group: cgroups.Group
    layers: dict[str, str] = field(default_factory=dict)
    _spent: float = 0.0
    _peak: int = 0

    def cpu_seconds(self) -> float:
        """As of the last look at it: the group goes with the container."""
        told = self.group.cpu_seconds()
        self._spent = max(self._spent, procfs.cpu_seconds(self.init) if told is None else told)
        self._peak = max(self._peak, self.group.peak_bytes())
        return self._spent

    def peak_bytes(self) -> int:
        """As of the last look."""
        return self._peak

    def killed_for_memory(self) -> bool:
        """As the kernel tells it, or else the engine."""
        return self.group.killed_for_memory() or self._state().get("OOMKilled") is True

    def exit_code(self) -> int | None:
        """As the engine tells it."""
        state = self._state()
        return int(state["ExitCode"]) if state.get("Status") in ("exited", "stopped") else None

    def kill(self) -> None:
        """End the container's first process, and with it all others."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.ended, signal.SIGKILL)
        if not readable(self.ended, ENDING_SECONDS):
            raise BoxFault(f"the container did not end within {ENDING_SECONDS:.0f} s")
        try:
            self.process.wait(PASSING_ON_SECONDS)
        except subprocess.TimeoutExpired:  # it has output left that nobody wants
            self.process.kill()
            self.process.wait()

    def close(self) -> None:
        """Let go of what is held here; the container is removed by `contained`."""
        os.close(self.ended)
        os.close(self.scratch)
        self.group.remove()

    def _state(self) -> dict[str, Any]:
        told = self.engine.ask("container", "inspect", "--format", STATE, self.name)
        state: dict[str, Any] = json.loads(told)
        return state


@contextlib.contextmanager
def contained(order: Order, *, stdin: int) -> Iterator[Held]:
    """The order's program, begun in a container of its image.

    Raises BoxFault, BadOrder; images.BadImage where the archive is to blame.
    """
    if order.keep_fds:
        raise BadOrder("a container keeps no descriptors")
    bubblewrap.check_mounts(order)
    engine = working()
    if engine.kind == DOCKER:
        with docked.docked(order, engine, stdin=stdin) as other:
            yield other
        return
    name = f"concours-box-{secrets.token_hex(8)}"
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="concours-box-")))
        _load(engine, order, folder, name)
        stack.callback(_remove_image, engine, f"localhost/{name}")
        who = user()
        profile = folder / "calls.json"
        profile.write_text(json.dumps(seccomp.profile(loopback=order.loopback)))
        stack.callback(_remove, engine, "rm", "--force", "--time", "0", "--ignore", name)
        engine.ask("create", "--name", name, *_options(order, who, profile), *_command(order, name))
        try:
            engine.ask("init", name)
        except BoxFault as fault:
            if NOT_THERE in str(fault):
                raise images.BadImage(f"there is no {order.argv[0]!r} in the image") from None
            raise
        held = _start(engine, order, name, who, stdin)
        stack.callback(held.close)
        yield held


def _group(order: Order, init: int) -> cgroups.Group:
    """A group of ours, which outlives the container. Without one, memory of each process."""
    processes = order.limits.processes + rlimits.KEEPERS
    memory = bubblewrap.memory(order)
    group = cgroups.Group(cgroups.place(), memory=memory, processes=processes)
    try:
        group.join(init)
        if not group.limits_memory:
            least = replace(order.limits, memory=max(order.limits.memory, RUNTIME_BYTES))
            rlimits.apply(init, least, address_space=True)
    except OSError as error:
        group.remove()
        raise BoxFault(f"the container cannot be limited: {error}") from None
    return group


def _load(engine: Engine, order: Order, folder: Path, name: str) -> None:
    if order.image is None:
        raise BadOrder("there is no image to make a container of")
    image = images.rewrite(order.image, folder / "image.tar", f"localhost/{name}:latest")
    try:
        with store.changed_alone():
            engine.ask("pull", "--quiet", f"{image.kind}:{image.path}", seconds=LOADING_SECONDS)
    except BoxFault as fault:
        if any(words in str(fault).lower() for words in OURS):
            raise
        raise images.BadImage(f"the image cannot be loaded: {fault}") from None
    image.path.unlink()


def _remove(engine: Engine, *words: str) -> None:
    with contextlib.suppress(BoxFault):  # swept by `podman system prune`, told by doctor
        engine.ask(*words)


def _remove_image(engine: Engine, name: str) -> None:
    with contextlib.suppress(BoxFault), store.changed_alone():
        engine.ask("image", "rm", "--force", name)


def _options(order: Order, who: str, profile: Path) -> list[str]:
    size = order.limits.scratch_bytes
    return [
        *options.common(order, who, profile),
        "--no-hosts", "--pid", "private", "--uts", "private",
        "--read-only-tmpfs=false", "--image-volume", "ignore",
        "--http-proxy=false", "--unsetenv-all", "--systemd=false",
        "--tmpfs", f"{SCRATCH}:rw,exec,size={size},mode=0777,nosuid,nodev",
        *options.volumes(order, "ro,nosuid,nodev"),
    ]  # fmt: skip


def _command(order: Order, name: str) -> list[str]:
    first, *others = order.argv
    return ["--entrypoint", json.dumps([first]), f"localhost/{name}:latest", *others]


def _start(engine: Engine, order: Order, name: str, who: str, stdin: int) -> Contained:
    """Hold what waits in the container, then let it begin."""
    state = json.loads(engine.ask("container", "inspect", "--format", STATE, name))
    init = int(state["Pid"])
    try:
        ended = os.pidfd_open(init)
        scratch = os.open(
            f"/proc/{init}/root{SCRATCH}", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
        )
    except OSError as error:
        raise BoxFault(f"the container is not there: {error}") from None
    group = _group(order, init)
    process = subprocess.Popen(  # noqa: S603
        engine.words("start", "--attach", "--interactive", "--sig-proxy=false", name),
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=engine.environment(),
    )
    layers = options.layers(order, who, f"podman, {engine.runtime or 'its own runtime'}")
    return Contained(
        process=process,
        engine=engine,
        name=name,
        init=init,
        ended=ended,
        scratch=scratch,
        group=group,
        layers=layers,
    )
