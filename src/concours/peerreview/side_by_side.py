"""Compiled loops over disjoint rows on all processors, with the result of one after the other."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor


def workers() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def each(work: Callable[[int, int], object], pieces: Iterable[tuple[int, int]]) -> None:
    """`work(first, last)` for all pieces, several at a time.

    Kernels release the global lock. A piece must write to its own rows alone and read nothing that
    another writes: then neither the number of threads nor their order can be seen in the result.
    The first error of any piece is raised.
    """
    with ThreadPoolExecutor(max_workers=workers()) as pool:
        for _ in pool.map(lambda piece: work(*piece), pieces):
            pass


def spans(count: int, size: int) -> list[tuple[int, int]]:
    """(first, last) of consecutive spans of at most `size`."""
    return [(first, min(first + size, count)) for first in range(0, count, size)]
