"""Strangers' software turned into an immutable snapshot; a library that needs no Django."""

from concours.platform.snapshots.archives import inspect_archive, read_member
from concours.platform.snapshots.describe import Description, describe
from concours.platform.snapshots.errors import Code, SnapshotRefused
from concours.platform.snapshots.git import GitPolicy, GitSnapshot, fetch_commit
from concours.platform.snapshots.gitprocess import GitUnusableError
from concours.platform.snapshots.limits import Limits
from concours.platform.snapshots.snapshot import FileEntry, Skipped, Snapshot, manifest_text

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
    "fetch_commit",
    "inspect_archive",
    "manifest_text",
    "read_member",
]
