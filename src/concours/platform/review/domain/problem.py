"""The assignment as the engine is given it, from facts gathered now or stored then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from concours.peerreview import AssignmentProblem, Similarity
from concours.peerreview.assignment.texts import text_similarity
from concours.platform.review.domain.conflicts import ConflictGroup, group_columns
from concours.platform.review.methods import BY_TEXTS, CAPPED, IN_PARTS, MOST_PROBABLE, Methods

PARTS = 4
"""Parts of partition mode. Four leave three quarters of all pairs open and each part a quarter of
the seats; fewer would leave fewer pairs, more would round more of the seats by lot."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """`entry_ids` in the order of the engine's arrays; each entry has one reviewer of its own.

    `texts` are what entries say of themselves, in the same order, where the method compares them;
    `cap` the largest chance of a pair where the method draws pairs.
    """

    entry_ids: tuple[int, ...]
    groups: tuple[ConflictGroup, ...]
    reviews_per_entry: int
    methods: Methods = field(default_factory=Methods)
    texts: tuple[str, ...] = ()
    cap: float = MOST_PROBABLE


def parts_wanted(facts: Facts) -> int:
    """The parts that the methods ask for: 1 for a selection that needs none."""
    if facts.methods.parts:
        return min(facts.methods.parts, len(facts.entry_ids))
    if facts.methods.selection not in IN_PARTS:
        return 1
    return parts_for(entries=len(facts.entry_ids), reviews=facts.reviews_per_entry)


def parts_for(*, entries: int, reviews: int) -> int:
    """4 parts where reviews across parts can be had with room to spare, else 1.

    Between entries of different parts there are 3/8 n**2 pairs, each reviewed one way, and n k
    are needed: n >= 8k/3. From 4k on a third of them may be lost to conflicts.
    """
    return PARTS if entries >= max(16, 4 * reviews) else 1


def problem_of(facts: Facts, *, parts: int) -> AssignmentProblem:
    """The engine's problem: reviewer i is the one of entry i."""
    count = len(facts.entry_ids)
    index = {entry: place for place, entry in enumerate(facts.entry_ids)}
    columns = group_columns(_ordered(facts.groups), index=index)
    return AssignmentProblem(
        n_entries=count,
        reviewer_entry=np.arange(count, dtype=np.int64),
        reviews_per_entry=facts.reviews_per_entry,
        reviewer_groups=columns,
        entry_groups=columns,
        parts=parts,
        cycles_up_to=facts.methods.cycles_up_to,
        similarity=_similarity(facts),
        max_probability=facts.cap if facts.methods.assignment in CAPPED else 1.0,
    )


def _similarity(facts: Facts) -> Similarity | None:
    if facts.methods.assignment not in BY_TEXTS:
        return None
    return text_similarity(facts.texts)


def _ordered(groups: Sequence[ConflictGroup]) -> list[ConflictGroup]:
    """Groups by their entries alone, so that keys of rows decide nothing."""
    return sorted(groups, key=lambda group: group.entry_ids)
