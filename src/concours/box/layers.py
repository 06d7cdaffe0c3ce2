"""What this machine has to shut a program in, found by trying it, and mends for what is missing."""

from __future__ import annotations

import functools
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from concours.box import cgroups, engine, seccomp, watching
from concours.box.order import BoxFault, BoxMissing, Limits, Order

INSTALL = "sudo apt-get install -y bubblewrap"
INSTALL_PODMAN = "sudo apt-get install -y podman crun runc uidmap"
USER_NAMESPACES = (
    ("/proc/sys/user/max_user_namespaces", "0", "sudo sysctl -w user.max_user_namespaces=15000"),
    (
        "/proc/sys/kernel/unprivileged_userns_clone",
        "0",
        "sudo sysctl -w kernel.unprivileged_userns_clone=1",
    ),
    (
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "give /usr/bin/bwrap an AppArmor profile that allows user namespaces",
    ),
)
"""Switch, the position in which nobody but root may make user namespaces, mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """`state` is ok, warning (works, but look) or fault (strangers' code is refused)."""

    name: str
    state: str
    found: str
    mend: str = ""


def strongest(*, image: bool = False, again: bool = False) -> str:
    """What runs an order here: "bubblewrap"; "podman" or "docker" for one with an image.

    Found by running a program once in it; that it works is remembered as long as this process
    lives, unless it is to be tried again. Raises BoxMissing where there is none: strangers' code is
    refused, not run.
    """
    if again:
        _prove_bubblewrap.cache_clear()
        engine.working.cache_clear()
    fault = container_fault() if image else bubblewrap_fault()
    if fault:
        raise BoxMissing(f"no box on this machine ({fault}); see `concours doctor`")
    return engine.working().kind if image else "bubblewrap"


def examine() -> list[Layer]:
    """All layers, in a fixed order."""
    return [_bubblewrap(), _calls(), _groups(), _containers()]


def bubblewrap_fault() -> str:
    """Why bubblewrap does not work here; "" where it does. Only that it does is remembered."""
    try:
        _prove_bubblewrap()
    except BoxFault as fault:
        return str(fault)
    return ""


@functools.cache
def _prove_bubblewrap() -> None:
    """Run this interpreter in it once. Raises BoxFault."""
    order = Order(argv=[sys.executable, "-I", "-S", "-c", ""], limits=Limits(wall_seconds=30))
    outcome = watching.watched(order, collect=None, stop=None, watch=None)
    if not outcome.completed:
        told = outcome.stderr[-300:].decode(errors="replace")
        raise BoxFault(f"{outcome.reason}; {told}")


def container_fault() -> str:
    """Why neither podman nor docker works here; "" where one does."""
    try:
        engine.working()
    except BoxFault as fault:
        return str(fault)
    return ""


def _bubblewrap() -> Layer:
    program = shutil.which("bwrap")
    if program is None:
        return Layer(name="bubblewrap", state="fault", found="not found", mend=INSTALL)
    version = subprocess.run(  # noqa: S603
        [program, "--version"], capture_output=True, text=True, timeout=10, check=False
    ).stdout.split()[-1:]
    found = f"{program} {''.join(version)}"
    if not (fault := bubblewrap_fault()):
        return Layer(name="bubblewrap", state="ok", found=found)
    return Layer(name="bubblewrap", state="fault", found=f"{found}: {fault}", mend=_userns_mend())


def _userns_mend() -> str:
    """What keeps this user from making namespaces, as far as it can be told."""
    for path, closed, mend in USER_NAMESPACES:
        if Path(path).exists() and Path(path).read_text().strip() == closed:
            return mend
    return "run as a user, or in a container, that may make namespaces; see how-to: strangers' code"


def _calls() -> Layer:
    try:
        seccomp.filters()
    except BoxFault as fault:
        mend = "sudo apt-get install -y libseccomp2"
        return Layer(name="system calls", state="fault", found=str(fault), mend=mend)
    return Layer(name="system calls", state="ok", found="filtered by seccomp")


def _groups() -> Layer:
    where = cgroups.place()
    if where.version:
        return Layer(name="control groups", state="ok", found=where.told())
    mend = "let systemd delegate one (Delegate=yes, DelegateSubgroup=main), or run as root"
    return Layer(name="control groups", state="warning", found=where.told(), mend=mend)


def _containers() -> Layer:
    if fault := container_fault():
        return Layer(
            name="containers",
            state="warning",
            found=f"{fault}; image archives are refused",
            mend=f"{INSTALL_PODMAN}; see how-to: run strangers' code",
        )
    found = engine.working()
    runtime = found.runtime or "its own runtime"
    told = f"{found.kind}: {found.program} with {runtime}"
    if found.kind == engine.PODMAN:
        return Layer(name="containers", state="ok", found=told)
    mend = f"podman needs no daemon of root's: {INSTALL_PODMAN}"
    return Layer(name="containers", state="warning", found=told, mend=mend)
