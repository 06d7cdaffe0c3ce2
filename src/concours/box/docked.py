"""A box in a container of docker's, where there is no podman.

Docker begins a program at once: nothing of it can be held while it waits. So what must be there
before is made before, which takes root: /scratch is a file system of this machine's. Memory and
processes are limited by docker's own control group, of which CPU time is read.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from concours.box import bubblewrap, cgroups, images, options, seccomp
from concours.box.engine import Engine, user
from concours.box.order import SCRATCH, BoxFault, Order
from concours.box.starting import ENDING_SECONDS

LOADING_SECONDS = 600.0
LOOK_SECONDS = 0.05
STATE = "{{json .State}}"
NO_ROOM = "no space left on device"
GROUP = "control group of docker's: memory, processes, CPU time, of all"
NOT_THERE = ("no such file", "executable file not found")


@dataclass(slots=True, kw_only=True)
class Docked:
    """A program in a container of docker's; see held.Held."""

    process: subprocess.Popen[bytes]
    engine: Engine
    name: str
    scratch: int
    layers: dict[str, str] = field(default_factory=dict)
    _group: cgroups.Group | None = None
    _spent: float = 0.0
    _peak: int = 0

    def cpu_seconds(self) -> float:
        """As of the last look at it: the group goes with the container."""
        if self._group is None and (init := int(self._state().get("Pid") or 0)):
            with contextlib.suppress(OSError):  # it has ended meanwhile
                self._group = cgroups.Group.of(init)
        if self._group is not None:
            self._spent = max(self._spent, self._group.cpu_seconds() or 0.0)
            self._peak = max(self._peak, self._group.peak_bytes())
        return self._spent

    def peak_bytes(self) -> int:
        """As of the last look."""
        return self._peak

    def killed_for_memory(self) -> bool:
        """As docker tells it."""
        return self._state().get("OOMKilled") is True

    def exit_code(self) -> int | None:
        """As docker tells it. Raises BadImage for a program that is not in the image."""
        state = self._state()
        if state.get("Status") == "exited":
            return int(state["ExitCode"])
        if any(words in str(state.get("Error", "")) for words in NOT_THERE):
            raise images.BadImage("the program to be run is not in the image")
        return None

    def kill(self) -> None:
        """End the container's first process, and with it all others."""
        with contextlib.suppress(BoxFault):  # it has ended
            self.engine.ask("kill", self.name)
        until = time.monotonic() + ENDING_SECONDS
        while self._state().get("Running") is True:
            if time.monotonic() > until:
                raise BoxFault(f"the container did not end within {ENDING_SECONDS:.0f} s")
            time.sleep(LOOK_SECONDS)
        try:
            self.process.wait(1.0)
        except subprocess.TimeoutExpired:  # it has output left that nobody wants
            self.process.kill()
            self.process.wait()

    def close(self) -> None:
        """Let go of what is held here; the container is removed by `docked`."""
        os.close(self.scratch)

    def _state(self) -> dict[str, Any]:
        told = self.engine.ask("container", "inspect", "--format", STATE, self.name)
        state: dict[str, Any] = json.loads(told)
        return state


@contextlib.contextmanager
def docked(order: Order, engine: Engine, *, stdin: int) -> Iterator[Docked]:
    """The order's program, begun in a container of its image.

    Raises BoxFault, BadOrder; images.BadImage where the archive is to blame.
    """
    name = f"concours-box-{secrets.token_hex(8)}"
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="concours-box-")))
        inside = _load(engine, order, folder, name)
        stack.callback(_remove, engine, "image", "rm", "--force", f"localhost/{name}")
        scratch = stack.enter_context(_scratch(folder / "scratch", order))
        stack.callback(_remove, engine, "rm", "--force", name)
        profile = folder / "calls.json"
        profile.write_text(json.dumps(seccomp.profile(loopback=order.loopback)))
        who = user()
        first, *others = order.argv
        engine.ask(
            "create", "--name", name, *options.common(order, who, profile),
            *options.volumes(order, "ro"), "--volume", f"{scratch}:{SCRATCH}",
            *_without(engine, order, inside),
            "--entrypoint", first, f"localhost/{name}:latest", *others,
        )  # fmt: skip
        process = subprocess.Popen(  # noqa: S603
            engine.words("start", "--attach", "--interactive", name),
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=engine.environment(),
        )
        held = Docked(
            process=process,
            engine=engine,
            name=name,
            scratch=os.open(scratch, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC),
            layers={**options.layers(order, who, "docker"), "group": GROUP},
        )
        stack.callback(held.close)
        yield held


def _load(engine: Engine, order: Order, folder: Path, name: str) -> list[str]:
    """Take the image in; names of variables that it sets.

    One that declares volumes is refused: docker would make them on disk.
    """
    assert order.image is not None  # noqa: S101 - who calls has looked
    image = images.rewrite(order.image, folder / "image.tar", f"localhost/{name}:latest")
    if image.kind != "docker-archive":
        raise images.BadImage(
            "this machine's docker takes archives of `docker save`, and this one is of OCI alone"
        )
    try:
        engine.ask("load", "--quiet", "--input", str(image.path), seconds=LOADING_SECONDS)
    except BoxFault as fault:
        if NO_ROOM in str(fault).lower():
            raise
        raise images.BadImage(f"the image cannot be loaded: {fault}") from None
    image.path.unlink()
    told = engine.ask(
        "image", "inspect", "--format", "{{json .Config}}", f"localhost/{name}:latest"
    )
    config = json.loads(told) or {}
    if config.get("Volumes"):
        _remove(engine, "image", "rm", "--force", f"localhost/{name}")
        raise images.BadImage("the image declares volumes; leave VOLUME out")
    return [one.partition("=")[0] for one in config.get("Env") or ()]


def _without(engine: Engine, order: Order, names: list[str]) -> list[str]:
    """Options that take the image's variables away: one that docker's client lacks is unset."""
    ours = {**bubblewrap.ENVIRONMENT, **order.environment}
    has = engine.environment()
    words = []
    for name in names:
        if name and name not in ours:
            words += ["--env", f"{name}=" if name in has else name]
    return words


@contextlib.contextmanager
def _scratch(place: Path, order: Order) -> Iterator[Path]:
    """A file system in memory, which outlives the container. Raises BoxFault."""
    place.mkdir()
    how = f"size={order.limits.scratch_bytes},mode=0777,nosuid,nodev"
    _mount("mount", "-t", "tmpfs", "-o", how, "none", str(place))
    try:
        yield place
    finally:
        _mount("umount", "--lazy", str(place))


def _mount(*words: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise BoxFault(f"{words[0]}: {done.stderr.strip()}")


def _remove(engine: Engine, *words: str) -> None:
    with contextlib.suppress(BoxFault):  # swept by `docker system prune`, told by doctor
        engine.ask(*words)
