"""Podman, asked command by command, each with a time limit."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from concours.box import bubblewrap
from concours.box.order import BoxFault

SECONDS = 60.0
RUNTIMES = ("", "crun", "runc")
"""The engine's own choice first: which works depends on how the machine mounts control groups."""
NEEDED = ("PATH", "HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "USER")
"""Of the environment, for podman itself; nothing of it reaches a container."""


@dataclass(frozen=True, slots=True)
class Engine:
    """A program that runs containers, and what runs them for it ("" its own choice)."""

    program: str
    runtime: str

    def words(self, *arguments: str) -> list[str]:
        """A command line."""
        runtime = ["--runtime", self.runtime] if self.runtime else []
        return [self.program, *runtime, *arguments]

    def ask(self, *arguments: str, seconds: float = SECONDS) -> str:
        """What a command prints. Raises BoxFault where it fails or takes too long."""
        try:
            done = subprocess.run(  # noqa: S603
                self.words(*arguments),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=seconds,
                env=environment(),
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise BoxFault(f"podman {arguments[0]}: {error}") from None
        if done.returncode != 0:
            raise BoxFault(f"podman {arguments[0]}: {done.stderr.strip()[-500:]}")
        return done.stdout


def user() -> str:
    """The program's user and group in a container: nobody, or run by root one that nobody is."""
    number = bubblewrap.NOBODY if os.geteuid() else bubblewrap.own_user()
    return f"{number}:{number}"


def environment() -> dict[str, str]:
    """What podman needs of this process's environment."""
    return {name: os.environ[name] for name in NEEDED if name in os.environ}


@functools.cache
def working() -> Engine:
    """Podman with a runtime that works here, found by running a program of the system's.

    Raises BoxFault with the reason of each that does not.
    """
    program = shutil.which("podman")
    if program is None:
        raise BoxFault("podman is not installed")
    faults = []
    for runtime in RUNTIMES:
        if runtime and shutil.which(runtime) is None:
            continue
        engine = Engine(program, runtime)
        try:
            _try(engine)
        except BoxFault as fault:
            faults.append(f"{runtime or 'default runtime'}: {fault}")
        else:
            return engine
    raise BoxFault("; ".join(faults))


def _try(engine: Engine) -> None:
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
        engine.ask(
            "run", "--rm", "--network", "none", "--read-only", "--cap-drop", "all",
            "--memory", "64m", "--pids-limit", "16", "--ulimit", "nofile=64:64",
            "--ulimit", "nproc=64:64", "--user", user(), *mounts, "--rootfs", root, "/usr/bin/true",
        )  # fmt: skip
