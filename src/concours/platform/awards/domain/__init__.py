"""Juries, results and prizes. Other apps use these functions, never the models."""

from concours.platform.awards.domain.jury import appoint_juror, remove_juror, score_as_juror
from concours.platform.awards.domain.machine import record_machine_score
from concours.platform.awards.domain.pools import balance_of, fund_pool, revise_pool
from concours.platform.awards.domain.queries import jury_progress, outcome_in, result_of
from concours.platform.awards.domain.results import compute_result, publish_result
from concours.platform.awards.domain.verifying import Verification, verify_result
from concours.platform.awards.prizes import PrizePlan

__all__ = [
    "PrizePlan",
    "Verification",
    "appoint_juror",
    "balance_of",
    "compute_result",
    "fund_pool",
    "jury_progress",
    "outcome_in",
    "publish_result",
    "record_machine_score",
    "remove_juror",
    "result_of",
    "revise_pool",
    "score_as_juror",
    "verify_result",
]
