"""How well the standings found the hidden truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import scipy


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Rank correlations with the hidden qualities (-1..1), and the finalists' recall.

    `recall`: the share of the truly best m entries among the m finalists. `covered`: the share of
    entries whose true rank lies within their interval.
    """

    entries: int
    spearman: float
    kendall: float
    finalists: int
    recall: float
    covered: float


def compare(*, quality: Mapping[int, float], results: Mapping[int, Any]) -> Finding:
    """Hold `results` (entry id -> PeerResult) against `quality` (entry id -> hidden quality)."""
    ids = sorted(results)
    truth = [quality[entry] for entry in ids]
    found = [-results[entry].rank for entry in ids]
    best_first = sorted(ids, key=lambda entry: -quality[entry])
    true_rank = {entry: place for place, entry in enumerate(best_first, start=1)}
    finalists = {entry for entry in ids if results[entry].finalist}
    within = [
        results[entry].rank_low <= true_rank[entry] <= results[entry].rank_high for entry in ids
    ]
    return Finding(
        entries=len(ids),
        spearman=float(scipy.stats.spearmanr(truth, found).statistic),
        kendall=float(scipy.stats.kendalltau(truth, found).statistic),
        finalists=len(finalists),
        recall=len(finalists & set(best_first[: len(finalists)])) / max(1, len(finalists)),
        covered=sum(within) / max(1, len(within)),
    )
