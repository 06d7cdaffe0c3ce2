"""Strangers' software turned into an immutable snapshot; a library that needs no Django."""

from concours.platform.snapshots.archives import inspect_archive, read_member
from concours.platform.snapshots.errors import Code, SnapshotRefused
from concours.platform.snapshots.limits import Limits
from concours.platform.snapshots.snapshot import FileEntry, Skipped, Snapshot, manifest_text

__all__ = [
    "Code",
    "FileEntry",
    "Limits",
    "Skipped",
    "Snapshot",
    "SnapshotRefused",
    "inspect_archive",
    "manifest_text",
    "read_member",
]
