"""Swaps that lift the entries whose sums fall short: a tabu search from a good start.

Glover, "Tabu search, part I", ORSA Journal on Computing 1, 1989. It proves nothing, but finds an
assignment quickly where many have nearly the same minimum, which is where programmes stall.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from concours.peerreview.assignment.bans import MUTUAL
from concours.peerreview.assignment.fair_frame import BoolArray, Frame
from concours.peerreview.jit import kernel
from concours.peerreview.keyed import IntArray, Keyed, WordArray

MOVES = 4_000
CLOSED = -(1 << 50)
HOLD = 8
FAR = 1 << 60


def lift(frame: Frame, chosen: IntArray, least: int, seed: bytes) -> IntArray:
    """Arcs of an assignment by swaps from `chosen`: its sums fall short of `least` by less.

    Its sums' shortfalls add up to the least found. Keeps reviews, loads and the ban of mutual
    pairs, but neither limits nor bans of longer cycles. O(MOVES * k * (R + nk)).
    """
    draft = _draft(frame, chosen)
    best = draft.seats.copy()
    words = Keyed(seed, "assign/fairest-swaps").words(MOVES)
    _tabu(draft, least, best, words)
    return _arcs(frame, best)


def polish(frame: Frame, chosen: IntArray, least: int) -> IntArray:
    """Arcs by swaps and replacements from `chosen`, each of which raises the total.

    Every sum stays at `least` or more, and what `lift` keeps is kept. O((nk)**2) a round.
    """
    draft = _draft(frame, chosen)
    _raise_total(draft, least)
    return _arcs(frame, draft.seats)


class Draft(NamedTuple):
    """An assignment that changes.

    Attributes:
        worth: (R, n), CLOSED where reviewer and entry do not meet.
        low, high: (R,) bounds of the loads.
        owner: (R,) entry of each reviewer; -1 = independent, all of them where mutual pairs may be.
        seats: (n, k) reviewers.
        load: (R,); sums: (n,); sits: (R, n) who reviews what.
        team: (n, n) how many reviewers of the first entry's team review the second.
    """

    worth: IntArray
    low: IntArray
    high: IntArray
    owner: IntArray
    seats: IntArray
    load: IntArray
    sums: IntArray
    sits: BoolArray
    team: npt.NDArray[np.int32]


def _draft(frame: Frame, chosen: IntArray) -> Draft:
    arcs, n = frame.arcs, frame.n
    worth = np.full((len(frame.low), n), CLOSED, dtype=np.int64)
    worth[arcs.reviewer, arcs.entry] = arcs.worth
    order = chosen[np.argsort(arcs.entry[chosen], kind="stable")]
    reviewer, entry = arcs.reviewer[order], arcs.entry[order]
    sits = np.zeros(worth.shape, dtype=np.bool_)
    sits[reviewer, entry] = True
    owner = frame.problem.reviewer_entry.copy()
    if frame.problem.longest_banned_cycle < MUTUAL:
        owner[:] = -1
    owned = owner[reviewer] >= 0
    team = np.zeros((n, n) if owned.any() else (1, 1), dtype=np.int32)
    np.add.at(team, (owner[reviewer[owned]], entry[owned]), 1)
    return Draft(
        worth=worth,
        low=frame.low,
        high=frame.high,
        owner=owner,
        seats=reviewer.reshape(n, frame.need).copy(),
        load=np.bincount(reviewer, minlength=len(frame.low)).astype(np.int64),
        sums=frame.sums(chosen),
        sits=sits,
        team=team,
    )


def _arcs(frame: Frame, seats: IntArray) -> IntArray:
    keys = seats.ravel() * frame.n + np.repeat(np.arange(frame.n), frame.need)
    known = frame.arcs.keys(frame.n)
    rank = np.argsort(known, kind="stable")
    return np.sort(rank[np.searchsorted(known[rank], keys)])


@kernel
def _opposed(draft: Draft, r: int, e: int) -> bool:
    """Whether a reviewer of e's team reviews the entry of r."""
    own = draft.owner[r]
    return bool(own >= 0 and draft.team[e, own] > 0)


@kernel
def _move(draft: Draft, r: int, source: int, goal: int) -> None:
    """Reviewer r from one entry to another, -1 = none; seats are the caller's."""
    own = draft.owner[r]
    if source >= 0:
        draft.sits[r, source] = False
        draft.sums[source] -= draft.worth[r, source]
        if own >= 0:
            draft.team[own, source] -= 1
    else:
        draft.load[r] += 1
    if goal >= 0:
        draft.sits[r, goal] = True
        draft.sums[goal] += draft.worth[r, goal]
        if own >= 0:
            draft.team[own, goal] += 1
    else:
        draft.load[r] -= 1


@kernel
def _exchange(draft: Draft, e: int, i: int, f: int, j: int, b: int) -> None:
    """Reviewer b comes to seat i of e; who sat there goes to seat j of f, or home where f = -1."""
    a = draft.seats[e, i]
    _move(draft, a, e, f)
    _move(draft, b, f, e)
    if f >= 0:
        draft.seats[f, j] = a
    draft.seats[e, i] = b


@kernel
def _tabu(draft: Draft, least: int, best: IntArray, words: WordArray) -> int:
    """Move the draft, keep the best seats in `best`; the shortfall of the best."""
    until = np.zeros(draft.worth.shape, dtype=np.int32)
    short = 0
    for e in range(len(draft.sums)):
        short += max(least - draft.sums[e], 0)
    fewest = short
    for move in range(len(words)):
        if fewest == 0:
            break
        e = _worst(draft.sums, least, words[move])
        change, i, f, j, b = _best_move(draft, least, until, move, e, fewest - short)
        if i < 0:
            break
        hold = move + HOLD + np.int64(words[move] % np.uint64(HOLD))
        until[draft.seats[e, i], e] = hold
        if f >= 0:
            until[b, f] = hold
        _exchange(draft, e, i, f, j, b)
        short += change
        if short < fewest:
            fewest = short
            best[:] = draft.seats
    return fewest


@kernel
def _worst(sums: IntArray, least: int, word: np.uint64) -> int:
    """Of four entries that fall short, by the word, the one that falls short most."""
    count = 0
    for e in range(len(sums)):
        count += sums[e] < least
    worst = -1
    for part in range(4):
        wanted = np.int64((word >> np.uint64(16 * part)) % np.uint64(max(count, 1)))
        seen = 0
        for e in range(len(sums)):
            if sums[e] < least:
                if seen == wanted and (worst < 0 or sums[e] < sums[worst]):
                    worst = e
                seen += 1
    return worst


@kernel
def _best_move(
    draft: Draft, least: int, until: npt.NDArray[np.int32], move: int, e: int, aspiration: int
) -> tuple[int, int, int, int, int]:
    """(change of shortfall, seat of e, other entry or -1, its seat, reviewer who comes)."""
    worth, sums, sits, load = draft.worth, draft.sums, draft.sits, draft.load
    n, k = draft.seats.shape
    found = (FAR, -1, -1, -1, -1)
    now = max(least - sums[e], 0)
    for i in range(k):
        a = draft.seats[e, i]
        base = sums[e] - worth[a, e]
        for b in range(len(load)):
            free = load[a] > draft.low[a] and load[b] < draft.high[b] and not sits[b, e]
            if free and worth[b, e] > CLOSED and not _opposed(draft, b, e):
                change = max(least - base - worth[b, e], 0) - now
                allowed = until[b, e] <= move or change < aspiration
                if allowed and change < found[0]:
                    found = (change, i, -1, -1, b)
        for f in range(n):
            if f == e or sits[a, f] or worth[a, f] <= CLOSED or _opposed(draft, a, f):
                continue
            then = max(least - sums[f], 0)
            for j in range(k):
                b = draft.seats[f, j]
                if sits[b, e] or worth[b, e] <= CLOSED or _opposed(draft, b, e):
                    continue
                change = max(least - base - worth[b, e], 0) - now
                change += max(least - sums[f] + worth[b, f] - worth[a, f], 0) - then
                allowed = (until[b, e] <= move and until[a, f] <= move) or change < aspiration
                if allowed and change < found[0]:
                    found = (change, i, f, j, b)
    return found


@kernel
def _raise_total(draft: Draft, least: int) -> int:
    """Change the draft while that raises the total; how many changes."""
    n, k = draft.seats.shape
    changes = -1
    moved = 1
    while moved > 0:
        changes += moved
        moved = 0
        for e in range(n):
            for i in range(k):
                f, j, b = _gain(draft, least, e, i)
                if b >= 0:
                    _exchange(draft, e, i, f, j, b)
                    moved += 1
    return changes


@kernel
def _gain(draft: Draft, least: int, e: int, i: int) -> tuple[int, int, int]:
    """(other entry or -1, its seat, reviewer who comes or -1): the change of greatest gain."""
    worth, sums, sits, load = draft.worth, draft.sums, draft.sits, draft.load
    n, k = draft.seats.shape
    a = draft.seats[e, i]
    found = (-1, -1, -1)
    most = 0
    for b in range(len(load)):
        gain = worth[b, e] - worth[a, e]
        free = load[a] > draft.low[a] and load[b] < draft.high[b] and not sits[b, e]
        if free and gain > most and sums[e] + gain >= least and not _opposed(draft, b, e):
            most = gain
            found = (-1, -1, b)
    for f in range(n):
        if f == e or sits[a, f] or worth[a, f] <= CLOSED or _opposed(draft, a, f):
            continue
        for j in range(k):
            b = draft.seats[f, j]
            if sits[b, e] or worth[b, e] <= CLOSED or _opposed(draft, b, e):
                continue
            mine = worth[b, e] - worth[a, e]
            theirs = worth[a, f] - worth[b, f]
            kept = sums[e] + mine >= least and sums[f] + theirs >= least
            if kept and mine + theirs > most:
                most = mine + theirs
                found = (f, j, b)
    return found
