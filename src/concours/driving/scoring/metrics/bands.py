"""Shapes of points over a measured number."""

from __future__ import annotations

from typing import Literal

Margin = Literal["below", "above"]


def band(x: float, limit: float, *, margin: Margin = "below") -> float:
    """60 + 40 |T - x| / (0.4 T) of the CARSMOS table, as a share, for x at or below the limit T.

    "below": as it is written, so that full marks begin at 0.6 T. "above": turned around, full
    marks at T and 60 at 0.6 T. Cut to 0..1; an infinite limit gives 1.
    """
    if limit == float("inf"):
        return 1.0
    if limit <= 0.0:
        return 0.6
    share = min(abs(limit - x) / (0.4 * limit), 1.0)
    return 0.6 + 0.4 * (share if margin == "below" else 1.0 - share)


def excess(x: float, limit: float) -> float:
    """59 (1 - |T - x| / (0.2 T)) of the CARSMOS table, as a share, for x over the limit T > 0."""
    return max(0.59 * (1.0 - abs(limit - x) / (0.2 * limit)), 0.0)


def ramp(x: float, none: float, full: float) -> float:
    """0 at `none`, 1 at `full`, straight between them and cut beyond; none != full."""
    return min(max((x - none) / (full - none), 0.0), 1.0)


def ease(x: float, none: float, full: float) -> float:
    """Like `ramp`, but level at both ends: 3 u^2 - 2 u^3."""
    u = ramp(x, none, full)
    return u * u * (3.0 - 2.0 * u)
