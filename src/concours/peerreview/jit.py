"""Loops compiled to machine code by numba: one place for its options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """Compile `function` on its first call and keep the result on disk where a folder is writable.

    No fast mathematics and no threads: sums run in the order written, so that every machine gets
    the same bits. The global lock is released while a kernel runs.
    """
    try:
        return cast("F", njit(cache=True, nogil=True, fastmath=False)(function))
    except RuntimeError:  # numba found neither the package's nor a user's folder to write to
        return cast("F", njit(cache=False, nogil=True, fastmath=False)(function))
