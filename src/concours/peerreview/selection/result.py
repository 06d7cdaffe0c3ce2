"""What selection returns."""

from __future__ import annotations

from dataclasses import dataclass

from concours.peerreview.keyed import FloatArray, IntArray
from concours.peerreview.reviews import ReviewSet

Reason = dict[str, str | int | float]


@dataclass(frozen=True, eq=False, kw_only=True)
class SelectionTask:
    """What a method of selection is given.

    Attributes:
        reviews: reviews of n entries by R reviewers.
        size: number to select, 1 .. n.
        part: (n,) part of each entry, 0 .. parts - 1.
        reviewer_entry: (R,) the entry each reviewer belongs to, -1 = independent.
        seed: keys the coins.
    """

    reviews: ReviewSet
    size: int
    part: IntArray
    reviewer_entry: IntArray
    seed: bytes


@dataclass(frozen=True, eq=False, kw_only=True)
class SelectionResult:
    """Who is selected, and why.

    Attributes, n entries, P parts:
        method: name in SELECTORS.
        impartial: whether no report can change the reporter's own chance.
        selected: (size,) entries, ascending.
        chosen: (n,) whether selected.
        probability: (n,) chance of being selected before the seats are rounded.
        score: (n,) what entries of one part are ranked by.
        part: (n,) part of each entry.
        place: (n,) rank within the part, 1 = best, all different (ties by a keyed coin).
        share: (P,) part's share of all votes, sums to 1.
        quota: (P,) share * size.
        seats: (P,) the quota rounded up or down at random, mean = quota, sums to size.
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
        """Why an entry is or is not selected, as a code and numbers for a page to phrase.

        Codes: "within-quota" (selected whatever the coin), "rounded-up" (selected, the part's last
        seat fell to it), "rounded-down" (not selected, that seat did not fall), "below-quota".
        """
        part, place = int(self.part[entry]), int(self.place[entry])
        quota, seats = float(self.quota[part]), int(self.seats[part])
        if self.chosen[entry]:
            code = "within-quota" if place <= int(quota) else "rounded-up"
        else:
            code = "rounded-down" if place <= -int(-quota // 1) else "below-quota"
        return {
            "code": code,
            "part": part,
            "part_size": int((self.part == part).sum()),
            "share": float(self.share[part]),
            "quota": quota,
            "seats": seats,
            "place": place,
            "score": float(self.score[entry]),
            "probability": float(self.probability[entry]),
        }
