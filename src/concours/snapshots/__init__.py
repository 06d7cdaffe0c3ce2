"""Strangers' software turned into an immutable snapshot; a library that needs no Django."""

from concours.snapshots.archives import extract_archive, inspect_archive, read_member
from concours.snapshots.describe import Description, describe
from concours.snapshots.errors import Code, SnapshotRefused
from concours.snapshots.git import GitPolicy, GitSnapshot, fetch_commit
from concours.snapshots.gitprocess import GitUnusableError
from concours.snapshots.limits import Limits
from concours.snapshots.snapshot import FileEntry, Skipped, Snapshot, manifest_text

__all__ = [
    "Code",
    "Description",
    "FileEntry",
    "GitPolicy",
    "GitSnapshot",
    "GitUnusableError",
    "Limits",
    "Skipped",
    "Snapshot",
    "SnapshotRefused",
    "describe",
    "extract_archive",
    "fetch_commit",
    "inspect_archive",
    "manifest_text",
    "read_member",
]
