"""Peer review: who reviews whom, what the reviews say together, who is selected.

A library of its own: arrays in, arrays out. Seeds are arguments; the same inputs and seed give the
same result on any machine.
"""

from concours.peerreview import simulate
from concours.peerreview.aggregation import AGGREGATORS, ConsensusResult, borda, consensus
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
from concours.peerreview.assignment.problem import ENGINE_VERSION
from concours.peerreview.errors import BadInput, InfeasibleAssignment, PeerReviewError
from concours.peerreview.reviews import ReviewSet
from concours.peerreview.selection import SELECTORS, SelectionResult, select

__all__ = [
    "AGGREGATORS",
    "ASSIGNERS",
    "ENGINE_VERSION",
    "SELECTORS",
    "AssignmentProblem",
    "AssignmentResult",
    "BadInput",
    "ConsensusResult",
    "InfeasibleAssignment",
    "PeerReviewError",
    "ReviewSet",
    "SelectionResult",
    "Similarity",
    "Violation",
    "assign",
    "borda",
    "check_assignment",
    "consensus",
    "select",
    "simulate",
    "verify_assignment",
]
