"""Juries, results and prizes. Other apps use these functions, never the models."""

from concours.platform.awards.document import from_text, outcome_of
from concours.platform.awards.domain.bonus import BonusRule, outstanding_reviewers, recipients_of
from concours.platform.awards.domain.bonus_requests import ask_bonus
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
from concours.platform.awards.domain.money import Totals, totals_in, verify_money
from concours.platform.awards.domain.money_terms import four_eyes_in, set_four_eyes
from concours.platform.awards.domain.paying import note_repayment, pay_member
from concours.platform.awards.domain.payouts import (
    confirm_paper,
    declare_shares,
    lacks_of,
    lock_books,
    withdraw_paper,
)
from concours.platform.awards.domain.pools import balance_of, fund_pool, revise_pool
from concours.platform.awards.domain.queries import (
    corrected_scores,
    jurors_of,
    jury_progress,
    outcome_in,
    published_result,
    result_of,
)
from concours.platform.awards.domain.requests import (
    ask_claw_back,
    ask_give_back,
    ask_grant,
    ask_release,
    confirm_request,
    drop_request,
)
from concours.platform.awards.domain.results import compute_result, publish_result
from concours.platform.awards.domain.superseding import correct_jury_score, supersede_result
from concours.platform.awards.domain.verifying import Verification, verify_result
from concours.platform.awards.domain.winning import Win, win_of, winners_in
from concours.platform.awards.prizes import PrizePlan

__all__ = [
    "BonusRule",
    "PrizePlan",
    "Supposed",
    "Totals",
    "Verification",
    "Win",
    "appoint_juror",
    "ask_bonus",
    "ask_claw_back",
    "ask_give_back",
    "ask_grant",
    "ask_release",
    "balance_of",
    "compute_result",
    "confirm_paper",
    "confirm_request",
    "correct_jury_score",
    "corrected_scores",
    "counting_scores",
    "declare_shares",
    "drop_request",
    "four_eyes_in",
    "from_text",
    "fund_pool",
    "gather",
    "jurors_of",
    "jury_progress",
    "lacks_of",
    "lock_books",
    "name_of",
    "note_repayment",
    "outcome_in",
    "outcome_of",
    "outstanding_reviewers",
    "pay_member",
    "publish_result",
    "published_result",
    "recipients_of",
    "record_machine_score",
    "remove_juror",
    "result_of",
    "revise_pool",
    "score_as_juror",
    "scored_by",
    "set_four_eyes",
    "supersede_result",
    "takes_part",
    "totals_in",
    "verify_money",
    "verify_result",
    "win_of",
    "winners_in",
    "withdraw_paper",
]
