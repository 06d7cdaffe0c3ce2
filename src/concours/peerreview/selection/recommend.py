"""Which method, and how many parts: the candidates are simulated, the better one is named.

Recall of the truly best with normal qualities and errors, two reviewers agreeing on 2 of 3 pairs
(errors as large as quality) or on 4 of 5; standard errors .002 to .005:

========  =======  ======  =====  ======= ======= ======= ==============
entries   reviews  wanted  agree  2 parts 4 parts 8 parts PeerNomination
========  =======  ======  =====  ======= ======= ======= ==============
40        5        10      2/3    .704    .674    .628    .672
40        5        10      4/5    .786    .748    .690    .766
40        8        10      2/3    .763    .729    .675    .749
40        8        10      4/5    .833    .789    .724    .845
120       5        30      2/3    .707    .701    .687    .676
120       5        30      4/5    .798    .785    .765    .765
120       8        30      2/3    .779    .765    .745    .753
120       8        30      4/5    .858    .840    .810    .844
120       8        12      2/3    .675    .650    .594    .634
120       8        12      4/5    .774    .734    .659    .755
120       15       30      2/3    .842    .824    .794    .832
120       15       30      4/5    .898    .876    .839    .902
1,000     5        100     2/3    .589    .580    .579    .541
1,000     5        100     4/5    .692    .685    .676    .611
1,000     8        250     2/3    .785    .785    .780    .749
1,000     8        250     4/5    .864    .862    .856    .835
========  =======  ======  =====  ======= ======= ======= ==============

So two parts are best where the assignment has room for them, and more cost most in small fields.
PeerNomination finds more than Exact Dollar Partition where reviewers agree and lists are long for
the field (8 of 40, 15 of 120), less with few reviews or little agreement; its size is not exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from concours.peerreview.assignment import AssignmentProblem, assign
from concours.peerreview.errors import BadInput, InfeasibleAssignment
from concours.peerreview.reviews import ReviewSet
from concours.peerreview.selection.inputs import check_agreement, check_size
from concours.peerreview.selection.recall import ExpectedRecall, expected_recall

FIELD = 2_000  # larger fields are simulated at this size; recall hardly depends on it from there
TRIED = (2, 3, 4)  # numbers of parts
MARGIN = 2.0  # standard errors by which more parts, or an inexact size, must win


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A method with parts (1 = none) and the recall to expect of it."""

    method: str
    parts: int
    expected: ExpectedRecall


@dataclass(frozen=True, kw_only=True)
class Recommendation:
    """A method, the parts to deal entries to (1 = none), and why.

    Attributes:
        method: name in SELECTORS.
        parts: number of parts, 1 where the method needs none.
        code: "exact-size" (only methods of exact size were asked for), "parts-find-more",
            "nominations-find-more", or "no-room-for-parts" (too few entries for parts and for so
            many reviews; the size is met in expectation only).
        sentence: the reason in English.
        expected: what to expect of it.
        candidates: all that were tried, best recall first.
    """

    method: str
    parts: int
    code: str
    sentence: str
    expected: ExpectedRecall
    candidates: tuple[Candidate, ...]


def recommend(
    *,
    entries: int,
    reviews_per_entry: int,
    size: int,
    exact_size: bool = False,
    agreement: float = 2 / 3,
    allow_mutual: bool = False,
    worlds: int = 200,
    seed: bytes = b"recommend",
) -> Recommendation:
    """The impartial method with the highest expected recall, and its number of parts.

    For `entries` with one reviewer each, `reviews_per_entry` reviews and `size` to be selected.
    `exact_size` leaves out methods whose size is met in expectation only. `agreement`, above 1/2 ..
    1, is the chance that two reviewers order two entries alike (`agreement_of` an earlier season;
    2/3 is errors as large as quality). More parts must win by two standard errors, and so must
    PeerNomination, whose size is inexact. About a second. Raises BadInput, also where an exact
    size is asked for and there is no room for parts.
    """
    _check(entries, reviews_per_entry, size, agreement, worlds)
    tried = _candidates(
        entries, reviews_per_entry, size, agreement, allow_mutual=allow_mutual, worlds=worlds,
        seed=seed, nominate=not exact_size,
    )  # fmt: skip
    by_parts = [found for found in tried if found.parts > 1]
    if exact_size and not by_parts:
        raise BadInput(
            f"no room for parts: {entries} entries of which each reviews {reviews_per_entry} "
            "outside its part; ask for fewer reviews, or do without an exact size"
        )
    best, code = _choice(tried, by_parts, exact_size=exact_size)
    return Recommendation(
        method=best.method,
        parts=best.parts,
        code=code,
        sentence=_sentence(code, best, tried),
        expected=best.expected,
        candidates=tuple(sorted(tried, key=lambda found: -found.expected.recall)),
    )


def _check(entries: int, reviews: int, size: int, agreement: float, worlds: int) -> None:
    if entries < 2:
        raise BadInput(f"entries: at least 2 expected, got {entries}")
    check_size(size, entries)
    check_agreement(agreement)
    if not 1 <= reviews < entries:
        raise BadInput(f"reviews_per_entry: 1 to {entries - 1} expected, got {reviews}")
    if worlds < 2:
        raise BadInput(f"worlds: at least 2 expected, got {worlds}")


def _candidates(
    entries: int,
    reviews: int,
    size: int,
    agreement: float,
    *,
    allow_mutual: bool,
    worlds: int,
    seed: bytes,
    nominate: bool,
) -> list[Candidate]:
    field = min(entries, FIELD)
    wanted = max(round(size * field / entries), 1)
    found = []
    plans = [("exact-dollar-partition", parts) for parts in TRIED]
    if nominate:
        plans.append(("peer-nomination", 1))
    for method, parts in plans:
        graph = _graph(field, reviews, parts, allow_mutual=allow_mutual, seed=seed)
        if graph is None:
            continue
        given, part = graph
        try:
            expected = expected_recall(
                given, size=wanted, part=part, reviewer_entry=np.arange(field), seed=seed,
                method=method, agreement=agreement, worlds=worlds,
            )  # fmt: skip
        except BadInput:  # parts too uneven for so large a size
            continue
        found.append(Candidate(method=method, parts=parts, expected=expected))
    return found


def _graph(
    entries: int, reviews: int, parts: int, *, allow_mutual: bool, seed: bytes
) -> tuple[ReviewSet, np.ndarray] | None:
    """(reviews without scores, parts) of a drawn assignment, None where there is none."""
    try:
        drawn = assign(
            AssignmentProblem(
                n_entries=entries,
                reviewer_entry=np.arange(entries),
                reviews_per_entry=reviews,
                parts=parts,
                allow_mutual=allow_mutual,
            ),
            seed=seed,
        )
    except (BadInput, InfeasibleAssignment):
        return None
    given = ReviewSet(
        n_entries=entries,
        n_reviewers=entries,
        reviewer=drawn.pairs[:, 0],
        entry=drawn.pairs[:, 1],
        score=np.zeros(len(drawn.pairs)),
    )
    return given, drawn.part


def _choice(
    tried: list[Candidate], by_parts: list[Candidate], *, exact_size: bool
) -> tuple[Candidate, str]:
    if not by_parts:
        if not tried:
            raise BadInput("no assignment was found: ask for fewer reviews, or allow mutual ones")
        return tried[0], "no-room-for-parts"
    top = max(by_parts, key=lambda found: found.expected.recall).expected
    near = [f for f in by_parts if f.expected.recall >= top.recall - MARGIN * top.error]
    exact = min(near, key=lambda found: found.parts)
    if exact_size:
        return exact, "exact-size"
    free = [found for found in tried if found.parts == 1]
    if free:
        error = float(np.hypot(free[0].expected.error, exact.expected.error))
        if free[0].expected.recall > exact.expected.recall + MARGIN * error:
            return free[0], "nominations-find-more"
    return exact, "parts-find-more"


def _sentence(code: str, best: Candidate, tried: list[Candidate]) -> str:
    recall = f"{best.expected.recall:.0%} of the truly best are expected to be selected"
    others = [found for found in tried if (found.parts == 1) != (best.parts == 1)]
    rival = max((found.expected.recall for found in others), default=0.0)
    return {
        "exact-size": f"With {best.parts} parts {recall}, and exactly as many as wanted.",
        "parts-find-more": f"With {best.parts} parts {recall}, and exactly as many as wanted; "
        f"nominations without parts would find {rival:.0%}.",
        "nominations-find-more": f"With nominations {recall}, against {rival:.0%} with parts; the "
        "number selected is met on average only.",
        "no-room-for-parts": f"There are too few entries for parts; with nominations {recall}, and "
        "the number selected is met on average only.",
    }[code]
