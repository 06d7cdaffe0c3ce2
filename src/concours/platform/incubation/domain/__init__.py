"""The incubation of projects. Other apps use these functions, never the models."""

from concours.platform.incubation.domain.hindrances import hindrances_of
from concours.platform.incubation.domain.mentoring import (
    assign_mentor,
    declare_conflict,
    end_mentoring,
    load_of,
)
from concours.platform.incubation.domain.pool import (
    answer_invitation,
    invite_mentor,
    leave_pool,
    set_terms,
    withdraw_invitation,
)

__all__ = [
    "answer_invitation",
    "assign_mentor",
    "declare_conflict",
    "end_mentoring",
    "hindrances_of",
    "invite_mentor",
    "leave_pool",
    "load_of",
    "set_terms",
    "withdraw_invitation",
]
