"""What happens with criteria. Other apps use these functions, never the models."""

from concours.platform.criteria.domain.evidence import add_evidence, withdraw_evidence
from concours.platform.criteria.domain.expiring import note_lapsed
from concours.platform.criteria.domain.judging import judge
from concours.platform.criteria.domain.maintainers import (
    maintained_projects,
    maintainers_of,
    name_maintainer,
    remove_maintainer,
)
from concours.platform.criteria.domain.opening import close_assessment, open_assessment
from concours.platform.criteria.domain.rechecking import due_for_recheck, recheck
from concours.platform.criteria.domain.reports import add_report
from concours.platform.criteria.domain.standing import (
    RowStanding,
    Standing,
    is_ready,
    open_standings,
    standing_of,
)

__all__ = [
    "RowStanding",
    "Standing",
    "add_evidence",
    "add_report",
    "close_assessment",
    "due_for_recheck",
    "is_ready",
    "judge",
    "maintained_projects",
    "maintainers_of",
    "name_maintainer",
    "note_lapsed",
    "open_assessment",
    "open_standings",
    "recheck",
    "remove_maintainer",
    "standing_of",
    "withdraw_evidence",
]
