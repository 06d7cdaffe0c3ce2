from concours.platform.review.models.amendment import Amendment
from concours.platform.review.models.anonymity import (
    AnonymousSnapshot,
    IdentityAlarm,
    IdentityRead,
)
from concours.platform.review.models.assignment import Assignment, ReminderSent, Review
from concours.platform.review.models.pseudonym import Pseudonym
from concours.platform.review.models.rebuttal import (
    Rebuttal,
    ReviewRevision,
    UsefulnessRating,
)
from concours.platform.review.models.replacement import EmergencyReviewer, Replacement
from concours.platform.review.models.round import (
    Conflict,
    ConflictParty,
    ReviewRound,
    RoundEntry,
)
from concours.platform.review.models.rubric import Criterion, Rubric
from concours.platform.review.models.screening import Screening, ScreeningFlag
from concours.platform.review.models.standing import (
    ReviewerCalibration,
    Standing,
    StandingSnapshot,
)

__all__ = [
    "Amendment",
    "AnonymousSnapshot",
    "Assignment",
    "Conflict",
    "ConflictParty",
    "Criterion",
    "EmergencyReviewer",
    "IdentityAlarm",
    "IdentityRead",
    "Pseudonym",
    "Rebuttal",
    "ReminderSent",
    "Replacement",
    "Review",
    "ReviewRevision",
    "ReviewRound",
    "ReviewerCalibration",
    "RoundEntry",
    "Rubric",
    "Screening",
    "ScreeningFlag",
    "Standing",
    "StandingSnapshot",
    "UsefulnessRating",
]
