"""What a study says to choose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from concours.peerreview.errors import BadInput
from concours.peerreview.simulation.tables import TOP, Study, StudyRow

NOT_IMPARTIAL = frozenset({TOP, "borda"})


@dataclass(frozen=True, kw_only=True)
class Recommendation:
    """A design and a method, with the reason.

    Attributes:
        reviews_per_entry, parts, assignment, consensus, selection: the choice.
        recall, recall_se: its mean recall over the study's worlds and crowds.
        best_recall: the highest of any choice that was open.
        next_recall: recall of the best choice with fewer reviews, NaN where there is none.
        code: "fewest-within-margin" (fewer reviews would lose more than the margin), "fewest" (the
            fewest that were studied suffice) or "best" (only the most suffice).
        message: the reason as a sentence.
    """

    reviews_per_entry: int
    parts: int
    assignment: str
    consensus: str
    selection: str
    recall: float
    recall_se: float
    best_recall: float
    next_recall: float
    code: str
    message: str


_Choice = tuple[int, int, str, str, str]


def recommend(
    study: Study,
    *,
    impartial: bool = True,
    margin: float = 0.02,
    max_reviews: int | None = None,
) -> Recommendation:
    """The fewest reviews an entry whose best method is within `margin` of the best recall.

    Means are over all worlds and crowds of the study. With `impartial` only methods by which nobody
    can help themselves are open. Equal recalls go to fewer parts. `max_reviews` is the most reviews
    an entry can get. Raises BadInput where nothing is open.
    """
    if not 0 <= margin < 1:
        raise BadInput(f"margin: 0 to below 1 expected, got {margin}")
    open_rows = [
        row
        for row in study.rows
        if not (impartial and row.selection in NOT_IMPARTIAL)
        and (max_reviews is None or row.reviews_per_entry <= max_reviews)
    ]
    means = _means(open_rows)
    if not means:
        raise BadInput("recommend: the study has no design and method that is open")
    best = max(recall for recall, _ in means.values())
    good = {c: v for c, v in means.items() if v[0] >= best - margin}
    fewest = min(c[0] for c in good)
    choice = min((c for c in good if c[0] == fewest), key=lambda c: (-good[c][0], c[1], c))
    fewer = [recall for c, (recall, _) in means.items() if c[0] < fewest]
    return _said(study, choice, means[choice], best, max(fewer, default=float("nan")), means)


def _means(rows: Iterable[StudyRow]) -> dict[_Choice, tuple[float, float]]:
    found: dict[_Choice, list[StudyRow]] = defaultdict(list)
    for row in rows:
        choice = (row.reviews_per_entry, row.parts, row.assignment, row.consensus, row.selection)
        found[choice].append(row)
    most = max((len(rows) for rows in found.values()), default=0)
    return {
        choice: (
            float(np.mean([row.recall for row in rows])),
            float(np.sqrt(np.sum([row.recall_se**2 for row in rows])) / len(rows)),
        )
        for choice, rows in found.items()
        if len(rows) == most
    }


def _said(
    study: Study,
    choice: _Choice,
    found: tuple[float, float],
    best: float,
    fewer: float,
    means: dict[_Choice, tuple[float, float]],
) -> Recommendation:
    k, parts, assignment, consensus, selection = choice
    recall, error = found
    lowest, highest = min(c[0] for c in means), max(c[0] for c in means)
    if k == lowest:
        code, why = "fewest", f"{k} reviews are the fewest studied, and more add little"
    elif k == highest:
        code, why = "best", f"with fewer reviews recall falls to {fewer:.2f}"
    else:
        code = "fewest-within-margin"
        why = f"fewer reviews fall to {fewer:.2f}, more reach {best:.2f} at best"
    method = f"the first by {consensus}" if selection == TOP else selection
    dealt = "one part" if parts == 1 else f"{parts} parts"
    return Recommendation(
        reviews_per_entry=k,
        parts=parts,
        assignment=assignment,
        consensus=consensus,
        selection=selection,
        recall=recall,
        recall_se=error,
        best_recall=best,
        next_recall=fewer,
        code=code,
        message=(
            f"{k} reviews an entry in {dealt}, selection: {method}. It finds {recall:.0%} of the "
            f"best {study.size} of {study.entries} (standard error {error:.1%}); {why}."
        ),
    )
