"""Compiled loops over disjoint rows on all processors: the result is that of one after the other."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor


def each(work: Callable[[int, int], object], pieces: Iterable[tuple[int, int]]) -> None:
    """`work(first, last)` for all pieces, several at a time.

    Kernels release the global lock. A piece must write to its own rows alone and read nothing that
    another writes: then neither the number of threads nor their order can be seen in the result.
    The first error of any piece is raised.
    """
    workers = os.process_cpu_count() if hasattr(os, "process_cpu_count") else os.cpu_count()
    with ThreadPoolExecutor(max_workers=workers or 1) as pool:
        for _ in pool.map(lambda piece: work(*piece), pieces):
            pass


def spans(count: int, size: int) -> list[tuple[int, int]]:
    """(first, last) of consecutive spans of at most `size`."""
    return [(first, min(first + size, count)) for first in range(0, count, size)]
