"""Juries, results and prizes. Other apps use these functions, never the models."""

from concours.platform.awards.domain.jury import appoint_juror, remove_juror, score_as_juror
from concours.platform.awards.domain.machine import record_machine_score
from concours.platform.awards.domain.money import Totals, totals_in, verify_money
from concours.platform.awards.domain.money_terms import four_eyes_in, set_four_eyes
from concours.platform.awards.domain.paying import note_repayment, pay_member
from concours.platform.awards.domain.payouts import (
    confirm_paper,
    declare_shares,
    lacks_of,
    withdraw_paper,
)
from concours.platform.awards.domain.pools import balance_of, fund_pool, revise_pool
from concours.platform.awards.domain.queries import jury_progress, outcome_in, result_of
from concours.platform.awards.domain.requests import (
    ask_claw_back,
    ask_give_back,
    ask_grant,
    ask_release,
    confirm_request,
    drop_request,
)
from concours.platform.awards.domain.results import compute_result, publish_result
from concours.platform.awards.domain.verifying import Verification, verify_result
from concours.platform.awards.prizes import PrizePlan

__all__ = [
    "PrizePlan",
    "Totals",
    "Verification",
    "appoint_juror",
    "ask_claw_back",
    "ask_give_back",
    "ask_grant",
    "ask_release",
    "balance_of",
    "compute_result",
    "confirm_paper",
    "confirm_request",
    "declare_shares",
    "drop_request",
    "four_eyes_in",
    "fund_pool",
    "jury_progress",
    "lacks_of",
    "note_repayment",
    "outcome_in",
    "pay_member",
    "publish_result",
    "record_machine_score",
    "remove_juror",
    "result_of",
    "revise_pool",
    "score_as_juror",
    "set_four_eyes",
    "totals_in",
    "verify_money",
    "verify_result",
    "withdraw_paper",
]
