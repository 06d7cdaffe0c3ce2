"""One simulated season: entries, reviewers of every kind, and their reviews."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from concours.peerreview.assignment import AssignmentProblem, AssignmentResult, assign
from concours.peerreview.keyed import FloatArray, IntArray, Keyed
from concours.peerreview.reviews import ReviewSet
from concours.peerreview.simulation.behaviours import (
    BEHAVIOURS,
    BoolArray,
    Scene,
    check_shares,
    cliques,
    deal,
)
from concours.peerreview.simulation.worlds import GaussianWorlds, Worlds

SECONDS_SPREAD = (0.4, 0.5)
"""Standard deviations of the logarithm of times: between reviewers, between reviews."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Season:
    """A season whose truth is known, one reviewer an entry.

    Attributes, n entries and reviewers, m reviews:
        quality: (n,) true qualities.
        place: (n,) true places, 0 = best.
        assignment: who reviewed whom, and the parts.
        reviews: what reviewers said.
        seconds: (m,) time spent on each review, in the order of `reviews`.
        names, behaviour: behaviours, and (n,) the number of each reviewer's.
        worlds, scene: what the reviews were made from.
    """

    quality: FloatArray
    place: IntArray
    assignment: AssignmentResult
    reviews: ReviewSet
    seconds: FloatArray
    names: list[str]
    behaviour: IntArray
    worlds: Worlds
    scene: Scene

    def who(self, name: str) -> BoolArray:
        """(n,) whether each reviewer behaves so."""
        if name not in self.names:
            return np.zeros(len(self.behaviour), dtype=bool)
        return np.asarray(self.behaviour == self.names.index(name))

    def reported(self, name: str, *, by: int) -> ReviewSet:
        """The reviews if one reviewer behaved as `name` says, all else being the same."""
        kind = self.behaviour.copy()
        names = self.names if name in self.names else [*self.names, name]
        kind[by] = names.index(name)
        said = _said(self.scene, names, kind)
        return _reviews(self.worlds, self.scene, said)


def play(
    *,
    entries: int,
    reviews_per_entry: int,
    seed: bytes,
    parts: int = 1,
    behaviours: Mapping[str, float] | None = None,
    worlds: Worlds | None = None,
    assignment: str = "balanced",
) -> Season:
    """One season of `entries` entries, one reviewer each.

    `behaviours` gives the shares of reviewers by name, the rest are honest. Quality, traits and
    behaviours depend on the seed alone, so that seasons with more reviews or other parts have the
    same people. O(n * k) and what the assignment costs. Raises BadInput, InfeasibleAssignment.
    """
    worlds = GaussianWorlds() if worlds is None else worlds
    shares = check_shares({} if behaviours is None else behaviours)
    owner = np.arange(entries, dtype=np.int64)
    problem = AssignmentProblem(
        n_entries=entries, reviewer_entry=owner, reviews_per_entry=reviews_per_entry, parts=parts
    )
    given = assign(problem, seed=seed, method=assignment)
    reviewer, entry = given.pairs[:, 0].astype(np.int64), given.pairs[:, 1].astype(np.int64)
    quality = worlds.quality(entries, seed=seed)
    honest = worlds.impressions(quality, reviewer, entry, seed=seed)
    names, kind = deal(shares, entries, seed=seed)
    place = np.empty(entries, dtype=np.int64)
    place[np.argsort(-quality, kind="stable")] = np.arange(entries)
    colluder = kind == names.index("colluding") if "colluding" in names else np.zeros(entries) > 0
    scene = Scene(
        reviewer=reviewer,
        entry=entry,
        honest=honest,
        spread=1.0,
        place=place,
        owner=owner,
        clique=cliques(colluder, seed=seed),
        seed=seed,
    )
    scene = replace(scene, spread=float(np.sqrt(np.mean((honest - scene.means()) ** 2))))
    said = _said(scene, names, kind)
    return Season(
        quality=quality,
        place=place,
        assignment=given,
        reviews=_reviews(worlds, scene, said),
        seconds=_seconds(scene, names, kind),
        names=names,
        behaviour=kind,
        worlds=worlds,
        scene=scene,
    )


def _said(scene: Scene, names: list[str], kind: IntArray) -> FloatArray:
    said = scene.honest.copy()
    for number, name in enumerate(names):
        mine = kind[scene.reviewer] == number
        if number and bool(np.any(mine)):
            said[mine] = BEHAVIOURS[name]().report(scene)[mine]
    return said


def _reviews(worlds: Worlds, scene: Scene, said: FloatArray) -> ReviewSet:
    count = len(scene.owner)
    return worlds.reviews(
        scene.reviewer, scene.entry, said, entries=len(scene.place), reviewers=count
    )


def _seconds(scene: Scene, names: list[str], kind: IntArray) -> FloatArray:
    usual = np.array([BEHAVIOURS[name]().seconds for name in names])
    between, within = SECONDS_SPREAD
    own = between * Keyed(scene.seed, "simulate/pace").normals(len(kind))
    each = within * Keyed(scene.seed, "simulate/seconds").normals(len(scene.reviewer))
    return np.asarray(usual[kind][scene.reviewer] * np.exp(own[scene.reviewer] + each))
