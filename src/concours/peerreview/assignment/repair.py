"""Mending a random design by swaps, which leave every load as it is.

A swap turns (r, e), (s, f) into (r, f), (s, e). Made only where both new pairs break nothing, it
leaves fewer broken pairs; where none is found a random swap shakes the draft, a few hundred times
at most. See Bollobas, "Random graphs", 2001, on switchings.
"""

from __future__ import annotations

import numpy as np

from concours.peerreview.assignment.design import Ring, has_clique
from concours.peerreview.assignment.draft import (
    Draft,
    fits,
    make_draft,
    put_in,
    reviews,
    take_out,
)
from concours.peerreview.assignment.eligibility import Eligibility
from concours.peerreview.assignment.keyed_pairs import pair_word
from concours.peerreview.assignment.rules import (
    BoolArray,
    Numbers,
    inverse,
    make_rules,
    mark_allowed,
    may_meet,
)
from concours.peerreview.jit import kernel
from concours.peerreview.keyed import IntArray, Keyed, WordArray

ROUNDS = 400
RANDOM_TRIES = 96
SCANNED = 20_000
"""Slots looked at in a row for a swap that random tries did not find."""
PROPOSALS = 20
"""Swaps looked at in all, for each slot, before the search gives up; and 200,000 more."""
SHAKES = 24


class Repair:
    """One search from one design.

    Attributes:
        mended: broken pairs that were swapped away.
    """

    def __init__(self, eligibility: Eligibility, ring: Ring, *, window: int, seed: bytes) -> None:
        problem = eligibility.problem
        rules = make_rules(
            problem,
            eligibility.part,
            eligibility.groups,
            reviewers=ring.reviewers,
            entries=ring.entries,
            window=window,
        )
        self.ring = ring
        self.draft = make_draft(problem, rules, ring.slot_reviewer, ring.slot_entry)
        self.mended = 0
        self._key = Keyed(seed, "assign/repair").words(2)
        self._budget = PROPOSALS * problem.n_pairs + 200_000

    def run(self) -> bool:
        """Whether all constraints are met in the end. O(nk) for a scan and for each shake."""
        bad, shaken = self._faults(only_static=self._holds_by_design()), False
        for turn in range(ROUNDS):
            failed, used, swaps = _mend(self.draft, bad, self._key, turn, self._budget)
            self._budget -= used
            self.mended += swaps
            if not failed and not shaken:
                return True
            if self._budget <= 0:
                return False
            if failed:
                _shake(self.draft, bad[:failed], self._key, turn)
            shaken = bool(failed)
            bad = self._faults(only_static=False)
            self._budget -= len(self.draft.entry) // 8
        return False

    def pairs(self) -> IntArray:
        """(nk, 2) pairs sorted by reviewer, then entry. O(nk)."""
        out = np.empty((len(self.draft.entry), 2), dtype=np.int64)
        places = inverse(self.ring.reviewers)
        entries = self.ring.entries.astype(np.int32)
        _write(self.draft.start, self.draft.entry, places, entries, out)
        return out

    def _holds_by_design(self) -> bool:
        """Whether only static constraints can be broken as yet."""
        draft, n = self.draft, len(self.draft.mark)
        offsets = self.ring.offsets
        if not self.ring.regular or draft.cycle > 2 or draft.per_group < draft.seats.shape[1]:
            return False
        if draft.clique and has_clique(offsets, draft.clique, n):
            return False
        return draft.cycle < 2 or not np.intersect1d(offsets, (n - offsets) % n).size

    def _faults(self, *, only_static: bool) -> IntArray:
        bad = np.empty(len(self.draft.entry), dtype=np.bool_)
        mark_allowed(*self.draft.rules, self.draft.reviewer, self.draft.entry, bad)
        np.logical_not(bad, out=bad)
        if not only_static:
            _mark_unsound(self.draft, bad)
        return np.flatnonzero(bad)


@kernel
def _mark_unsound(draft: Draft, bad: BoolArray) -> None:
    """Add the slots whose pair breaks a dynamic constraint."""
    for slot in range(len(bad)):
        if not bad[slot]:
            bad[slot] = not _sound(draft, slot)


@kernel
def _sound(draft: Draft, slot: int) -> bool:
    """Whether the pair of a slot, which may meet, breaks no dynamic constraint."""
    start, entry, seats = draft.start, draft.entry, draft.seats
    r, e = draft.reviewer[slot], entry[slot]
    take_out(entry, seats, slot, r)
    sound = not reviews(start, entry, r, e) and fits(draft, r, e)
    put_in(entry, seats, slot, r, e)
    return sound


@kernel
def _allowed(draft: Draft, r: int, e: int) -> bool:
    owner, mine, theirs, start, blocked, window = draft.rules
    return may_meet(owner, mine, theirs, start, blocked, window, r, e)


@kernel
def _mend(
    draft: Draft, bad: IntArray, key: WordArray, turn: int, budget: int
) -> tuple[int, int, int]:
    """Swap bad slots away: how many failed (the front of `bad`), swaps tried, and made."""
    failed, used, made = 0, 0, 0
    for x in range(len(bad)):
        slot = bad[x]
        if _allowed(draft, draft.reviewer[slot], draft.entry[slot]) and _sound(draft, slot):
            continue
        tried = _swap_somewhere(draft, slot, key, turn) if used < budget else 0
        used += abs(tried)
        if tried > 0:
            made += 1
        else:
            bad[failed] = slot
            failed += 1
    return failed, used, made


@kernel
def _swap_somewhere(draft: Draft, slot: int, key: WordArray, turn: int) -> int:
    """Find a clean swap: the number of tries, negative where none succeeded."""
    size = len(draft.entry)
    for attempt in range(RANDOM_TRIES):
        word = pair_word(key[0], key[1], slot, (turn << 8) | attempt)
        if _swap(draft, slot, _proposal(draft, slot, word, attempt)):
            return attempt + 1
    other = _below(pair_word(key[0], key[1], slot, (turn << 8) | 255), size)
    for step in range(min(size, SCANNED)):
        other = other + 1 if other + 1 < size else 0
        if _swap(draft, slot, other):
            return RANDOM_TRIES + step + 1
    return -RANDOM_TRIES - min(size, SCANNED)


@kernel
def _below(word: np.uint64, bound: int) -> int:
    """The upper half of a word, onto 0 .. bound - 1 (bound < 2**31)."""
    return int(np.int64(((word >> np.uint64(32)) * np.uint64(bound)) >> np.uint64(32)))


@kernel
def _proposal(draft: Draft, slot: int, word: np.uint64, attempt: int) -> int:
    """Another slot; on a ring, every second time one whose reviewer may come to this entry."""
    window, n = draft.rules.window, len(draft.mark)
    if window > 0 and attempt % 2 == 0:
        behind = 1 + _below(word << np.uint64(32), window)
        e = draft.entry[slot]
        place = e - behind if e >= behind else e - behind + n
        first = draft.staff_start[place]
        count = draft.staff_start[place + 1] - first
        if count > 0:
            r = draft.staff[first + _below(word, count)]
            load = draft.start[r + 1] - draft.start[r]
            if load > 0:
                return int(draft.start[r] + _below(word << np.uint64(16), load))
    return _below(word, len(draft.entry))


@kernel
def _swap(draft: Draft, p: int, q: int) -> bool:
    """Swap the entries of two slots where that breaks nothing."""
    if not _may_swap(draft, p, q):
        return False
    entry, seats = draft.entry, draft.seats
    r, e, s, f = draft.reviewer[p], entry[p], draft.reviewer[q], entry[q]
    take_out(entry, seats, p, r)
    take_out(entry, seats, q, s)
    if fits(draft, r, f):
        put_in(entry, seats, p, r, f)
        if fits(draft, s, e):
            put_in(entry, seats, q, s, e)
            return True
        take_out(entry, seats, p, r)
    put_in(entry, seats, p, r, e)
    put_in(entry, seats, q, s, f)
    return False


@kernel
def _may_swap(draft: Draft, p: int, q: int) -> bool:
    """Whether swapping two slots makes two new pairs that may meet."""
    owner, mine, theirs, first, blocked, window = draft.rules
    start, entry = draft.start, draft.entry
    r, e, s, f = draft.reviewer[p], entry[p], draft.reviewer[q], entry[q]
    if r == s or e == f or not may_meet(owner, mine, theirs, first, blocked, window, r, f):
        return False
    if not may_meet(owner, mine, theirs, first, blocked, window, s, e):
        return False
    return not reviews(start, entry, r, f) and not reviews(start, entry, s, e)


@kernel
def _shake(draft: Draft, failed: IntArray, key: WordArray, turn: int) -> None:
    """One swap of a failed slot that keeps only who may meet."""
    entry, seats = draft.entry, draft.seats
    p = failed[_below(pair_word(key[1], key[0], turn, 0), len(failed))]
    for attempt in range(1, SHAKES + 1):
        q = _below(pair_word(key[1], key[0], turn, attempt), len(entry))
        if _may_swap(draft, p, q):
            r, e, s, f = draft.reviewer[p], entry[p], draft.reviewer[q], entry[q]
            take_out(entry, seats, p, r)
            take_out(entry, seats, q, s)
            put_in(entry, seats, p, r, f)
            put_in(entry, seats, q, s, e)
            return


@kernel
def _write(
    start: IntArray, entry: Numbers, places: IntArray, entries: Numbers, out: IntArray
) -> None:
    """Pairs in the problem's numbers, sorted by insertion within each reviewer."""
    at = 0
    row = np.empty(np.max(np.diff(start)), dtype=np.int32)
    for r in range(len(places)):
        first = start[places[r]]
        count = start[places[r] + 1] - first
        for x in range(count):
            e = entries[entry[first + x]]
            i = x
            while i > 0 and row[i - 1] > e:
                row[i] = row[i - 1]
                i -= 1
            row[i] = e
        for x in range(count):
            out[at + x, 0] = r
            out[at + x, 1] = row[x]
        at += count
