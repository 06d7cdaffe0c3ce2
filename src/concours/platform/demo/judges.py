"""How the crowd judges: true quality, a bias of one's own, and noise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from concours.peerreview import simulate

BIAS_SD = 0.6
NOISE_SD = 0.8
JITTER_SD = 0.4
MIDDLE, SPREAD = 0.6, 0.14
"""A quality of 0 earns 60% of a criterion's points; one standard deviation is worth 14%."""


def rubric_points(
    *,
    pairs: Sequence[tuple[int, int]],
    quality: Sequence[float],
    criteria: Sequence[Mapping[str, Any]],
    seed: bytes,
    bias_sd: float = BIAS_SD,
    noise_sd: float = NOISE_SD,
) -> dict[tuple[int, int], dict[str, int]]:
    """Points on each criterion for each pair (reviewer, entry), both as indices.

    Bias and noise are in standard deviations of quality; each criterion adds jitter of its own.
    """
    if not pairs:
        return {}
    array = np.asarray(pairs, dtype=np.int64)
    overall = simulate.reviews_for(array, quality, bias_sd=bias_sd, noise_sd=noise_sd, seed=seed)
    rows = list(zip(overall.reviewer.tolist(), overall.entry.tolist(), strict=True))
    points: dict[tuple[int, int], dict[str, int]] = {row: {} for row in rows}
    for criterion in criteria:
        jitter = simulate.reviews_for(
            array,
            np.zeros(len(quality)),
            bias_sd=0.0,
            noise_sd=JITTER_SD,
            seed=seed + str(criterion["key"]).encode(),
        )
        share = np.clip(MIDDLE + SPREAD * (overall.score + jitter.score), 0.0, 1.0)
        for row, value in zip(rows, np.rint(share * criterion["max_points"]), strict=True):
            points[row][criterion["key"]] = int(value)
    return points
