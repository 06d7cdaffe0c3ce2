"""The standings of an export computed again: seed, duties, reviews, ranks."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from concours.peerreview import ENGINE_VERSION, BadInput
from concours.platform.appeals.enums import ChangeKind
from concours.platform.record.chain import UNREADABLE
from concours.platform.review.domain.computing import Computed
from concours.platform.review.domain.inputs import Scores, seed_for
from concours.platform.review.domain.verifying import recompute
from concours.platform.seasons.exported import (
    APPLIED,
    Said,
    Standings,
    differences,
    last_of,
    standings_of,
    table_of,
)
from concours.platform.seasons.manifest import Fault

MOST_TOLD = 5
STANDINGS = ("position", "rank", "rank_low", "rank_high", "points_milli", "reviews", "finalist")


def faults_in(folder: Path, events: list[Said]) -> tuple[int, list[Fault]]:
    """(standings computed, what does not hold of them, of seeds and of duties)."""
    found = list(_seeds(events))
    for said in events:
        if said.event.verb == "round.assigned":
            found += _duties(folder, said, events)
    published = standings_of(events)
    last = last_of(published)
    before: dict[str, Standings] = {}
    for one in published:
        try:
            found += _seed(one, events, before.get(one.track))
            found += _standings(folder, one, last=one is last[one.track])
            found += _reviews(folder, one, _amended(one, events))
        except UNREADABLE as error:
            found.append(Fault(place=one.said.place, what=f"cannot be computed: {error!r}"))
        before[one.track] = one
    return len(published), found


def _seeds(events: list[Said]) -> Iterator[Fault]:
    """Seeds that are not the ones committed to before registration closed."""
    planned = {one.track: one.data for one in events if one.event.verb == "round.planned"}
    for said in events:
        if said.event.verb == "round.assigned":
            committed = planned.get(said.track, {}).get("seed_commitment")
            if hashlib.sha256(bytes.fromhex(said.data["seed"])).hexdigest() != committed:
                yield Fault(place=said.place, what="the seed is not the one committed to")


def _duties(folder: Path, said: Said, events: list[Said]) -> Iterator[Fault]:
    name = f"data/{said.track}/assignments.csv"
    rows = table_of(folder, name)
    if rows is None:
        yield Fault(place=name, what="is missing, though reviews were assigned")
        return
    states = Counter(row[2] for row in rows[1:] if len(row) == 3)
    further = sum(
        len(one.data["given"])
        for one in events
        if one.event.verb == "duties.replaced" and one.track == said.track
    )
    if len(rows) - 1 != said.data["assignments"] + further:
        yield Fault(
            place=name,
            what=f"has {len(rows) - 1} duties, {said.data['assignments']} were assigned and "
            f"{further} given anew",
        )
    reviews = table_of(folder, f"data/{said.track}/reviews.csv") or [[]]
    if states["submitted"] != len(reviews) - 1:
        yield Fault(
            place=name,
            what=f"has {states['submitted']} duties done; there are {len(reviews) - 1} reviews",
        )
    left = sum(
        len(one.data["defaulted"])
        for one in events
        if one.event.verb == "round.closed" and one.track == said.track
    )
    left -= sum(
        one.event.verb == "duty.excused"
        and one.track == said.track
        and one.data["was"] == "defaulted"
        and not one.data["standings_stay"]
        for one in events
    )
    if states["defaulted"] != left:
        yield Fault(
            place=name,
            what=f"has {states['defaulted']} duties left undone; the record has {left}",
        )


def _seed(one: Standings, events: list[Said], before: Standings | None) -> Iterator[Fault]:
    """Changes of human judgements keep the seed, so that no draw falls otherwise by them."""
    if one.amends:
        if before is None or before.data["seed"] != one.data["seed"]:
            yield Fault(place=one.said.place, what="the seed is not that of the former standings")
        return
    seed = next(
        (
            said.data["seed"]
            for said in events
            if said.event.verb in {"round.assigned", "round.imported"} and said.track == one.track
        ),
        None,
    )
    if seed is None or seed_for(one.data["inputs"], revealed=seed).hex() != one.data["seed"]:
        yield Fault(
            place=one.said.place, what="the seed is not the one that round and reviews give"
        )


def _standings(folder: Path, one: Standings, *, last: bool) -> Iterator[Fault]:
    data = one.data
    if data["engine"] != ENGINE_VERSION:
        yield Fault(
            place=one.said.place,
            what=f"made by {data['engine']}, computed here by {ENGINE_VERSION}",
        )
    try:
        computed = recompute(data)
    except (ValueError, BadInput) as error:
        yield Fault(place=one.said.place, what=str(error))
        return
    if last:
        yield from differences(
            folder,
            f"data/{one.track}/standings.csv",
            header=["entry", *STANDINGS],
            rows=_rows(data["inputs"], computed),
        )


def _rows(inputs: dict[str, Any], computed: Computed) -> Iterator[list[Any]]:
    for row in computed.rows:
        yield [inputs["entries"][row.index], *(getattr(row, name) for name in STANDINGS)]


def _amended(one: Standings, events: list[Said]) -> dict[tuple[str, str], Scores | None]:
    """{(reviewer, entry): what counts instead of the reviewer's own points, None if struck}, by
    the changes that were applied up to these standings."""
    found: dict[tuple[str, str], Scores | None] = {}
    for said in events:
        if said.event.verb != APPLIED or said.event.seq > one.said.event.seq:
            continue
        if said.data["track"] != one.track:
            continue
        for change in said.data["changes"]:
            pair = (change["alias"], change["entry"])
            if change["kind"] == ChangeKind.RESTORE:
                found.pop(pair, None)
            elif change["kind"] in {ChangeKind.STRIKE, ChangeKind.CORRECT}:
                found[pair] = change["scores"] if change["kind"] == ChangeKind.CORRECT else None
    return found


def _reviews(
    folder: Path, one: Standings, amended: dict[tuple[str, str], Scores | None]
) -> Iterator[Fault]:
    """Reviews that are not those from which the standings were computed."""
    name, inputs = f"data/{one.track}/reviews.csv", one.data["inputs"]
    stored = table_of(folder, name)
    if stored is None:
        yield Fault(place=name, what="is missing, though standings were computed from it")
        return
    judged = {
        (inputs["reviewers"][reviewer], inputs["entries"][entry]): [str(one) for one in points]
        for reviewer, entry, points in inputs["reviews"]
    }
    header = stored[0] if stored else []
    entries, told = set(inputs["entries"]), 0
    for line, row in enumerate(stored[1:], start=2):
        pair = (row[0], row[1]) if len(row) > 2 else ("", "")
        points = judged.pop(pair, None)
        if pair[1] not in entries:
            continue
        if points != _counted(row, header, pair, amended):
            told += 1
            if told <= MOST_TOLD:
                yield Fault(
                    place=f"{name}, line {line} of the table",
                    what=f"{_text(row[:-1])} is not a review that was counted",
                )
    if judged:
        yield Fault(place=name, what=f"{len(judged)} reviews that were counted are missing")


def _counted(
    row: list[str],
    header: list[str],
    pair: tuple[str, str],
    amended: dict[tuple[str, str], Scores | None],
) -> list[str] | None:
    """What of a row of reviews.csv has to count; None if it was struck."""
    if pair not in amended:
        return row[2:-1]
    scores = amended[pair]
    return None if scores is None else [str(scores.get(key)) for key in header[2:-1]]


def _text(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()
