"""What a foundation asks of the projects in its incubation, as data: free of the database."""

from concours.platform.incubation.programme.presets import preset_names, preset_text
from concours.platform.incubation.programme.reading import read_programme
from concours.platform.incubation.programme.rules import (
    BadProgramme,
    HealthRule,
    MentorRule,
    Programme,
    ReportRule,
    ReviewRule,
    Source,
)

__all__ = [
    "BadProgramme",
    "HealthRule",
    "MentorRule",
    "Programme",
    "ReportRule",
    "ReviewRule",
    "Source",
    "preset_names",
    "preset_text",
    "read_programme",
]
