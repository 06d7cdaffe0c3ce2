"""A clone, read without running anything of it: history, tags, and what each file shows."""

from concours.clones import Commit, Limits, Tag, Trust
from concours.criteria.repository.facts import Document, Repository, ScannedFile, Sighting
from concours.criteria.repository.keys import Keys, load_keys
from concours.criteria.repository.opening import read_repository

__all__ = [
    "Commit",
    "Document",
    "Keys",
    "Limits",
    "Repository",
    "ScannedFile",
    "Sighting",
    "Tag",
    "Trust",
    "load_keys",
    "read_repository",
]
