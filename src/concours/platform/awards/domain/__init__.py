"""Juries, results and prizes. Other apps use these functions, never the models."""

from concours.platform.awards.document import from_text, outcome_of
from concours.platform.awards.domain.contest import Supposed, name_of
from concours.platform.awards.domain.gathering import counting_scores, gather
from concours.platform.awards.domain.judges import scored_by
from concours.platform.awards.domain.jury import (
    appoint_juror,
    remove_juror,
    score_as_juror,
    takes_part,
)
from concours.platform.awards.domain.machine import record_machine_score
from concours.platform.awards.domain.pools import balance_of, fund_pool, revise_pool
from concours.platform.awards.domain.queries import (
    corrected_scores,
    jurors_of,
    jury_progress,
    outcome_in,
    published_result,
    result_of,
)
from concours.platform.awards.domain.results import compute_result, publish_result
from concours.platform.awards.domain.superseding import correct_jury_score, supersede_result
from concours.platform.awards.domain.verifying import Verification, verify_result
from concours.platform.awards.prizes import PrizePlan

__all__ = [
    "PrizePlan",
    "Supposed",
    "Verification",
    "appoint_juror",
    "balance_of",
    "compute_result",
    "correct_jury_score",
    "corrected_scores",
    "counting_scores",
    "from_text",
    "fund_pool",
    "gather",
    "jurors_of",
    "jury_progress",
    "name_of",
    "outcome_in",
    "outcome_of",
    "publish_result",
    "published_result",
    "record_machine_score",
    "remove_juror",
    "result_of",
    "revise_pool",
    "score_as_juror",
    "scored_by",
    "supersede_result",
    "takes_part",
    "verify_result",
]
