"""When the worker last came through each of its rounds, in small files that the server reads.

By the wall clock, whatever a rehearsal's clock says: watching is about this machine.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from pathlib import Path

from django.conf import settings

PULSE = "pulse"
STALE_S = 180.0
"""A worker that was not heard of for so long is not at work; its rounds come every minute."""


def folder() -> Path:
    below: Path = settings.CONFIG.data_dir / "beats"
    return below


def note(name: str) -> None:
    """`name` came through now. A disk that takes nothing is no reason to stop working."""
    path = folder() / re.sub(r"[^a-z-]", "-", name.lower())
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path)


def read() -> dict[str, float]:
    """Seconds since the epoch of each round's last success, by name."""
    with contextlib.suppress(OSError):
        return {one.name: one.stat().st_mtime for one in folder().iterdir()}
    return {}


def is_at_work() -> bool:
    """Whether a worker came round within STALE_S."""
    return time.time() - read().get(PULSE, 0.0) < STALE_S
