"""Compile an engine's kernels once, before test workers start and each compile the same.

python -m tests.warm driving | peerreview
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np


def driving() -> None:
    """Roads and the world, by a short run that is recorded and asked; sensors."""
    from tests.factories.worlds import ahead, build, straight

    with tempfile.TemporaryDirectory() as folder:
        world = build(
            Path(folder), ahead("Ego", 20, 10), ahead("Other", 80, 5), where=straight(), end=1.0
        )
        for frame in world.run():
            frame["Ego"]
    _sensors()


def _sensors() -> None:
    """Every type of sensor, read once on a map."""
    from concours.driving import roads
    from concours.driving.sensors import SensorSuite, Surroundings, parse_sensors, terrain_of
    from concours.driving.sensors.kinds import KINDS
    from tests.factories.sensing import box, scene
    from tests.factories.worlds import straight

    terrain = terrain_of(roads.loads(straight(50.0)))
    specs = parse_sensors([{"type": kind, "id": kind} for kind in KINDS], track="objects")
    suite = SensorSuite(specs, surroundings=Surroundings(terrain=terrain), seed=1)
    suite.read(scene(box(10.0)), 0)


def peerreview() -> None:
    """Assignments by each method, consensus by each method."""
    from concours.peerreview import AssignmentProblem, Similarity, assign, consensus, simulate

    n, seed = 40, b"warm"
    rows = np.random.Generator(np.random.Philox(1)).normal(size=(n, 4))
    plain = AssignmentProblem(
        n_entries=n, reviewer_entry=np.arange(n), reviews_per_entry=4, conflicts=np.array([[2, 7]])
    )
    fitted = AssignmentProblem(
        n_entries=n,
        reviewer_entry=np.arange(n),
        reviews_per_entry=4,
        similarity=Similarity.vectors(rows, rows),
    )
    drawn = assign(plain, seed=seed)
    for method in ("total", "fairest", "randomised", "perturbed"):
        assign(fitted, seed=seed, method=method)
    reviews = simulate.reviews_for(
        drawn.pairs, np.arange(n) * 2, bias_sd=8, noise_sd=6, seed=seed, n_reviewers=n,
        low=0, high=100, step=1,
    )  # fmt: skip
    for method in ("random-effects", "robust", "plackett-luce", "bradley-terry", "z-scores"):
        consensus(reviews, seed=seed, top=3, method=method)


if __name__ == "__main__":
    {"driving": driving, "peerreview": peerreview}[sys.argv[1]]()
