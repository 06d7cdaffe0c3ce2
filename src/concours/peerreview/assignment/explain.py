"""Why an assignment cannot be: which constraint to loosen, and to what."""

from __future__ import annotations

import numpy as np

from concours.peerreview.assignment.eligibility import Eligibility, load_bounds
from concours.peerreview.errors import InfeasibleAssignment
from concours.peerreview.keyed import IntArray


def refuse_the_impossible(eligibility: Eligibility) -> None:
    """Raise InfeasibleAssignment where counting alone proves that there is no assignment."""
    _entries_starve(eligibility)
    _reviewers_starve(eligibility)
    _totals(eligibility)
    _mutual_bound(eligibility)
    _crowded_out(eligibility)
    _cycle_bound(eligibility)
    _clique_bound(eligibility)


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


def _one_way(staff: IntArray) -> int:
    return int(np.sort(staff) @ np.arange(len(staff)))


def _cycle_bound(eligibility: Eligibility) -> None:
    """Where each of n entries reviews d others or is reviewed by d, a cycle of ceil(n / d) exists.

    Caccetta and Haeggkvist's conjecture (1978), proven for d <= 5 (Hoang and Reed, Discrete
    Mathematics 66, 1987) and for n >= 2 d d - 3 d + 1 (Shen, Discrete Mathematics 211, 2000); no
    other d refuses anything here. For one reviewer an entry n > z k is also enough, on a ring.
    """
    problem = eligibility.problem
    n, longest = problem.n_entries, problem.longest_banned_cycle
    if longest < 2:
        return
    degree = -(-n // longest)
    proven = degree <= 5 or n >= 2 * degree * degree - 3 * degree + 1
    if not proven or max(least_degrees(eligibility)) < degree:
        return
    fewer = (n - 1) // longest
    shorter = (n - 1) // max(least_degrees(eligibility))
    ban = f"ban cycles of up to {shorter} only" if shorter > 1 else "allow mutual pairs"
    raise InfeasibleAssignment(
        "cycles",
        f"among {n} entries that all review or are reviewed by {max(least_degrees(eligibility))} "
        f"others there is a cycle of {longest} or fewer: {ban}, or let each have to do with "
        f"{fewer} others",
        possible=fewer,
        longest=shorter,
        needed=problem.reviews_per_entry,
    )


def _clique_bound(eligibility: Eligibility) -> None:
    """Turan's theorem: so many pairs of entries may be joined without a clique."""
    problem = eligibility.problem
    n, size = problem.n_entries, problem.cliques_of
    if not size:
        return
    ends = n * max(least_degrees(eligibility))
    joined = -(-ends // 2) if problem.allow_mutual else ends
    if joined <= turan(n, size - 1):
        return
    wider = next((c for c in range(size + 1, n + 1) if joined <= turan(n, c - 1)), 0)
    raise InfeasibleAssignment(
        "cliques",
        f"{n} entries with {joined} reviewing pairs among them hold a clique of {size}: "
        + (f"ban cliques of {wider} only, " if wider else "drop the ban, ")
        + "or lower reviews per entry",
        clique=wider,
        needed=problem.reviews_per_entry,
    )


def turan(n: int, parts: int) -> int:
    """Most edges among n nodes without a clique of parts + 1."""
    size, larger = divmod(n, parts)
    inside = larger * (size + 1) ** 2 + (parts - larger) * size**2
    return (n * n - inside) // 2


def least_degrees(eligibility: Eligibility) -> tuple[int, int]:
    """(least number of others that an entry's team reviews, and whose teams review it)."""
    problem = eligibility.problem
    low, _ = load_bounds(problem, eligibility.part)
    owned = problem.reviewer_entry >= 0
    given = np.zeros(problem.n_entries, dtype=np.int64)
    np.maximum.at(given, problem.reviewer_entry[owned], low[owned])
    team = np.bincount(problem.reviewer_entry[owned], minlength=1).max()
    most = int(team) if problem.max_per_team is None else min(int(team), problem.max_per_team)
    received = problem.reviews_per_entry - int(np.sum(~owned))
    return int(given.min()), max(-(-received // max(most, 1)), 0)


def _crowded_out(eligibility: Eligibility) -> None:
    """Entries with too few eligible reviewers under the limits of teams and groups."""
    problem = eligibility.problem
    if problem.max_per_team is not None:
        _limit_starves(eligibility, "team", problem.reviewer_entry, problem.max_per_team)
    if problem.max_per_group is not None and problem.reviewer_groups is not None:
        for group in problem.reviewer_groups.T:
            _limit_starves(eligibility, "group", group, problem.max_per_group)


def _limit_starves(eligibility: Eligibility, what: str, label: IntArray, most: int) -> None:
    k = eligibility.problem.reviews_per_entry
    room = within_limit(label, most) - eligibility.blocked_reviewers()
    short = {}
    for e in eligibility.suspects(room, k - 1, eligibility.problem.n_reviewers):
        mine = label[eligibility.reviewers_of(int(e))]
        if within_limit(mine, most) < k:
            short[int(e)] = mine
    if not short:
        return
    enough = {e: _least_limit(mine, k) for e, mine in short.items()}
    entry = max(enough, key=lambda e: (enough[e], -e))
    have = within_limit(short[entry], most)
    raise InfeasibleAssignment(
        f"{what}-limit",
        f"entry {entry} can have {have} reviewers with at most {most} of a {what} and needs {k}: "
        f"raise max_per_{what} to {enough[entry]} or lower reviews per entry to {have}",
        entry=entry,
        eligible=have,
        needed=k,
        limit=enough[entry],
    )


def within_limit(label: IntArray, most: int) -> int:
    """How many of these reviewers can be taken with at most so many of one label; -1 = free."""
    count = np.unique(label[label >= 0], return_counts=True)[1]
    return int(np.minimum(count, most).sum()) + int(np.sum(label < 0))


def _least_limit(label: IntArray, needed: int) -> int:
    return next(most for most in range(1, needed + 1) if within_limit(label, most) >= needed)
