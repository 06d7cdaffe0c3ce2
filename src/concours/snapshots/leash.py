"""A git on a leash: its own environment, and an end for it and all that it started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path


def environment(folder: Path) -> dict[str, str]:
    """All that git sees of the environment, with `folder` as its home; its repository is `repo`.

    Proxies, credentials and settings of ours are not in it.
    """
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "TMPDIR": str(folder),
        "LC_ALL": "C",
        "GIT_DIR": str(folder / "repo"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_SYSTEM": "/dev/null",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
    }


@contextlib.contextmanager
def leashed(process: subprocess.Popen[bytes], *, seconds: float) -> Iterator[None]:
    """Kill the group of `process` after `seconds`, and at the block's end, its pipes closed."""
    timer = threading.Timer(max(seconds, 0), kill_group, [process])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        kill(process)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to the whole group: git's helpers do not outlive git."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the group, also where its leader has ended already."""
    kill_group(process)
    process.wait()
