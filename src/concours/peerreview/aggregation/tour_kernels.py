"""Loops of tour.py."""

from __future__ import annotations

from typing import Any

from concours.peerreview.jit import kernel

Array = Any  # numba specialises by dtype


@kernel
def lay(member: Array, width: int, free: Array, place: Array, entry: Array) -> None:
    """Reviews by blocks of `width` entries, else in their order; `free`: zeros, blocks + 1."""
    for k in range(len(member)):
        free[member[k] // width + 1] += 1
    for b in range(len(free) - 1):
        free[b + 1] += free[b]
    for k in range(len(member)):
        block = member[k] // width
        at = free[block]
        free[block] = at + 1
        place[at] = k
        entry[at] = member[k]


@kernel
def collect(place: Array, entry: Array, x: Array, out: Array) -> None:
    """out[place[k]] = x[entry[k]]."""
    for k in range(len(place)):
        out[place[k]] = x[entry[k]]


@kernel
def deliver(place: Array, entry: Array, told: Array, out: Array) -> None:
    """Add told[place[k]] to out[entry[k]]."""
    for k in range(len(place)):
        out[entry[k]] += told[place[k]]
