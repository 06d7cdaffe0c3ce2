"""Software shown without its authors: a library that needs no Django.

An archive and the strings that tell whose it is go in; an archive without them comes out, with a
list of what was taken out or replaced and of what a reader should look at.
"""

from concours.anonymity.anonymising import Anonymised, Bounds, anonymise
from concours.anonymity.findings import Action, Finding, Report
from concours.anonymity.identities import Identity, Kind, Subject, identities_of
from concours.anonymity.spelling import Scrubber

RULES_VERSION = 1
"""Raised whenever the same input would give another output."""

__all__ = [
    "RULES_VERSION",
    "Action",
    "Anonymised",
    "Bounds",
    "Finding",
    "Identity",
    "Kind",
    "Report",
    "Scrubber",
    "Subject",
    "anonymise",
    "identities_of",
]
