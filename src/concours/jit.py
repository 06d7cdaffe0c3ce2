"""Loops compiled to machine code by numba: one place for its options, shared by the engines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

from concours.jit_parts import PartCompiler
from concours.jit_stale import forget_stale

__all__ = ["forget_stale", "inner", "kernel", "lean_kernel"]

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """Compile `function` on its first call and keep the result on disk where a folder is writable.

    No fast mathematics and no threads: sums run in the order written, so that every machine gets
    the same bits. The global lock is released while a kernel runs.
    """
    return _compiled(function)


def lean_kernel(function: F) -> F:
    """Like `kernel`, for functions that make no arrays and return none.

    The arrays that they are given are lent: nothing counts who refers to them, which makes the
    code shorter and faster.
    """
    return _compiled(function, _nrt=False)


def inner(function: F) -> F:
    """Like `lean_kernel`, for functions that only such kernels call; see `jit_parts`.

    Python cannot call it. A division by zero gives an infinity or NaN, not an error.
    """
    options = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "error_model": "numpy"}
    made = njit(nogil=True, fastmath=False, _nrt=False, pipeline_class=PartCompiler, **options)
    return cast("F", made(function))


def _compiled(function: F, **options: bool) -> F:
    try:
        return cast("F", njit(cache=True, nogil=True, fastmath=False, **options)(function))
    except RuntimeError:  # numba found neither the package's nor a user's folder to write to
        return cast("F", njit(cache=False, nogil=True, fastmath=False, **options)(function))
