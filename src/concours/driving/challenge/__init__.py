"""The driving challenge as data: maps, training scenarios, and sealed ones from a seed."""

from concours.driving.challenge.composing import NoScenarios, compose
from concours.driving.challenge.drafts import Draft, Happening
from concours.driving.challenge.training import PLANS, Plan, drafts
from concours.driving.challenge.writing import files, maps, networks, write_drafts, write_files

__all__ = [
    "PLANS",
    "Draft",
    "Happening",
    "NoScenarios",
    "Plan",
    "compose",
    "drafts",
    "files",
    "maps",
    "networks",
    "write_drafts",
    "write_files",
]
