"""Simulated seasons: to choose the number of reviews, the parts and the method before a real one.

`play` makes one season whose truth is known, `study` compares designs over many, `recommend` says
which to take, `concours.peerreview.simulation.plots` draws the tables (needs matplotlib).
"""

from __future__ import annotations

from concours.peerreview.simulation.behaviours import BEHAVIOURS, Behaviour, Scene
from concours.peerreview.simulation.mallows import mallows_rankings
from concours.peerreview.simulation.recommend import Recommendation, recommend
from concours.peerreview.simulation.season import Season, play
from concours.peerreview.simulation.study import study
from concours.peerreview.simulation.tables import ScreeningRow, Study, StudyRow
from concours.peerreview.simulation.worlds import GaussianWorlds, MallowsWorlds, Worlds

__all__ = [
    "BEHAVIOURS",
    "Behaviour",
    "GaussianWorlds",
    "MallowsWorlds",
    "Recommendation",
    "Scene",
    "ScreeningRow",
    "Season",
    "Study",
    "StudyRow",
    "Worlds",
    "mallows_rankings",
    "play",
    "recommend",
    "study",
]
