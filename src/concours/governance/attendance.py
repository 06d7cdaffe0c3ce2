"""Suspension of those who miss meetings, computed from who came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Suspension:
    """`missed` meetings in a row suspend from voting; `restored_after` attended ones in a row end
    it, the last of them included. Both at least 1."""

    missed: int
    restored_after: int


def suspended(*, attended: Sequence[bool], rule: Suspension | None) -> bool:
    """Whether somebody is suspended, by whether they came to each meeting, the oldest first."""
    if rule is None:
        return False
    out, away, there = False, 0, 0
    for came in attended:
        away, there = (0, there + 1) if came else (away + 1, 0)
        if away >= rule.missed:
            out = True
        elif out and there >= rule.restored_after:
            out = False
    return out
