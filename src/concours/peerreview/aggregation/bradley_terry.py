"""Bradley-Terry: of two entries one is preferred in proportion to worth.

R. A. Bradley and M. E. Terry, "Rank analysis of incomplete block designs", Biometrika 1952;
longer lists are broken into pairs (Soufiani et al., "Generalized method-of-moments for rank
aggregation", NeurIPS 2013).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from scipy.special import expit

from concours.peerreview.aggregation.choice import Ballots, Prior, ballots, fit
from concours.peerreview.aggregation.outcome import Question
from concours.peerreview.aggregation.plackett_luce import by_choices
from concours.peerreview.aggregation.result import ConsensusResult
from concours.peerreview.keyed import FloatArray, IntArray
from concours.peerreview.reviews import ReviewSet

LOGISTIC = float(np.pi**2 / 3)


@dataclass(frozen=True)
class BradleyTerry:
    """Pairwise comparisons; a list of L counts as its L (L - 1) / 2 pairs, a tie half each way.

    The pairs of a list are not independent: they count 2 / L times at first, and then so that the
    information of the pairs equals the variance of the lists' gradients, which keeps intervals
    honest (Pauli, Racugno and Ventura, "Bayesian composite marginal likelihoods", Statistica
    Sinica 2011). Needs O(sum of L**2) memory: Plackett-Luce is the method for long lists.
    Estimates as in PlackettLuce.
    """

    prior: Prior = field(default_factory=Prior)
    name: str = "bradley-terry"

    def consensus(self, reviews: ReviewSet, asked: Question) -> ConsensusResult:
        """Fit and rank. O(n**3) a step up to 500 entries, about O(pairs) above."""
        votes = ballots(reviews)
        if votes.longest > 2:
            votes = _paired(votes, self.prior)
        return by_choices(self.name, reviews, votes, self.prior, asked, noise=LOGISTIC)


def _paired(votes: Ballots, prior: Prior) -> Ballots:
    """The pairs of the lists as ballots, weighed as BradleyTerry says."""
    one, two, source, share = _places_of_pairs(votes)
    group = np.cumsum(~votes.tied)  # equal within a group that ties, and only there
    tied = group[one] == group[two]
    marks = np.zeros((len(one), 2), dtype=np.bool_)
    marks[:, 1] = tied
    pairs = Ballots(
        n=votes.n,
        start=np.arange(0, 2 * len(one) + 1, 2),
        ranked=np.stack([votes.ranked[one], votes.ranked[two]], axis=1).ravel(),
        tied=marks.ravel(),
        weight=np.where(tied, share / 2, share),  # a tied pair is two choices of one from two
        longest=2,
        reviewer=votes.reviewer[source],
    )
    if bool(np.all(tied)):
        return pairs
    theta = fit(pairs, prior).theta
    chance = expit(theta[votes.ranked[one]] - theta[votes.ranked[two]])
    push = share * (np.where(tied, 0.5, 1.0) - chance)
    by_place = np.bincount(one, push, len(votes.ranked)) - np.bincount(two, push, len(votes.ranked))
    told = 2 * float(np.sum(share * chance * (1 - chance)))
    return replace(pairs, weight=pairs.weight * (told / float(np.sum(by_place**2))))


def _places_of_pairs(votes: Ballots) -> tuple[IntArray, IntArray, IntArray, FloatArray]:
    """(places of the better, of the worse, list, 2 / L) of all pairs, by list."""
    length = np.diff(votes.start)
    found = []
    for size in np.unique(length[length > 1]).tolist():
        lists = np.flatnonzero(length == size)
        first, second = np.triu_indices(size, 1)
        low = votes.start[lists][:, None]
        source = np.repeat(lists, len(first))
        found.append(((low + first).ravel(), (low + second).ravel(), source, size))
    one, two, source = (np.concatenate([part[c] for part in found]) for c in range(3))
    order = np.argsort(source, kind="stable")
    return one[order], two[order], source[order], 2 / length[source[order]]
