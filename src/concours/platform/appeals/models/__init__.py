from concours.platform.appeals.models.appeal import Appeal, Attachment
from concours.platform.appeals.models.changes import Change, ChangeSet
from concours.platform.appeals.models.judge import AppealJudge, AppealReminder, Recusal

__all__ = [
    "Appeal",
    "AppealJudge",
    "AppealReminder",
    "Attachment",
    "Change",
    "ChangeSet",
    "Recusal",
]
