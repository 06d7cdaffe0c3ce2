"""Whether a worker that shares our disk is dead, known at once.

A worker keeps a lock on a file of its name while it lives; the kernel lets go of it at its death,
however sudden. Where the file is not there, the worker is on another disk and its beat must tell.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path

from django.conf import settings


def _path(name: str) -> Path:
    folder: Path = settings.EVALUATIONS_DIR / "workers"
    return folder / name


class LifeSign:
    """Holds the lock from its making to `close` or the process's end.

    Where the disk takes no file there is no lock, and the worker's beat must tell.
    """

    def __init__(self, name: str) -> None:
        path = _path(name)
        self._path = path
        self._handle = -1
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._handle, fcntl.LOCK_EX)

    def close(self) -> None:
        """Let go and take the file away; the worker has left in order."""
        if self._handle >= 0:
            self._path.unlink(missing_ok=True)
            os.close(self._handle)


def is_dead(name: str) -> bool:
    """Whether the worker's file is here and nobody holds it."""
    try:
        handle = os.open(_path(name), os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    else:
        return True
    finally:
        os.close(handle)


def forget(name: str) -> None:
    """Take a dead worker's file away."""
    _path(name).unlink(missing_ok=True)
