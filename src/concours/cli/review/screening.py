"""What screening is given beside the reviews: times, comments, wishes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from concours.peerreview import BadInput
from concours.peerreview.files import NamedReviews, where
from concours.peerreview.files.columns import finite
from concours.peerreview.files.table import columns_of, rows
from concours.peerreview.screening import aligned


def values_of(path: Path, named: NamedReviews, column: str) -> list[Any]:
    """Seconds or comments in the order of the reviews; NaN or None where there is none."""
    who, what, values, places = [], [], [], []
    for place, reviewer, entry, row in _pairs(path, named, column):
        if row[column]:
            who.append(reviewer)
            what.append(entry)
            places.append(place)
            number = column == "seconds"
            values.append(finite(place, column, row[column]) if number else row[column])
    known = set(zip(named.reviews.reviewer.tolist(), named.reviews.entry.tolist(), strict=True))
    met = set()
    for place, pair in zip(places, zip(who, what, strict=True), strict=True):
        if pair not in known:
            raise BadInput(f"{place}: no such review: reviewer and entry are not in REVIEWS")
        if pair in met:
            raise BadInput(f"{place}: reviewer and entry stand here already")
        met.add(pair)
    found = aligned(named.reviews, reviewer=who, entry=what, values=values)
    return [np.nan if v is None else v for v in found] if column == "seconds" else found


def bids_of(path: Path, named: NamedReviews) -> sparse.csr_array:
    """(R, n) wishes; without a column bid each line is one."""
    stated = "bid" in columns_of(path)
    who, what, values = [], [], []
    for place, reviewer, entry, row in _pairs(path, named, *(["bid"] if stated else [])):
        value = finite(place, "bid", row["bid"]) if stated else 1.0
        if value > 0:
            who.append(reviewer)
            what.append(entry)
            values.append(1.0)
    shape = (len(named.reviewers), len(named.entries))
    return sparse.csr_array((values, (who, what)), shape=shape)


def _pairs(
    path: Path, named: NamedReviews, *columns: str
) -> Iterator[tuple[str, int, int, dict[str, str]]]:
    who = {name: i for i, name in enumerate(named.reviewers)}
    what = {name: i for i, name in enumerate(named.entries)}
    for number, row in rows(path, ["reviewer", "entry", *columns]):
        place = where(path, number)
        for name, known in (("reviewer", who), ("entry", what)):
            if row[name] not in known:
                raise BadInput(f"{place}: no {name} {row[name]!r} in REVIEWS")
        yield place, who[row["reviewer"]], what[row["entry"]], row
