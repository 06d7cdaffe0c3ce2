"""Reading an export: its events and its tables, each row with the place where it stands."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from concours.platform.record.chain import EventData, from_line
from concours.platform.seasons.manifest import Fault

RECORD = "record.jsonl"
APPLIED = "changes.applied"


@dataclass(frozen=True, kw_only=True)
class Said:
    """An event with its data read."""

    event: EventData
    data: dict[str, Any]

    @property
    def place(self) -> str:
        return f"{RECORD}, event {self.event.seq} ({self.event.verb})"

    @property
    def name(self) -> str:
        """What the event is about, without the word for its kind."""
        return self.event.subject.partition(":")[2]

    @property
    def track(self) -> str:
        """The short name of the track, where the subject is named after one."""
        return self.event.subject.rpartition("/")[2]


@dataclass(frozen=True, kw_only=True)
class Standings:
    """A publication of standings. `data` is enough to compute them; `amends` where changes of
    human judgements put them in place of others."""

    said: Said
    track: str
    data: dict[str, Any]
    amends: bool


@dataclass(frozen=True, kw_only=True)
class Published:
    """A publication of a result, with its inputs and the digest that the record has of them."""

    said: Said
    track: str
    inputs: dict[str, Any]
    digest: str


def standings_of(events: Iterable[Said]) -> list[Standings]:
    """Every publication of standings in order: at first, and by changes that were applied."""
    found = []
    for said in events:
        if said.event.verb == "standings.published":
            found.append(Standings(said=said, track=said.track, data=said.data, amends=False))
        elif said.event.verb == APPLIED and said.data["standings"]:
            data = said.data["standings"]
            found.append(Standings(said=said, track=said.data["track"], data=data, amends=True))
    return found


def results_of(events: Iterable[Said]) -> list[Published]:
    """Every publication of a result in order: at first, and by changes that were applied."""
    found = []
    for said in events:
        data = said.data
        if said.event.verb == "result.published":
            inputs, digest = data["inputs"], data["inputs_digest"]
        elif said.event.verb == APPLIED and data["result"]:
            inputs, digest = data["result"], data["after"]["result"]["inputs_digest"]
        else:
            continue
        found.append(Published(said=said, track=data["track"], inputs=inputs, digest=digest))
    return found


def last_of(published: Iterable[Any]) -> dict[str, Any]:
    """What of each track was published last, by the track's short name."""
    return {one.track: one for one in published}


def record_lines(folder: Path) -> Iterator[str]:
    """The record's lines. Bytes that are no UTF-8 become marks, which no digest covers."""
    with (folder / RECORD).open("rb") as file:
        for line in file:
            yield line.decode("utf-8", errors="replace")


def events_of(folder: Path, *, season: str) -> list[Said]:
    """The season's events in order; call for a record that holds."""
    found = []
    for line in record_lines(folder):
        event = from_line(line)
        if event.season == season:
            found.append(Said(event=event, data=json.loads(event.data)))
    return found


def table_of(folder: Path, name: str) -> list[list[str]] | None:
    """The rows of a CSV file, its header first; None where there is no such file."""
    path = folder / name
    if not path.is_file():
        return None
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        return list(csv.reader(file))


def differences(
    folder: Path, name: str, *, header: Iterable[str], rows: Iterable[Iterable[Any]], most: int = 5
) -> Iterator[Fault]:
    """Where the file does not say what was computed: the first `most` lines that differ."""
    stored = table_of(folder, name)
    if stored is None:
        yield Fault(place=name, what="is missing, though the record tells what it has to say")
        return
    computed = [list(header), *([str(cell) for cell in row] for row in rows)]
    told = 0
    for line, (is_now, should_be) in enumerate(zip(stored, computed, strict=False), start=1):
        if is_now != should_be and told < most:
            told += 1
            yield Fault(
                place=f"{name}, line {line}",
                what=f"says {','.join(is_now)}; {','.join(should_be)} is computed",
            )
    if len(stored) != len(computed):
        yield Fault(
            place=f"{name}, line {min(len(stored), len(computed)) + 1}",
            what=f"has {len(stored)} lines, {len(computed)} are computed",
        )
