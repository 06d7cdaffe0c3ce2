from concours.platform.incubation.models.health import HealthReport
from concours.platform.incubation.models.incubation import Incubation, Milestone
from concours.platform.incubation.models.mentor import DeclaredConflict, Mentor, Mentoring
from concours.platform.incubation.models.programme import ProgrammeVersion
from concours.platform.incubation.models.report import MentorAct, PeriodicReport, ReportReminder
from concours.platform.incubation.models.review import AnnualReview

__all__ = [
    "AnnualReview",
    "DeclaredConflict",
    "HealthReport",
    "Incubation",
    "Mentor",
    "MentorAct",
    "Mentoring",
    "Milestone",
    "PeriodicReport",
    "ProgrammeVersion",
    "ReportReminder",
]
