"""Prices of reviewers, entries and limits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from concours.peerreview.assignment.flow import Flow, Limits
from concours.peerreview.keyed import IntArray


@dataclass(frozen=True, eq=False)
class Duals:
    """Prices in units of 1e-6 / top: reviewer (R,), entry (n,), limit (m,) with those around it."""

    reviewer: IntArray
    entry: IntArray
    limit: IntArray


def duals_of(flow: Flow, times: int = 1) -> Duals:
    """The prices of a flow that was solved with them, `times` as high."""
    if flow.reviewer_price is None or flow.entry_price is None:
        raise AssertionError("the flow was solved without prices")
    limit = np.zeros(0, dtype=np.int64) if flow.limit_price is None else flow.limit_price
    return Duals(flow.reviewer_price * times, flow.entry_price * times, limit * times)


def own_prices(together: IntArray, limits: Limits) -> IntArray:
    """Each limit's price without those of the limits around it."""
    around = np.where(limits.parent >= 0, together[limits.parent], 0)
    return np.asarray(together - around, dtype=np.int64)


def with_those_around(own: IntArray, limits: Limits) -> IntArray:
    total, parent = own.copy(), limits.parent
    while bool((parent >= 0).any()):
        total += np.where(parent >= 0, own[parent], 0)
        parent = np.where(parent >= 0, limits.parent[parent], -1)
    return total
