"""The refusals of this library: a code for programs, a sentence that names the mend for people."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from concours.tables import Fault, told


class Code(StrEnum):
    """Why a clone was not looked at. The values are stable."""

    NOT_FOUND = "not-found"
    IS_A_FILE = "is-a-file"
    NO_REPOSITORY = "no-repository"
    LINKED_WORKTREE = "linked-worktree"
    EMPTY = "empty"
    SHALLOW = "shallow"
    SHA256 = "sha256"
    REFTABLE = "reftable"
    ALTERNATES = "alternates"
    LINKS_INSIDE = "links-inside"
    CORRUPT = "corrupt"
    TOO_MANY_COMMITS = "too-many-commits"
    TOO_MANY_FILES = "too-many-files"
    TOO_MANY_TAGS = "too-many-tags"
    TOO_SLOW = "too-slow"
    NO_GIT = "no-git"


class CloneRefused(Exception):
    """A clone that cannot be looked at; `message` is a plain English sentence with the mend."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class BadSet(Exception):
    """A criteria set that cannot be read; `faults` name file, key and mend."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(told(faults))
        self.faults = tuple(faults)


class BadReport(Exception):
    """A report of the check that is damaged or not of this format."""


class BadKeys(Exception):
    """Keys that cannot be read; the message says where, and the mend."""


class BadForge(Exception):
    """A forge's data that cannot be read at all; the message says where, and the mend."""
