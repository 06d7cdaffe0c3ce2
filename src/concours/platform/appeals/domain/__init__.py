"""Appeals and staged changes. Other apps use these functions, never the models."""

from concours.platform.appeals.domain.applying import apply_changes, reverse_changes
from concours.platform.appeals.domain.attaching import attach_file
from concours.platform.appeals.domain.drafting import (
    add_change,
    cancel_changes,
    draft_changes,
    drop_change,
)
from concours.platform.appeals.domain.filing import file_appeal, kinds_open_to, withdraw_appeal
from concours.platform.appeals.domain.judges import appoint_judge, remove_judge
from concours.platform.appeals.domain.judging import (
    admit_appeal,
    decide_appeal,
    dismiss_appeal,
    hear_appeal,
)
from concours.platform.appeals.domain.queries import (
    Unsettled,
    appeals_by_end,
    appeals_shown,
    applied_changes,
    changes_shown,
    unsettled,
)
from concours.platform.appeals.domain.recusal import reasons_against, stand_aside
from concours.platform.appeals.domain.reminders import send_appeal_reminders
from concours.platform.appeals.domain.signing import Signature, signs_with_password
from concours.platform.appeals.domain.staging import preview_changes
from concours.platform.appeals.domain.windows import Window, window_of

__all__ = [
    "Signature",
    "Unsettled",
    "Window",
    "add_change",
    "admit_appeal",
    "appeals_by_end",
    "appeals_shown",
    "applied_changes",
    "apply_changes",
    "appoint_judge",
    "attach_file",
    "cancel_changes",
    "changes_shown",
    "decide_appeal",
    "dismiss_appeal",
    "draft_changes",
    "drop_change",
    "file_appeal",
    "hear_appeal",
    "kinds_open_to",
    "preview_changes",
    "reasons_against",
    "remove_judge",
    "reverse_changes",
    "send_appeal_reminders",
    "signs_with_password",
    "stand_aside",
    "unsettled",
    "window_of",
    "withdraw_appeal",
]
