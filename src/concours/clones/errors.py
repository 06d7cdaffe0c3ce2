"""Why a clone is not read: a code for programs, a sentence that names the mend for people."""

from __future__ import annotations

from enum import StrEnum


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
