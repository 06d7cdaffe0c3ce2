"""What is to be assigned, and what came out."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from concours.peerreview.assignment import curve
from concours.peerreview.assignment.similarity import Similarity
from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import FloatArray, IntArray, Keyed

ENGINE_VERSION = "concours.peerreview/3"
MAX_ENTRIES = 2_000_000
LONGEST_CYCLE = 8
ArrayLike = npt.ArrayLike


def integers(values: ArrayLike, name: str) -> IntArray:
    """`values` as int64; raises BadInput where a value is no whole number."""
    array = np.asarray(values)
    if array.size == 0:
        return np.zeros(array.shape, dtype=np.int64)
    if array.dtype.kind == "f" and bool(np.all(np.isfinite(array) & (array == np.trunc(array)))):
        return array.astype(np.int64)
    if array.dtype.kind not in "iu":
        raise BadInput(f"{name}: whole numbers expected, got {array.dtype}")
    return array.astype(np.int64)


def _frozen(array: IntArray) -> IntArray:
    copy = np.array(array, dtype=np.int64, order="C")
    copy.flags.writeable = False
    return copy


def _none() -> IntArray:
    return np.zeros((0, 2), dtype=np.int64)


@dataclass(frozen=True, eq=False, kw_only=True)
class AssignmentProblem:
    """Who may review whom, and how much.

    Attributes:
        n_entries: number of entries n; entries are 0 .. n - 1.
        reviewer_entry: (R,) the entry for which each reviewer owes reviews; -1 = independent.
        reviews_per_entry: k, reviews each entry gets, 1 .. R.
        conflicts: (m, 2) pairs (reviewer, entry) that must not meet; repeats are merged.
        reviewer_groups: (R, g) group of each reviewer in g groupings (organisation, school ...),
            -1 = none. A reviewer never meets an entry with which it shares a group.
        entry_groups: (n, g) likewise for entries.
        load_min, load_max: reviews a reviewer does at least and at most: a number for all, an
            array (R,), or None for the even load (floor and ceiling of the mean; with two parts,
            of the mean of the part).
        parts: with parts > 1 the entries are dealt to parts at random and nobody reviews inside
            the own part, which impartial selection needs. Independent reviewers have no part.
        allow_mutual: allow that a reviewer of A reviews B while a reviewer of B reviews A.
            Needed where n < 2k + 1 and only entries review.
        cycles_up_to: no review cycle of 2 .. cycles_up_to entries (A reviews B, B reviews C,
            C reviews A is one of 3); 2 is the ban of mutual pairs. No more than 8.
        cliques_of: no such number of entries any two of which are joined by a review, 0 = no ban,
            else at least 3.
        max_per_team: at most so many reviewers of an entry are of one entry's team, None = free.
        max_per_group: at most so many reviewers of an entry share a group, None = free.
        similarity: how well each reviewer fits each entry, None = all alike.
        max_probability: the chance of no pair exceeds this, above 0 .. 1; only methods that draw
            from a distribution ("randomised", "perturbed") can keep a cap below 1.
        perturbation: strength of method "perturbed", 0 .. 1: the share by which a pair's similarity
            counts less for the last bit of its probability, at the cap, than for the first. At 0
            the optimum is that of "randomised".
            It is rounded to a multiple of 2**-20.
        perturbation_shape: "quadratic" or "exponential"; then the strength is at most 0.9999.
    """

    n_entries: int
    reviewer_entry: IntArray
    reviews_per_entry: int
    conflicts: IntArray = field(default_factory=_none)
    reviewer_groups: IntArray | None = None
    entry_groups: IntArray | None = None
    load_min: IntArray | int | None = None
    load_max: IntArray | int | None = None
    parts: int = 1
    allow_mutual: bool = False
    cycles_up_to: int = 2
    cliques_of: int = 0
    max_per_team: int | None = None
    max_per_group: int | None = None
    similarity: Similarity | None = None
    max_probability: float = 1.0
    perturbation: float = 0.5
    perturbation_shape: str = "quadratic"

    def __post_init__(self) -> None:
        set_ = object.__setattr__
        set_(self, "reviewer_entry", _frozen(integers(self.reviewer_entry, "reviewer_entry")))
        set_(self, "conflicts", self._clean_conflicts())
        for name in ("load_min", "load_max"):
            set_(self, name, self._clean_load(name))
        self._check_numbers()
        self._check_structures()
        self._check_groups()

    @property
    def n_reviewers(self) -> int:
        """Number of reviewers R."""
        return len(self.reviewer_entry)

    @property
    def n_pairs(self) -> int:
        """Reviews in all: n * k."""
        return self.n_entries * self.reviews_per_entry

    @property
    def longest_banned_cycle(self) -> int:
        """Cycles of 2 .. this many entries are forbidden; 1 where mutual pairs are allowed."""
        return 1 if self.allow_mutual else self.cycles_up_to

    def deal_parts(self, seed: bytes) -> IntArray:
        """(n,) the part of each entry: sizes differ by one at most, dealt at random by `seed`."""
        part = np.zeros(self.n_entries, dtype=np.int64)
        if self.parts > 1:
            order = Keyed(seed, "assign/parts").permutation(self.n_entries)
            part[order] = np.arange(self.n_entries) % self.parts
        return part

    def digest(self, *, seed: bytes, method: str) -> str:
        """SHA-256 in hex over a canonical form of problem, seed, method and engine version."""
        arrays = {
            "reviewer_entry": self.reviewer_entry,
            "conflicts": self.conflicts,
            "reviewer_groups": self.reviewer_groups,
            "entry_groups": self.entry_groups,
            "load_min": self.load_min,
            "load_max": self.load_max,
        }
        head = {
            "engine": ENGINE_VERSION,
            "method": method,
            "seed": seed.hex(),
            "n_entries": self.n_entries,
            "reviews_per_entry": self.reviews_per_entry,
            "parts": self.parts,
            "allow_mutual": self.allow_mutual,
            "cycles_up_to": self.cycles_up_to,
            "cliques_of": self.cliques_of,
            "max_per_team": self.max_per_team,
            "max_per_group": self.max_per_group,
            "max_probability": float(self.max_probability).hex(),
            "similarity": None if self.similarity is None else self.similarity.digest(),
            "shapes": {k: None if v is None else list(np.shape(v)) for k, v in arrays.items()},
        }
        if method == "perturbed":  # other methods do not ask for these, and keep their digests
            head["perturbation"] = float(self.perturbation).hex()
            head["perturbation_shape"] = self.perturbation_shape
        total = hashlib.sha256(json.dumps(head, sort_keys=True, separators=(",", ":")).encode())
        for name in sorted(arrays):
            value = arrays[name]
            if value is not None:
                total.update(np.asarray(value, dtype="<i8").tobytes())
        return total.hexdigest()

    def _clean_conflicts(self) -> IntArray:
        pairs = integers(self.conflicts, "conflicts")
        if pairs.size == 0:
            return _frozen(_none())
        if pairs.ndim != 2 or pairs.shape[1] != 2:
            raise BadInput(f"conflicts: shape (m, 2) expected, got {pairs.shape}")
        for column, bound in ((0, len(self.reviewer_entry)), (1, self.n_entries)):
            out = np.flatnonzero((pairs[:, column] < 0) | (pairs[:, column] >= bound))
            if out.size:
                what = ("reviewer", "entry")[column]
                raise BadInput(f"conflicts[{out[0]}]: no {what} {pairs[out[0], column]}")
        return _frozen(np.unique(pairs, axis=0))

    def _clean_load(self, name: str) -> IntArray | int | None:
        value = getattr(self, name)
        if value is None:
            return None
        array = integers(value, name)
        if array.ndim and array.shape != (len(self.reviewer_entry),):
            raise BadInput(f"{name}: one number a reviewer expected, got shape {array.shape}")
        bad = np.flatnonzero(np.atleast_1d(array) < 0)
        if bad.size:
            raise BadInput(f"{name}[{bad[0]}]: a load is not negative")
        return _frozen(array) if array.ndim else int(array)

    def _check_numbers(self) -> None:
        if not 1 <= self.n_entries <= MAX_ENTRIES:
            raise BadInput(f"n_entries: 1 to {MAX_ENTRIES:,} expected, got {self.n_entries}")
        if self.reviewer_entry.ndim != 1 or not self.n_reviewers:
            raise BadInput("reviewer_entry: a row of at least one reviewer expected")
        owner = self.reviewer_entry
        out = np.flatnonzero((owner < -1) | (owner >= self.n_entries))
        if out.size:
            raise BadInput(f"reviewer_entry[{out[0]}]: no entry {owner[out[0]]}")
        if self.reviews_per_entry < 1:
            raise BadInput(f"reviews_per_entry: at least 1, got {self.reviews_per_entry}")
        if not 1 <= self.parts <= self.n_entries:
            raise BadInput(f"parts: 1 to {self.n_entries} expected, got {self.parts}")
        if self.load_min is not None and self.load_max is not None:
            low, high = np.broadcast_arrays(self.load_min, self.load_max)
            over = np.flatnonzero(np.atleast_1d(low > high))
            if over.size:
                raise BadInput(f"load_min[{over[0]}] is above load_max[{over[0]}]")

    def _check_structures(self) -> None:
        if not 2 <= self.cycles_up_to <= LONGEST_CYCLE:
            raise BadInput(f"cycles_up_to: 2 to {LONGEST_CYCLE} expected, got {self.cycles_up_to}")
        if self.allow_mutual and self.cycles_up_to > 2:
            raise BadInput("cycles_up_to: a ban of longer cycles with mutual pairs allowed")
        if self.cliques_of and self.cliques_of < 3:
            raise BadInput(f"cliques_of: 0 or at least 3 expected, got {self.cliques_of}")
        for name in ("max_per_team", "max_per_group"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise BadInput(f"{name}: at least 1 expected, got {value}")
        if not 0 < self.max_probability <= 1:
            raise BadInput(f"max_probability: above 0 to 1 expected, got {self.max_probability}")
        curve.refuse_the_impossible(self.perturbation_shape, self.perturbation)
        wanted = (self.n_reviewers, self.n_entries)
        if self.similarity is not None and self.similarity.shape != wanted:
            raise BadInput(f"similarity: shape {wanted} expected, got {self.similarity.shape}")

    def _check_groups(self) -> None:
        ours, others = self.reviewer_groups, self.entry_groups
        if ours is None and others is None:
            return
        if ours is None or others is None:
            raise BadInput("reviewer_groups and entry_groups: give both or neither")
        mine, theirs = integers(ours, "reviewer_groups"), integers(others, "entry_groups")
        mine = mine[:, None] if mine.ndim == 1 else mine
        theirs = theirs[:, None] if theirs.ndim == 1 else theirs
        if mine.shape[0] != self.n_reviewers or theirs.shape != (self.n_entries, mine.shape[1]):
            raise BadInput(f"groups: shapes {mine.shape} and {theirs.shape} do not fit")
        object.__setattr__(self, "reviewer_groups", _frozen(mine))
        object.__setattr__(self, "entry_groups", _frozen(theirs))


@dataclass(frozen=True, eq=False, kw_only=True)
class AssignmentResult:
    """Who reviews whom.

    Attributes:
        pairs: (n * k, 2) rows (reviewer, entry), sorted by reviewer, then entry.
        part: (n,) part of each entry, all 0 without partition mode.
        method: name in ASSIGNERS.
        route: how the pairs were found, e.g. "ring" or "deal" (random design and repair), "exact"
            (integer programme), "flow".
        facts: numbers about the result by name, as each method documents ("total", "bound",
            "gap", "minimum" ...).
        marginals: (p, 3) rows (reviewer, entry, probability) where the pairs were drawn from a
            distribution, else None.
        engine_version: version of the engine's results, part of the digest.
        inputs_digest: SHA-256 (hex) over problem, seed, method and engine version.
    """

    pairs: IntArray
    part: IntArray
    method: str
    route: str
    engine_version: str
    inputs_digest: str
    facts: dict[str, float] = field(default_factory=dict)
    marginals: FloatArray | None = None

    @property
    def pairs_digest(self) -> str:
        """SHA-256 (hex) of the pairs as little-endian 64-bit integers."""
        return hashlib.sha256(self.pairs.astype("<i8").tobytes()).hexdigest()


@dataclass(frozen=True, eq=False, kw_only=True)
class Outcome:
    """What a method of assignment returns: see the fields of the same names of AssignmentResult."""

    pairs: IntArray
    route: str
    facts: dict[str, float] = field(default_factory=dict)
    marginals: FloatArray | None = None


@dataclass(frozen=True)
class Violation:
    """One broken constraint: a code and the numbers that show it."""

    code: str
    message: str
    reviewer: int | None = None
    entry: int | None = None
