"""A clone, read without running anything of it: history, tags, and what each file shows."""

from concours.clones import Commit, Limits, Tag
from concours.criteria.repository.facts import Document, Repository, ScannedFile, Sighting
from concours.criteria.repository.opening import read_repository

__all__ = [
    "Commit",
    "Document",
    "Limits",
    "Repository",
    "ScannedFile",
    "Sighting",
    "Tag",
    "read_repository",
]
