"""Podman's store of images, changed by one program of ours at a time.

Runs of one submission load the same image under names of their own. Podman 4 looks at an image's
names and then removes it, without a lock between: a name that another run gives it meanwhile goes
with it, and so may layers that the other is about to use ("image not known", "layer not known").
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from concours.box.order import BoxFault

FOLDER_OF_ROOT = Path("/var/lib/containers")
LOCK = "concours-box.lock"


def folder() -> Path:
    """Where podman keeps the images of this process's user, by its defaults."""
    if os.geteuid() == 0:
        return FOLDER_OF_ROOT
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "containers"


@contextlib.contextmanager
def changed_alone() -> Iterator[None]:
    """Hold the store's lock; waits for whoever has it. Raises BoxFault where there can be none."""
    try:
        folder().mkdir(parents=True, exist_ok=True)
        handle = os.open(folder() / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise BoxFault(f"podman's store cannot be locked: {error}") from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
