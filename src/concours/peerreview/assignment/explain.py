"""Why an assignment cannot be: which constraint to loosen, and to what."""

from __future__ import annotations

import numpy as np

from concours.peerreview.assignment.eligibility import Eligibility, load_bounds
from concours.peerreview.assignment.exact import Programme, loads_that_fit
from concours.peerreview.errors import InfeasibleAssignment


def refuse_the_impossible(eligibility: Eligibility) -> None:
    """Raise InfeasibleAssignment where counting alone proves that there is no assignment."""
    _entries_starve(eligibility)
    _reviewers_starve(eligibility)
    _totals(eligibility)
    _mutual_bound(eligibility)


def _entries_starve(eligibility: Eligibility) -> None:
    k = eligibility.problem.reviews_per_entry
    short = eligibility.reviewer_counts_at_most(k - 1)
    if short:
        entry = min(short, key=lambda e: (short[e], e))
        have = short[entry]
        also = f" ({len(short)} entries are short)" if len(short) > 1 else ""
        remedy = (
            f"lower reviews per entry to {have} or remove conflicts"
            if have
            else ("remove conflicts or add independent reviewers")
        )
        raise InfeasibleAssignment(
            "entry-eligible",
            f"entry {entry} has {have} eligible reviewers and needs {k}{also}: {remedy}",
            entry=entry,
            eligible=have,
            needed=k,
            short=len(short),
        )


def _reviewers_starve(eligibility: Eligibility) -> None:
    low, _ = load_bounds(eligibility.problem, eligibility.part)
    counts = eligibility.entry_counts_at_most(int(low.max()) - 1)
    short = {r: c for r, c in counts.items() if c < low[r]}
    if short:
        reviewer = min(short, key=lambda r: (short[r] - int(low[r]), r))
        have, need = short[reviewer], int(low[reviewer])
        raise InfeasibleAssignment(
            "reviewer-eligible",
            f"reviewer {reviewer} may review {have} entries and must review {need}: "
            f"lower the least load to {have} or remove conflicts",
            reviewer=reviewer,
            eligible=have,
            needed=need,
        )


def _totals(eligibility: Eligibility) -> None:
    problem = eligibility.problem
    low, high = load_bounds(problem, eligibility.part)
    for reviewer, count in eligibility.entry_counts_at_most(int(high.max())).items():
        high[reviewer] = min(high[reviewer], count)
    least, most, total = int(low.sum()), int(high.sum()), problem.n_pairs
    if total > most:
        raise InfeasibleAssignment(
            "load-total",
            f"reviewers can do {most} reviews and {total} are needed: raise the highest load, "
            f"lower reviews per entry to {most // problem.n_entries} or add reviewers",
            available=most,
            needed=total,
        )
    if total < least:
        raise InfeasibleAssignment(
            "load-total",
            f"reviewers must do {least} reviews and only {total} are needed: lower the least "
            f"load or raise reviews per entry to {-(-least // problem.n_entries)}",
            available=least,
            needed=total,
        )


def _mutual_bound(eligibility: Eligibility) -> None:
    """Between two entries reviews run one way: at most max(R_A, R_B) for each two entries."""
    problem = eligibility.problem
    if problem.allow_mutual:
        return
    _, high = load_bounds(problem, eligibility.part)
    owned = problem.reviewer_entry[problem.reviewer_entry >= 0]
    staff = np.bincount(owned, minlength=problem.n_entries)
    most = _one_way(staff)
    if problem.parts > 1:
        most -= sum(_one_way(staff[eligibility.part == p]) for p in range(problem.parts))
    independent = int(high[problem.reviewer_entry < 0].sum())
    if problem.n_pairs > most + independent:
        k = (most + independent) // problem.n_entries
        fewer = ", use fewer parts" if problem.parts > 1 else ""
        raise InfeasibleAssignment(
            "mutual",
            f"without mutual pairs {problem.n_entries} entries can get {k} reviews each, not "
            f"{problem.reviews_per_entry}: lower reviews per entry to {k}{fewer}, allow mutual "
            "pairs or add independent reviewers",
            possible=k,
            needed=problem.reviews_per_entry,
        )


def _one_way(staff: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> int:
    return int(np.sort(staff) @ np.arange(len(staff)))


def not_found(
    eligibility: Eligibility, lp: Programme | None, *, proven: bool
) -> InfeasibleAssignment:
    """The refusal after swaps and the integer programme found nothing."""
    if lp is None or not proven:
        return InfeasibleAssignment(
            "not-found",
            "no assignment was found, nor was it proven that there is none: allow a wider range "
            "of loads, fewer reviews per entry or fewer conflicts",
        )
    widen = loads_that_fit(eligibility, lp)
    if widen is None:
        return InfeasibleAssignment(
            "jointly",
            "conflicts leave several entries too few reviewers together, whatever the loads: "
            "lower reviews per entry or remove conflicts",
        )
    if widen:
        low, high = load_bounds(eligibility.problem, eligibility.part)
        least, most = max(int(low.min()) - widen, 0), int(high.max()) + widen
        return InfeasibleAssignment(
            "loads",
            f"conflicts leave no way within the loads: allow loads from {least} to {most}",
            widen=widen,
            load_min=least,
            load_max=most,
        )
    return InfeasibleAssignment(
        "mutual",
        "there is no assignment without mutual pairs, but one with them: allow mutual "
        "pairs, lower reviews per entry or widen the loads",
        needed=eligibility.problem.reviews_per_entry,
    )
