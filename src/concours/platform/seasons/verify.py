"""An exported season computed again, from its record and on any machine, without a database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from concours.platform.record.chain import UNREADABLE
from concours.platform.record.report import verify_lines
from concours.platform.seasons import (
    manifest,
    shapes,
    verify_money,
    verify_results,
    verify_reviews,
)
from concours.platform.seasons.exported import RECORD, events_of, record_lines
from concours.platform.seasons.manifest import Fault

Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What was computed again, and every fault with its place."""

    season: str
    events: int
    head: str
    standings: int
    results: int
    movements: int
    faults: tuple[Fault, ...]

    @property
    def holds(self) -> bool:
        return not self.faults


def verify_export(
    folder: Path, *, expected_head: str | None = None, progress: Progress = lambda part: None
) -> Verified:
    """Check every byte of an export against its manifest, then the chain, then compute every
    published standing, result, award and account again from the record and compare the files.

    `expected_head` is a digest of the record noted elsewhere: it catches an export that was made
    up as a whole. Nothing is computed from a record that does not hold. The standings take most of
    the time.
    """
    progress("files")
    faults = list(manifest.faults_in(folder))
    season = _season(folder)
    if any(path.is_symlink() for path in folder.rglob("*")):
        # Nobody knows what is at their other end.
        return _nothing(season, faults)
    progress("record")
    if not (folder / RECORD).is_file():
        return _nothing(season, [*faults, Fault(place=RECORD, what="is missing")])
    report = verify_lines(record_lines(folder), expected_head=expected_head)
    faults += [
        Fault(place=f"{RECORD}, event {fault.seq}", what=fault.what) for fault in report.faults
    ]
    if not report.holds or not season:
        return _nothing(season, faults, events=report.count, head=report.head)
    events = events_of(folder, season=season)
    unreadable = list(shapes.faults_in(events))
    if unreadable:
        return _nothing(season, [*faults, *unreadable], events=report.count, head=report.head)
    counts = []
    for part, check in (
        ("standings", verify_reviews.faults_in),
        ("results", verify_results.faults_in),
        ("money", verify_money.faults_in),
    ):
        progress(part)
        try:
            count, found = check(folder, events)
        except UNREADABLE as error:
            what = f"the {part} cannot be computed from it: {error!r}"
            count, found = 0, [Fault(place=RECORD, what=what)]
        counts.append(count)
        faults += found
    return Verified(
        season=season,
        events=report.count,
        head=report.head,
        standings=counts[0],
        results=counts[1],
        movements=counts[2],
        faults=tuple(_once(faults)),
    )


def _season(folder: Path) -> str:
    try:
        return manifest.season_in(folder)
    except ValueError:
        return ""


def _nothing(season: str, faults: list[Fault], *, events: int = 0, head: str = "") -> Verified:
    return Verified(
        season=season,
        events=events,
        head=head,
        standings=0,
        results=0,
        movements=0,
        faults=tuple(_once(faults)),
    )


def _once(faults: list[Fault]) -> Iterator[Fault]:
    yield from dict.fromkeys(faults)
