"""From an archive to one without its authors. Nothing of the archive is run or shown."""

from __future__ import annotations

import gzip
import hashlib
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from concours.anonymity.findings import Report
from concours.anonymity.identities import Identity
from concours.anonymity.paths import renamed
from concours.anonymity.places import left_out_for
from concours.anonymity.scrubbing import FileScrubber
from concours.snapshots import (
    Code,
    FileEntry,
    Limits,
    SnapshotRefused,
    extract_archive,
    manifest_text,
)
from concours.snapshots.meter import CHUNK
from concours.snapshots.tarwriter import finish, write_file

PROGRAMS = (b"#!", b"\x7fELF")


@dataclass(frozen=True)
class Bounds:
    """How much is done for one archive. `limits` are those of taking it in."""

    limits: Limits = field(default_factory=Limits)
    max_seconds: float = 120.0
    """Wall-clock time for all files together, looked at between files."""
    max_text_bytes: int = 8 * 1024 * 1024
    """Larger files are searched as bytes, whatever they hold."""


@dataclass(frozen=True)
class Anonymised:
    """What was written: the SHA-256 of the archive, that of its files' list, sizes in bytes."""

    digest: str
    content_digest: str
    size: int
    file_count: int
    report: Report


def anonymise(
    archive: Path, into: Path, *, identities: Iterable[Identity], bounds: Bounds | None = None
) -> Anonymised:
    """Write the archive's files without `identities` to the new file `into`, as tar.gz.

    The same archive, identities and rules give the same content digest everywhere, and the same
    bytes with the same zlib: names are sorted, times and owners are 0. Links, files that tell
    people by their nature and everything a version control keeps are left out. O(unpacked bytes)
    for each identity that occurs. Raises SnapshotRefused for an archive that is unsafe or takes
    too long; OSError.
    """
    bounds = bounds or Bounds()
    tick = _clock(bounds.max_seconds)
    report = Report()
    scrubber = FileScrubber(identities, report=report, max_text_bytes=bounds.max_text_bytes)
    with tempfile.TemporaryDirectory(prefix="concours-anonymity-") as folder:
        unpacked, cleaned = Path(folder) / "in", Path(folder) / "out"
        unpacked.mkdir()
        cleaned.mkdir()
        snapshot = extract_archive(archive, unpacked, limits=bounds.limits)
        for link in snapshot.skipped:
            report.add(link.path, link.kind, scrubber.removed)
        kept = _kept([entry.path for entry in snapshot.files], report, scrubber)
        entries = []
        for number, (path, shown) in enumerate(renamed(kept, scrubber)):
            tick()
            target = cleaned / str(number)
            scrubber.write(unpacked / path, target, path=path, shown=shown)
            entries.append((shown, target))
        return _pack(sorted(entries, key=lambda one: one[0].encode()), into, report)


def _kept(paths: list[str], report: Report, scrubber: FileScrubber) -> list[str]:
    kept = []
    for path in paths:
        rule = left_out_for(path)
        if rule is None:
            kept.append(path)
        else:
            report.add(path, rule, scrubber.removed)
    return kept


def _pack(entries: list[tuple[str, Path]], into: Path, report: Report) -> Anonymised:
    listed = []
    with into.open("xb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed:
        out: Any = packed
        for shown, source in entries:
            digest = hashlib.sha256()
            size = source.stat().st_size
            write_file(
                out,
                path=shown,
                size=size,
                executable=_is_program(source),
                chunks=_hashed(_chunks(source), digest),
            )
            listed.append(FileEntry(shown, size, digest.hexdigest()))
        finish(out)
    with into.open("rb") as written:
        digest_of_archive = hashlib.file_digest(written, "sha256").hexdigest()
    return Anonymised(
        digest=digest_of_archive,
        content_digest=hashlib.sha256(manifest_text(listed).encode()).hexdigest(),
        size=into.stat().st_size,
        file_count=len(listed),
        report=report,
    )


def _is_program(source: Path) -> bool:
    with source.open("rb") as file:
        return file.read(4).startswith(PROGRAMS)


def _chunks(source: Path) -> Iterator[bytes]:
    with source.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _hashed(chunks: Iterable[bytes], digest: Any) -> Iterator[bytes]:
    for chunk in chunks:
        digest.update(chunk)
        yield chunk


def _clock(seconds: float) -> Callable[[], None]:
    end = time.monotonic() + seconds

    def tick() -> None:
        if time.monotonic() > end:
            raise SnapshotRefused(
                Code.TOO_SLOW,
                f"Taking names out took more than {seconds:g} seconds; "
                "leave out data sets and built files.",
            )

    return tick
