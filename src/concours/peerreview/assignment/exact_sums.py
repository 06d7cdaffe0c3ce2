"""Sums of products of 64-bit numbers that would not fit 64 bits, as Python's whole numbers."""

from __future__ import annotations

from concours.peerreview.keyed import IntArray

HALF = 31
LOW = (1 << HALF) - 1


def exact_sum(values: IntArray) -> int:
    """The sum of (p,) int64 values, p below 2**32; O(p)."""
    high, low = values >> HALF, values & LOW
    return (int(high.sum()) << HALF) + int(low.sum())


def exact_dot(left: IntArray, right: IntArray) -> int:
    """The sum of left * right, both (p,) of magnitude below 2**62, p below 2**31; O(p)."""
    a, b = left >> HALF, left & LOW
    c, d = right >> HALF, right & LOW
    return (
        (exact_sum(a * c) << (2 * HALF))
        + (exact_sum(a * d) << HALF)
        + (exact_sum(b * c) << HALF)
        + exact_sum(b * d)
    )
