"""Which files an agent may read."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import concours
from concours.driving.agents.spec import AgentSpec

SYSTEM = (
    "/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/localtime", "/dev/null",
    "/dev/zero", "/dev/urandom", "/dev/random", "/proc/cpuinfo", "/proc/meminfo",
    "/sys/devices/system/cpu",
)  # fmt: skip
WRITABLE = ("/dev/null",)


def readable(spec: AgentSpec) -> list[str]:
    """The system's libraries, Python and its packages, the engine, and the agent's own folder.

    Of this project only the driving engine's code: a package may hold seasons beside it.
    """
    package = Path(concours.__file__).resolve().parent
    granted: list[Path] = []
    for one in (*SYSTEM, sys.base_prefix, *sys.path):
        path = Path(one)
        if one and path.exists():
            granted += without(path.resolve(), package)
    granted += [Path(sys.prefix) / "pyvenv.cfg", Path(sys.executable)]
    granted += [package / "__init__.py", *package.glob("jit*.py"), package / "driving"]
    granted += [spec.file.parent]
    if os.path.isfile(spec.config):  # noqa: PTH113 - False for what can be no path
        granted.append(Path(spec.config).resolve())
    return sorted({str(path) for path in granted})


def listable() -> list[str]:
    """Folders in which a new Python looks for packages: their names, not what is in the files."""
    return [str(Path(concours.__file__).resolve().parents[1])]


def without(folder: Path, hole: Path) -> list[Path]:
    """A folder as itself, or, where the hole is in it, as what remains around the hole."""
    if folder == hole or hole in folder.parents:
        return []
    if folder not in hole.parents:
        return [folder]
    return [part for one in sorted(folder.iterdir()) for part in without(one, hole)]
