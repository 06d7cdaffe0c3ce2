"""Peer review: who reviews whom, what the reviews say together, who is selected, what looks wrong.

A library of its own: arrays in, arrays out. Seeds are arguments; the same inputs and seed give the
same result on any machine.
"""

from concours.peerreview import selection, simulate, simulation
from concours.peerreview.aggregation import (
    AGGREGATORS,
    Change,
    ConsensusResult,
    ImpartialRanks,
    WhatIf,
    borda,
    consensus,
    impartial_ranks,
    what_if,
)
from concours.peerreview.assignment import (
    ASSIGNERS,
    AssignmentProblem,
    AssignmentResult,
    Similarity,
    Violation,
    assign,
    check_assignment,
    verify_assignment,
)
from concours.peerreview.assignment.filling import Filled, fill
from concours.peerreview.assignment.mend import Mended, mend, verify_mend
from concours.peerreview.assignment.problem import ENGINE_VERSION
from concours.peerreview.blurring import Blurred, Usefulness, blurred
from concours.peerreview.errors import BadInput, InfeasibleAssignment, PeerReviewError
from concours.peerreview.reputation import (
    Estimate,
    Reputation,
    SeasonRecord,
    pairwise_agreement,
    reputation,
    usefulness_of,
)
from concours.peerreview.reviews import ReviewSet
from concours.peerreview.screening import DETECTORS, LIMITS, Flag, ScreeningReport, screen
from concours.peerreview.selection import (
    SELECTORS,
    SelectionResult,
    expected_recall,
    select,
    select_batch,
)

__all__ = [
    "AGGREGATORS",
    "ASSIGNERS",
    "DETECTORS",
    "ENGINE_VERSION",
    "LIMITS",
    "SELECTORS",
    "AssignmentProblem",
    "AssignmentResult",
    "BadInput",
    "Blurred",
    "Change",
    "ConsensusResult",
    "Estimate",
    "Filled",
    "Flag",
    "ImpartialRanks",
    "InfeasibleAssignment",
    "Mended",
    "PeerReviewError",
    "Reputation",
    "ReviewSet",
    "ScreeningReport",
    "SeasonRecord",
    "SelectionResult",
    "Similarity",
    "Usefulness",
    "Violation",
    "WhatIf",
    "assign",
    "blurred",
    "borda",
    "check_assignment",
    "consensus",
    "expected_recall",
    "fill",
    "impartial_ranks",
    "mend",
    "pairwise_agreement",
    "reputation",
    "screen",
    "select",
    "select_batch",
    "selection",
    "simulate",
    "simulation",
    "usefulness_of",
    "verify_assignment",
    "verify_mend",
    "what_if",
]
