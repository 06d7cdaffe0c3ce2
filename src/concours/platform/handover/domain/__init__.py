"""Winners handed over to the foundation. Other apps use these functions, never the models."""

from concours.platform.handover.domain.acting import hand_over, take_back
from concours.platform.handover.domain.asking import agree, ask, decline
from concours.platform.handover.domain.attaching import attach
from concours.platform.handover.domain.beside import beside, packed
from concours.platform.handover.domain.mentors import (
    invite,
    read_reviewers,
    reviewers_counted,
    winning_people,
)
from concours.platform.handover.domain.queries import (
    DeskRow,
    desk_rows,
    dossier_of,
    leave_given,
    live_handover,
    own_wish,
    parts_of,
    replaced_since,
    reviewers_of,
)
from concours.platform.handover.domain.wishing import give_leave, say, withdraw_leave

__all__ = [
    "DeskRow",
    "agree",
    "ask",
    "attach",
    "beside",
    "decline",
    "desk_rows",
    "dossier_of",
    "give_leave",
    "hand_over",
    "invite",
    "leave_given",
    "live_handover",
    "own_wish",
    "packed",
    "parts_of",
    "read_reviewers",
    "replaced_since",
    "reviewers_counted",
    "reviewers_of",
    "say",
    "take_back",
    "winning_people",
    "withdraw_leave",
]
