from concours.platform.criteria.models.assessment import AssessedRow, Assessment, Maintainer
from concours.platform.criteria.models.evidence import (
    Evidence,
    Judgement,
    MachineReport,
    MachineResult,
)

__all__ = [
    "AssessedRow",
    "Assessment",
    "Evidence",
    "Judgement",
    "MachineReport",
    "MachineResult",
    "Maintainer",
]
