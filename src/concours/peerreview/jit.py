"""Loops compiled to machine code by numba: one place for its options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """Compile `function` on its first call and keep the result on disk.

    No fast mathematics and no threads: sums run in the order written, so that every machine gets
    the same bits. The global lock is released while a kernel runs.
    """
    return cast("F", njit(cache=True, nogil=True, fastmath=False)(function))
