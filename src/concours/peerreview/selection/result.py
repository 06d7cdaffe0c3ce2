"""What selection returns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from concours.peerreview.keyed import FloatArray, IntArray

Reason = dict[str, str | int | float]
Columns = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True, eq=False, kw_only=True)
class SelectionResult:
    """Who is selected, and why.

    Attributes, n entries, P parts (a method without parts has one):
        method: name in SELECTORS.
        impartial: whether no report can change the reporter's own chance.
        selected: entries, ascending; as many as were asked for, but see the method.
        chosen: (n,) whether selected.
        probability: (n,) chance of being selected over the method's coins, equals ordered as here.
        score: (n,) what entries of one part are ranked by.
        part: (n,) part of each entry.
        place: (n,) rank within the part, 1 = best, all different (ties by a keyed coin).
        share: (P,) part's share of all votes, sums to 1.
        quota: (P,) share * size.
        seats: (P,) number selected from each part.
    """

    method: str
    impartial: bool
    selected: IntArray
    chosen: IntArray
    probability: FloatArray
    score: FloatArray
    part: IntArray
    place: IntArray
    share: FloatArray
    quota: FloatArray
    seats: IntArray

    def reason(self, entry: int) -> Reason:
        """Why an entry is or is not selected, as a code and numbers for a page to phrase, O(1).

        Codes of Exact Dollar Partition, Partition and Borda: "within-quota" (selected whatever the
        coin), "rounded-up" (selected, the part's last seat fell to it), "rounded-down" (not
        selected, that seat did not fall), "below-quota". Codes of other methods: see their results.
        """
        at = np.array([entry])
        found = {name: column.item() for name, column in self._columns(at).items()}
        return {"code": str(self._codes(at)[0]), **found}

    def reasons(self, *, digits: int = 6) -> list[Reason]:
        """`reason(entry)` of all entries, floats rounded to `digits` decimals. O(n)."""
        at = np.arange(len(self.part))
        names, columns = [], []
        for name, column in self._columns(at).items():
            names.append(name)
            real = column.dtype.kind == "f"
            columns.append((np.round(column, digits) if real else column).tolist())
        codes = self._codes(at).tolist()
        rows = zip(codes, *columns, strict=True)
        return [dict(zip(("code", *names), row, strict=True)) for row in rows]

    @cached_property
    def _part_sizes(self) -> IntArray:
        return np.bincount(self.part, minlength=len(self.seats))

    def _codes(self, at: IntArray) -> npt.NDArray[np.str_]:
        place, quota = self.place[at], self.quota[self.part[at]]
        inside = np.where(place <= np.floor(quota), "within-quota", "rounded-up")
        outside = np.where(place <= np.ceil(quota), "rounded-down", "below-quota")
        return np.where(self.chosen[at] > 0, inside, outside)

    def _columns(self, at: IntArray) -> Columns:
        part = self.part[at]
        return {
            "part": part,
            "part_size": self._part_sizes[part],
            "share": self.share[part],
            "quota": self.quota[part],
            "seats": self.seats[part],
            "place": self.place[at],
            "score": self.score[at],
            "probability": self.probability[at],
        }


@dataclass(frozen=True, eq=False, kw_only=True)
class RaffleResult(SelectionResult):
    """A result whose seats were drawn by lot.

    Codes: "within-seats" (the place is within the seats that the part drew) or "beyond-seats".
    """

    def _codes(self, at: IntArray) -> npt.NDArray[np.str_]:
        return np.where(self.chosen[at] > 0, "within-seats", "beyond-seats")


@dataclass(frozen=True, eq=False, kw_only=True)
class NominationResult(SelectionResult):
    """A result by nominations; its size is `size` in expectation.

    Codes: "nominated" (enough reviewers nominate it whatever the coins), "nominated-by-coin",
    "not-nominated-by-coin" (other coins could have selected it), "not-nominated" and "no-reviews".

    Attributes:
        nominations: (n,) reviewers that nominate each entry.
        needed: (n,) nominations that select: half of its reviews, not rounded.
        reviews: (n,) reviews that count.
    """

    nominations: FloatArray
    needed: FloatArray
    reviews: IntArray

    def _codes(self, at: IntArray) -> npt.NDArray[np.str_]:
        chance = self.probability[at]
        inside = np.where(chance >= 1, "nominated", "nominated-by-coin")
        outside = np.where(chance > 0, "not-nominated-by-coin", "not-nominated")
        outside = np.where(self.reviews[at] == 0, "no-reviews", outside)
        return np.where(self.chosen[at] > 0, inside, outside)

    def _columns(self, at: IntArray) -> Columns:
        return {
            "nominations": self.nominations[at],
            "needed": self.needed[at],
            "reviews": self.reviews[at],
            "place": self.place[at],
            "score": self.score[at],
            "probability": self.probability[at],
        }


@dataclass(frozen=True, eq=False, kw_only=True)
class CredibleResult(SelectionResult):
    """A result drawn from the credible entries, or of nobody.

    Codes: "drawn", "not-drawn" (credible, the lot fell on others), "nobody-drawn" (credible, but
    this time nobody is selected) and "not-credible".

    Attributes:
        credible: (n,) whether some report of its own would put the entry among the best.
        load: the m of the method, reviews of the busiest team.
    """

    credible: npt.NDArray[np.bool_]
    load: int

    def _codes(self, at: IntArray) -> npt.NDArray[np.str_]:
        missed = "not-drawn" if len(self.selected) else "nobody-drawn"
        outside = np.where(self.credible[at], missed, "not-credible")
        return np.where(self.chosen[at] > 0, "drawn", outside)

    def _columns(self, at: IntArray) -> Columns:
        count = len(at)
        return {
            "credible": np.full(count, int(self.credible.sum())),
            "load": np.full(count, self.load),
            "place": self.place[at],
            "score": self.score[at],
            "probability": self.probability[at],
        }
