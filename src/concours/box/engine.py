"""Podman, or docker where only that is there, asked command by command, each with a time limit."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from concours.box import bubblewrap
from concours.box.order import BoxFault

PODMAN, DOCKER = "podman", "docker"
SECONDS = 60.0
RUNTIMES = ("", "crun", "runc")
"""The engine's own choice first: which works depends on how the machine mounts control groups."""
NEEDED = ("PATH", "HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "USER")
"""Of the environment, for podman itself; nothing of it reaches a container."""
NEEDED_BY_DOCKER = ("PATH", "HOME", "DOCKER_HOST")
EMPTY_TAR = bytes(10240)
TRIED = "localhost/concours-box-try:latest"
LIMITS = (
    "--network", "none", "--read-only", "--cap-drop", "all", "--memory", "64m",
    "--pids-limit", "16", "--ulimit", "nofile=64:64", "--ulimit", "nproc=64:64",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Engine:
    """A program that runs containers, and what runs them for it ("" its own choice).

    kind: PODMAN or DOCKER, by whose command line it is asked.
    """

    kind: str
    program: str
    runtime: str = ""

    def words(self, *arguments: str) -> list[str]:
        """A command line."""
        runtime = ["--runtime", self.runtime] if self.runtime else []
        return [self.program, *runtime, *arguments]

    def environment(self) -> dict[str, str]:
        """What the engine needs of this process's environment."""
        wanted = NEEDED if self.kind == PODMAN else NEEDED_BY_DOCKER
        found = {name: os.environ[name] for name in wanted if name in os.environ}
        # Docker's own settings may put proxies into containers.
        return found if self.kind == PODMAN else {**found, "DOCKER_CONFIG": "/nonexistent"}

    def ask(self, *arguments: str, seconds: float = SECONDS, stdin: bytes = b"") -> str:
        """What a command prints. Raises BoxFault where it fails or takes too long."""
        try:
            done = subprocess.run(  # noqa: S603
                self.words(*arguments),
                input=stdin,
                capture_output=True,
                timeout=seconds,
                env=self.environment(),
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise BoxFault(f"{self.kind} {arguments[0]}: {error}") from None
        if done.returncode != 0:
            said = done.stderr.decode(errors="replace").strip()
            raise BoxFault(f"{self.kind} {arguments[0]}: {said[-500:]}")
        return done.stdout.decode(errors="replace")


def user() -> str:
    """The program's user and group in a container: nobody, or run by root one that nobody is."""
    number = bubblewrap.NOBODY if os.geteuid() else bubblewrap.own_user()
    return f"{number}:{number}"


@functools.cache
def working() -> Engine:
    """Podman with a runtime that works here, else docker, found by running a program in it.

    Raises BoxFault with the reason of each that does not.
    """
    faults = []
    for engine, prove in _candidates():
        try:
            prove(engine)
        except BoxFault as fault:
            faults.append(f"{engine.runtime or 'default runtime'}: {fault}")
        else:
            return engine
    raise BoxFault("; ".join(faults) or "neither podman nor docker is installed")


def _candidates() -> list[tuple[Engine, Callable[[Engine], None]]]:
    found: list[tuple[Engine, Callable[[Engine], None]]] = []
    if program := shutil.which(PODMAN):
        runtimes = [one for one in RUNTIMES if not one or shutil.which(one)]
        found += [(Engine(PODMAN, program, one), _try_podman) for one in runtimes]
    if program := shutil.which(DOCKER):
        found.append((Engine(DOCKER, program), _try_docker))
    return found


def _try_podman(engine: Engine) -> None:
    """Run `true` in a root of the system's own folders, with the limits that count."""
    with tempfile.TemporaryDirectory(prefix="concours-box-") as root:
        Path(root).chmod(0o755)
        mounts = []
        for name in ("usr", "bin", "lib", "lib64"):
            there = Path("/", name)
            if there.is_symlink():
                Path(root, name).symlink_to(there.readlink())
            elif there.is_dir():
                Path(root, name).mkdir()
                mounts += ["--volume", f"{there}:{there}:ro"]
        engine.ask("run", "--rm", *LIMITS, "--user", user(), *mounts, "--rootfs", root, TRUE)


TRUE = "/usr/bin/true"


def _try_docker(engine: Engine) -> None:
    """The same in an image of nothing, below which the system's folders are mounted."""
    if os.geteuid() != 0:
        raise BoxFault("docker is used by root alone: whoever speaks with it is root anyway")
    engine.ask("import", "-", TRIED, stdin=EMPTY_TAR)
    try:
        mounts = []
        for name in ("usr", "bin", "lib", "lib64"):
            there = Path("/", name)
            if there.is_dir():
                mounts += ["--volume", f"{there.resolve()}:{there}:ro"]
        engine.ask("run", "--rm", *LIMITS, "--user", user(), *mounts, TRIED, TRUE)
    finally:
        engine.ask("image", "rm", "--force", TRIED)
