"""The engine's kernels: compiled as `concours.jit` says, and never older than their sources."""

from __future__ import annotations

import contextlib
from pathlib import Path

from concours.jit import forget_stale, inner
from concours.jit import lean_kernel as kernel

__all__ = ["forget_stale", "inner", "kernel"]

with contextlib.suppress(OSError):  # nothing of ours is kept where we may not write
    forget_stale(Path(__file__).parent)
