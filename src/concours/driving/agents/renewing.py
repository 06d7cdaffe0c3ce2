"""What a forked process makes anew, so that the agent finds what it would find in a fresh one."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from pathlib import Path

from concours.driving.agents.environment import environment


def renew(file: Path, scratch: str, known: frozenset[str]) -> None:
    """Environment, randomness, folders for caches, and the modules that the agent has itself.

    known: names of the modules of a fresh process.
    """
    os.environ.clear()
    os.environ.update(environment(scratch))
    tempfile.tempdir = None
    _forget(_neighbours(file.parent), known)
    if "numpy.random" in sys.modules:
        import numpy as np

        np.random.seed()  # the module's own generator, which many agents use
    if "numba" in sys.modules:
        _keep_compiled_code_apart()


def _neighbours(folder: Path) -> set[str]:
    """Names under which an agent imports what lies beside it."""
    with contextlib.suppress(OSError):  # that the file is not there is told later
        return {each.name.partition(".")[0] for each in folder.iterdir()}
    return set()


def _forget(names: set[str], known: frozenset[str]) -> None:
    """Let these be imported again: the engine's own code may have brought others of that name."""
    for module in set(sys.modules) - known:
        if module.partition(".")[0] in names:
            del sys.modules[module]


def _keep_compiled_code_apart() -> None:
    """Kernels compile what else they are asked for into the agent's own folder."""
    from numba import config
    from numba.core.dispatcher import Dispatcher

    config.reload_config()
    for name, module in sorted(sys.modules.items()):
        if name.startswith("concours."):
            for found in vars(module).values():
                own = isinstance(found, Dispatcher) and found.__module__ == name
                if own and found.stats.cache_path:
                    found.enable_caching()
