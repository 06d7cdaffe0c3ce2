"""What to expect of a round before it is planned: simulated, since no formula tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.core.cache import cache
from django.utils.translation import gettext as _

from concours.peerreview import (
    ENGINE_VERSION,
    BadInput,
    InfeasibleAssignment,
    consensus,
    simulate,
)
from concours.peerreview.selection import recommend
from concours.peerreview.selection.nomination_quota import noise_sd

MOST_ENTRIES = 100_000
FIELD = 200
"""Larger fields are simulated at this size: shares hardly depend on it from there."""
WORLDS = 8
DRAWS = 400
COMPARED = (3, 5, 8, 12)
AGREEMENTS = {"little": 2 / 3, "fair": 3 / 4, "well": 4 / 5}
"""How often two reviewers order two entries alike; 2/3 where errors are as large as quality."""
SEED = b"concours.platform/advice"
KEPT_SECONDS = 86_400


@dataclass(frozen=True, kw_only=True)
class Way:
    """A way to choose finalists and what to expect: the share of the truly best it finds."""

    method: str
    parts: int
    recall: float
    exact: bool


@dataclass(frozen=True, kw_only=True)
class Prospect:
    """What so many reviews an entry give. `ways` stand best first; `turnover` and `by_rank` are
    those of the best by rank: the share other reviewers would change, and that is truly best."""

    reviews: int
    ways: tuple[Way, ...]
    advised: Way
    code: str
    by_rank: float
    turnover: float


@dataclass(frozen=True, kw_only=True)
class Advice:
    """`asked` is None where the numbers leave no assignment; `others` are for other numbers of
    reviews an entry, rising."""

    asked: Prospect | None
    others: tuple[Prospect, ...]


def advise(*, entries: int, reviews: int, finalists: int, agreement: str) -> Advice:
    """The same for the same numbers. A second or so for each number of reviews, kept for a day.

    Raises BadInput for fewer than two entries or finalists out of 1 .. entries - 1.
    """
    if not 2 <= entries <= MOST_ENTRIES or not 1 <= finalists < entries:
        raise BadInput(f"finalists: 1 to {entries - 1} expected, got {finalists}")
    counts = sorted({reviews, *COMPARED})
    found = {
        count: _kept(entries=entries, reviews=count, finalists=finalists, agreement=agreement)
        for count in counts
    }
    return Advice(
        asked=found[reviews],
        others=tuple(row for row in found.values() if row is not None),
    )


def phrase_advice(prospect: Prospect) -> str:
    """Why this way is advised, in the reader's language."""
    parted = max((way.recall for way in prospect.ways if way.parts > 1), default=0.0)
    free = max((way.recall for way in prospect.ways if way.parts == 1), default=0.0)
    texts = {
        "parts-find-more": _(
            "With {parts} parts {recall:.0%} of the truly best are expected to be chosen, and "
            "exactly as many as wanted. Nominations without parts would find {free:.0%}."
        ),
        "nominations-find-more": _(
            "With nominations {recall:.0%} of the truly best are expected to be chosen, against "
            "{parted:.0%} with parts. The number of finalists is met on average only."
        ),
        "no-room-for-parts": _(
            "There are too few entries for parts. With nominations {recall:.0%} of the truly best "
            "are expected to be chosen; the number of finalists is met on average only."
        ),
    }
    text = texts.get(
        prospect.code, _("{recall:.0%} of the truly best are expected to be chosen this way.")
    )
    advised = prospect.advised
    return text.format(parts=advised.parts, recall=advised.recall, free=free, parted=parted)


def _kept(**numbers: Any) -> Prospect | None:
    key = f"review-advice:{ENGINE_VERSION}:" + ":".join(str(value) for value in numbers.values())
    kept = cache.get(key)
    if kept is None:
        kept = (_prospect(**numbers),)
        cache.set(key, kept, KEPT_SECONDS)
    found: Prospect | None = kept[0]
    return found


def _prospect(*, entries: int, reviews: int, finalists: int, agreement: str) -> Prospect | None:
    try:
        told = recommend(
            entries=entries,
            reviews_per_entry=reviews,
            size=finalists,
            agreement=AGREEMENTS[agreement],
            seed=SEED,
        )
        by_rank, turnover = _noise(entries, reviews, finalists, AGREEMENTS[agreement])
    except (BadInput, InfeasibleAssignment):
        return None
    ways = tuple(
        Way(
            method=one.method,
            parts=one.parts,
            recall=one.expected.recall,
            exact=one.parts > 1,
        )
        for one in told.candidates
    )
    advised = next(way for way in ways if (way.method, way.parts) == (told.method, told.parts))
    return Prospect(
        reviews=reviews,
        ways=ways,
        advised=advised,
        code=told.code,
        by_rank=by_rank,
        turnover=turnover,
    )


def _noise(entries: int, reviews: int, finalists: int, agreement: float) -> tuple[float, float]:
    """Mean expected recall and turnover of the best by rank over simulated rounds."""
    field = min(entries, FIELD)
    top = min(field - 1, max(1, round(finalists * field / entries)))
    found = []
    for number in range(WORLDS):
        world = simulate.gaussian_world(
            field, reviews, seed=SEED + bytes([number]), noise_sd=noise_sd(agreement)
        )
        result = consensus(world.reviews, seed=SEED, draws=DRAWS, top=top)
        best = np.argsort(-world.quality)[:top]
        recall = len(np.intersect1d(result.order[:top], best)) / top
        found.append((recall, result.expected_turnover or 0.0))
    recall, turnover = np.mean(found, axis=0)
    return float(recall), float(turnover)
