"""Geometry of the small pictures of standings: positions in per cent, words left to the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

MOST_CELLS = 40
"""Up to so many places or finalists are drawn one by one, more as a band."""
GAP = 0.18
"""Of a cell's width."""


@dataclass(frozen=True)
class Cell:
    """A place in a row of places; `x` and `width` in per cent."""

    x: float
    width: float
    taken: bool
    own: bool


def seats(reason: Mapping[str, Any], *, entries: int) -> dict[str, Any] | None:
    """The places of a part (or of all `entries`) with those that have a seat, and one's own.

    None for a reason that is about no place.
    """
    if "place" not in reason or "nominations" in reason:
        return None
    size = int(reason.get("part_size", entries))
    taken = int(reason.get("seats", reason.get("size", 0)))
    place = int(reason["place"])
    if not 1 <= place <= size or ("quota" not in reason and "size" not in reason):
        return None
    return {
        "cells": _row(size, taken=taken, own=place) if size <= MOST_CELLS else [],
        "seats_width": round(100 * min(taken, size) / size, 3),
        "own_x": round(100 * (place - 0.5) / size, 3),
        "place": place,
        "size": size,
        "seats": taken,
    }


def nominations(reason: Mapping[str, Any]) -> dict[str, Any] | None:
    """The reviewers of an entry with those that nominated it, and how many are needed.

    None for a reason that counts no nominations.
    """
    if "nominations" not in reason or not int(reason["reviews"]):
        return None
    reviews, got = int(reason["reviews"]), floor(float(reason["nominations"]))
    needed = ceil(float(reason["needed"]))
    return {
        "cells": _row(reviews, taken=got, own=0),
        "needed_x": round(100 * needed / reviews, 3),
        "got": got,
        "needed": needed,
        "reviews": reviews,
    }


def noise(*, turnover: float, size: int) -> dict[str, Any]:
    """The best `size`, and how many of them other reviewers would change."""
    others = min(size, floor(turnover * size + 0.5))
    return {
        "cells": _row(size, taken=size - others, own=0) if size <= MOST_CELLS else [],
        "stay_width": round(100 * (size - others) / size, 3),
        "others": others,
        "size": size,
    }


def _row(count: int, *, taken: int, own: int) -> list[Cell]:
    width = 100 / count
    return [
        Cell(
            x=round(width * (place - 1), 3),
            width=round(width * (1 - GAP), 3),
            taken=place <= taken,
            own=place == own,
        )
        for place in range(1, count + 1)
    ]
