"""Counting what really comes out of an archive, and the shape in which its readers hand it over."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from concours.snapshots.errors import Code, SnapshotRefused
from concours.snapshots.limits import Limits

CHUNK = 128 * 1024
"""Bytes asked for at a time: the unit of all memory that readers use."""


class Kind(Enum):
    """What a member is, once everything that is refused is out."""

    FILE = "file"
    FOLDER = "folder"
    SYMLINK = "symlink"


@dataclass(slots=True)
class Member:
    """One member; `chunks` streams a file's bytes and must be used before the next member."""

    kind: Kind
    path: str
    target: str
    chunks: Iterator[bytes]


class Meter:
    """Counts members and unpacked bytes and watches the time; one for each inspection."""

    def __init__(self, *, limits: Limits, archive_bytes: int) -> None:
        self.limits = limits
        self._archive_bytes = max(archive_bytes, 1)
        self._unpacked = 0
        self._members = 0
        self._leaves = 0
        self._end = time.monotonic() + limits.max_seconds

    def unpacked(self, count: int) -> None:
        """Note `count` bytes that came out. Raises SnapshotRefused past a bound."""
        limits = self.limits
        self._unpacked += count
        if self._unpacked > limits.max_unpacked_bytes:
            raise SnapshotRefused(
                Code.UNPACKED_TOO_LARGE,
                f"It unpacks to more than {limits.max_unpacked_bytes} bytes; "
                "leave out data sets and built files.",
            )
        if (
            self._unpacked > limits.ratio_floor_bytes
            and self._unpacked > limits.max_ratio * self._archive_bytes
        ):
            raise SnapshotRefused(
                Code.RATIO_TOO_HIGH,
                f"It unpacks to more than {limits.max_ratio} times its size; "
                "leave out blank or generated files.",
            )
        self.tick()

    def tick(self) -> None:
        """Raises SnapshotRefused TOO_SLOW once the time is up."""
        if time.monotonic() > self._end:
            raise SnapshotRefused(
                Code.TOO_SLOW,
                f"Reading it took more than {self.limits.max_seconds:g} seconds; "
                "pack it as zip or tar.gz, and smaller.",
            )

    def member(self) -> None:
        """Note a member of any kind. Raises SnapshotRefused past the bound."""
        self._members += 1
        if self._members > self.limits.max_members:
            raise too_many_files(self.limits)
        self.tick()

    def leaf(self) -> None:
        """Note a file or a link. Raises SnapshotRefused past the bound."""
        self._leaves += 1
        if self._leaves > self.limits.max_files:
            raise too_many_files(self.limits)


def too_many_files(limits: Limits) -> SnapshotRefused:
    """The refusal of one file too many."""
    return SnapshotRefused(
        Code.TOO_MANY_FILES,
        f"There are more than {limits.max_files} files inside; "
        "leave out dependencies and built files.",
    )


def corrupt(what: str, member: str | None = None) -> SnapshotRefused:
    """The refusal of damage; `what` is a sentence without its full stop."""
    return SnapshotRefused(Code.CORRUPT, f"{what}; pack and upload it again.", member)


def truncated(member: str | None = None) -> SnapshotRefused:
    """The refusal of an archive that ends too early."""
    return SnapshotRefused(
        Code.TRUNCATED, "The archive ends too early; upload it again, whole.", member
    )


def trailing_data() -> SnapshotRefused:
    """The refusal of bytes that belong to no member: they could be a second archive."""
    return SnapshotRefused(
        Code.TRAILING_DATA,
        "There are bytes before, between or after the members that belong to none of them; "
        "pack the files afresh.",
    )


def inconsistent(member: str | None = None) -> SnapshotRefused:
    """The refusal of an archive that tools would read differently."""
    return SnapshotRefused(
        Code.INCONSISTENT,
        "The archive says two different things of one member, so that tools would unpack it "
        "differently; pack the files afresh.",
        member,
    )
