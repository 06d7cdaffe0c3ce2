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
from concours.platform.review.domain.computing import Computed
from concours.platform.review.domain.inputs import seed_for
from concours.platform.review.domain.verifying import recompute
from concours.platform.seasons.exported import Said, differences, table_of
from concours.platform.seasons.manifest import Fault

STANDINGS = ("position", "rank", "rank_low", "rank_high", "points_milli", "reviews", "finalist")


def faults_in(folder: Path, events: list[Said]) -> tuple[int, list[Fault]]:
    """(standings computed, what does not hold of them, of seeds and of duties)."""
    found, count = list(_seeds(events)), 0
    for said in events:
        if said.event.verb == "round.assigned":
            found += _duties(folder, said, events)
        elif said.event.verb == "standings.published":
            count += 1
            found += _standings(folder, said, events)
    return count, found


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
    replaced = any(one.event.verb.startswith("duty.") for one in events)
    if not replaced and len(rows) - 1 != said.data["assignments"]:
        yield Fault(
            place=name,
            what=f"has {len(rows) - 1} duties, {said.data['assignments']} were assigned",
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
    if states["defaulted"] != left:
        yield Fault(
            place=name,
            what=f"has {states['defaulted']} duties left undone; the record has {left}",
        )


def _standings(folder: Path, said: Said, events: list[Said]) -> Iterator[Fault]:
    data = said.data
    if data["engine"] != ENGINE_VERSION:
        yield Fault(
            place=said.place, what=f"made by {data['engine']}, computed here by {ENGINE_VERSION}"
        )
    seed = next(
        (
            one.data["seed"]
            for one in events
            if one.event.verb in {"round.assigned", "round.imported"} and one.track == said.track
        ),
        None,
    )
    if seed is None or seed_for(data["inputs"], revealed=seed).hex() != data["seed"]:
        yield Fault(place=said.place, what="the seed is not the one that round and reviews give")
    try:
        computed = recompute(data)
    except (ValueError, BadInput) as error:
        yield Fault(place=said.place, what=str(error))
        return
    folder_name = f"data/{said.track}"
    yield from differences(
        folder,
        f"{folder_name}/standings.csv",
        header=["entry", *STANDINGS],
        rows=_rows(data["inputs"], computed),
    )
    yield from _reviews(folder, f"{folder_name}/reviews.csv", data["inputs"])


def _rows(inputs: dict[str, Any], computed: Computed) -> Iterator[list[Any]]:
    for row in computed.rows:
        yield [inputs["entries"][row.index], *(getattr(row, name) for name in STANDINGS)]


def _reviews(folder: Path, name: str, inputs: dict[str, Any]) -> Iterator[Fault]:
    """Reviews that are not those from which the standings were computed."""
    stored = table_of(folder, name)
    if stored is None:
        yield Fault(place=name, what="is missing, though standings were computed from it")
        return
    judged = {
        (inputs["reviewers"][reviewer], inputs["entries"][entry]): [str(one) for one in points]
        for reviewer, entry, points in inputs["reviews"]
    }
    entries, told = set(inputs["entries"]), 0
    for line, row in enumerate(stored[1:], start=2):
        pair = (row[0], row[1]) if len(row) > 2 else ("", "")
        points = judged.pop(pair, None)
        if (points is None and pair[1] in entries) or (points and row[2:-1] != points):
            told += 1
            if told <= 5:
                yield Fault(
                    place=f"{name}, line {line} of the table",
                    what=f"{_text(row[:-1])} is not a review that was counted",
                )
    if judged:
        yield Fault(place=name, what=f"{len(judged)} reviews that were counted are missing")


def _text(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()
