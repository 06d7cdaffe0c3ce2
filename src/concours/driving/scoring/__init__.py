"""Scores: what a run is worth, why, and how sure that is.

from concours.driving.scoring import observe, score, to_json

seen = observe(run)
print(to_json(score(seen, "carsmos-2023")))
"""

from concours.driving.scoring.observations import NothingDriven, Observations, observe
from concours.driving.scoring.presets import PRESETS, Preset, UnknownPreset, preset, score
from concours.driving.scoring.records import Loss, Measure, Part, Reason, Score
from concours.driving.scoring.reporting import to_json
from concours.driving.scoring.statistics import Comparison, Interval, compare, mean_score

__all__ = [
    "PRESETS",
    "Comparison",
    "Interval",
    "Loss",
    "Measure",
    "NothingDriven",
    "Observations",
    "Part",
    "Preset",
    "Reason",
    "Score",
    "UnknownPreset",
    "compare",
    "mean_score",
    "observe",
    "preset",
    "score",
    "to_json",
]
