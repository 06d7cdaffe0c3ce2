"""The incubation of projects. Other apps use these functions, never the models."""

from concours.platform.incubation.domain.archiving import archive_project
from concours.platform.incubation.domain.health import (
    Mark,
    add_health,
    health_in,
    latest_health,
    marks_of,
)
from concours.platform.incubation.domain.hindrances import hindrances_of
from concours.platform.incubation.domain.incubating import incubation_of
from concours.platform.incubation.domain.mentoring import (
    assign_mentor,
    declare_conflict,
    end_mentoring,
    held_by,
    load_in,
    load_of,
    mentors_of,
)
from concours.platform.incubation.domain.planning import (
    drop_milestone,
    move_milestone,
    plan_digest,
    reach_milestone,
    set_milestone,
)
from concours.platform.incubation.domain.pool import (
    answer_invitation,
    invite_mentor,
    leave_pool,
    set_terms,
    withdraw_invitation,
)
from concours.platform.incubation.domain.programmes import (
    adopt_programme,
    parsed,
    programme_in_force,
)
from concours.platform.incubation.domain.reporting import (
    SECTIONS,
    Owed,
    all_owed,
    owed_by,
    revise_report,
    submit_report,
)
from concours.platform.incubation.domain.reviewing import decide_review, what_lies_before
from concours.platform.incubation.domain.signing_off import (
    Engagement,
    act_on_report,
    engagement_of,
    plan_signers,
    sign_off_milestone,
    sign_off_plan,
)
from concours.platform.incubation.domain.tending import tend_incubations

__all__ = [
    "SECTIONS",
    "Engagement",
    "Mark",
    "Owed",
    "act_on_report",
    "add_health",
    "adopt_programme",
    "all_owed",
    "answer_invitation",
    "archive_project",
    "assign_mentor",
    "decide_review",
    "declare_conflict",
    "drop_milestone",
    "end_mentoring",
    "engagement_of",
    "health_in",
    "held_by",
    "hindrances_of",
    "incubation_of",
    "invite_mentor",
    "latest_health",
    "leave_pool",
    "load_in",
    "load_of",
    "marks_of",
    "mentors_of",
    "move_milestone",
    "owed_by",
    "parsed",
    "plan_digest",
    "plan_signers",
    "programme_in_force",
    "reach_milestone",
    "revise_report",
    "set_milestone",
    "set_terms",
    "sign_off_milestone",
    "sign_off_plan",
    "submit_report",
    "tend_incubations",
    "what_lies_before",
    "withdraw_invitation",
]
