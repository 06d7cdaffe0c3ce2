"""What happens in peer review. Other apps use these functions, never the models."""

from concours.platform.review.domain.alarms import alarms_for, settle_alarm
from concours.platform.review.domain.amending import (
    Counting,
    Staged,
    Wanted,
    amend_standings,
    counting_reviews,
    stage_standings,
)
from concours.platform.review.domain.answering import (
    amend_after_answer,
    answer_review,
    plan_rebuttal,
)
from concours.platform.review.domain.assigning import assign_reviews, verify_round
from concours.platform.review.domain.closing import close_round
from concours.platform.review.domain.conflicts import declare_between
from concours.platform.review.domain.consequences import undone_by, withheld_from
from concours.platform.review.domain.excusing import excuse_duty
from concours.platform.review.domain.identities import reveal
from concours.platform.review.domain.judges import earlier_judgements
from concours.platform.review.domain.queries import (
    Duty,
    PeerResult,
    StandingRow,
    StandingsPage,
    drawn_duties,
    duties_of,
    duty_of,
    peer_results,
    progress_of,
    round_of,
    snapshot_for,
    standings_page,
)
from concours.platform.review.domain.rating import rate_review
from concours.platform.review.domain.reasons import phrase_reason
from concours.platform.review.domain.released import ReleasedReview, reviews_released_to
from concours.platform.review.domain.reminders import send_reminders
from concours.platform.review.domain.replacing import (
    Replaced,
    remove_reviewer,
    replace_due,
    replace_late,
)
from concours.platform.review.domain.reserve import (
    name_emergency_reviewer,
    release_emergency_reviewer,
    reserve_of,
)
from concours.platform.review.domain.reviewing import (
    checked_scores,
    declare_conflict,
    submit_review,
)
from concours.platform.review.domain.rounds import extend_round, lock_round, plan_round
from concours.platform.review.domain.rubrics import CriterionPlan, create_rubric, rubric_by_slug
from concours.platform.review.domain.screening import (
    decide_flag,
    screen_reviews,
    screening_of,
)
from concours.platform.review.domain.standings import compute_standings, publish_standings
from concours.platform.review.domain.telling import Told, told_methods
from concours.platform.review.domain.transferring import transfer_duties
from concours.platform.review.domain.verifying import (
    published_inputs,
    recompute,
    verify_standings,
)

verify_assignment = verify_round

__all__ = [
    "Counting",
    "CriterionPlan",
    "Duty",
    "PeerResult",
    "ReleasedReview",
    "Replaced",
    "Staged",
    "StandingRow",
    "StandingsPage",
    "Told",
    "Wanted",
    "alarms_for",
    "amend_after_answer",
    "amend_standings",
    "answer_review",
    "assign_reviews",
    "checked_scores",
    "close_round",
    "compute_standings",
    "counting_reviews",
    "create_rubric",
    "decide_flag",
    "declare_between",
    "declare_conflict",
    "drawn_duties",
    "duties_of",
    "duty_of",
    "earlier_judgements",
    "excuse_duty",
    "extend_round",
    "lock_round",
    "name_emergency_reviewer",
    "peer_results",
    "phrase_reason",
    "plan_rebuttal",
    "plan_round",
    "progress_of",
    "publish_standings",
    "published_inputs",
    "rate_review",
    "recompute",
    "release_emergency_reviewer",
    "remove_reviewer",
    "replace_due",
    "replace_late",
    "reserve_of",
    "reveal",
    "reviews_released_to",
    "round_of",
    "rubric_by_slug",
    "screen_reviews",
    "screening_of",
    "send_reminders",
    "settle_alarm",
    "snapshot_for",
    "stage_standings",
    "standings_page",
    "submit_review",
    "told_methods",
    "transfer_duties",
    "undone_by",
    "verify_assignment",
    "verify_standings",
    "withheld_from",
]
