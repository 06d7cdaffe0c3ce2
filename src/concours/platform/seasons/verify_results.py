"""The results and awards of an export computed again from the inputs in its record."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from concours.platform.awards.document import Inputs, Outcome, digest_of, from_text, outcome_of
from concours.platform.awards.domain.exporting import AWARD_COLUMNS, RESULT_COLUMNS
from concours.platform.record.chain import UNREADABLE, canonical
from concours.platform.seasons.exported import (
    Published,
    Said,
    differences,
    last_of,
    results_of,
    standings_of,
)
from concours.platform.seasons.manifest import Fault


def faults_in(folder: Path, events: list[Said]) -> tuple[int, list[Fault]]:
    """(results computed, what does not hold of them)."""
    found: list[Fault] = []
    published = results_of(events)
    last = last_of(published)
    for one in published:
        found += _result(folder, one, events, last=one is last[one.track])
    return len(published), found


def outcome_in(one: Published) -> tuple[Inputs, Outcome]:
    """What the inputs of a published result lead to. Raises ValueError."""
    text = canonical(one.inputs)
    if digest_of(text) != one.digest:
        raise ValueError("the inputs do not match their digest")
    try:
        inputs = from_text(text)
        return inputs, outcome_of(inputs)
    except UNREADABLE as error:
        raise ValueError(f"cannot be computed: {error!r}") from error


def _result(folder: Path, one: Published, events: list[Said], *, last: bool) -> Iterator[Fault]:
    try:
        inputs, outcome = outcome_in(one)
    except ValueError as error:
        yield Fault(place=one.said.place, what=str(error))
        return
    yield from _peer(one.said, inputs, events)
    if not last:
        # It was replaced; the files tell of the one in its place.
        return
    track = one.track
    yield from _weights(folder, track, inputs)
    yield from differences(
        folder, f"data/{track}/results.csv", header=RESULT_COLUMNS, rows=_lines(outcome)
    )
    yield from differences(
        folder, f"data/{track}/awards.csv", header=AWARD_COLUMNS, rows=_awards(inputs, outcome)
    )


def _lines(outcome: Outcome) -> Iterator[list[Any]]:
    for position, standing in enumerate(outcome.standings, start=1):
        yield [
            standing.candidate.code,
            position,
            standing.place,
            standing.tied,
            standing.total.numerator,
            standing.total.denominator,
        ]


def _awards(inputs: Inputs, outcome: Outcome) -> Iterator[list[Any]]:
    currency = {pool.code: pool.currency for pool in inputs.pools}
    for pool, settlement in sorted(outcome.settlements.items()):
        for share in sorted(settlement.shares, key=lambda one: (one.place, one.code)):
            yield [pool, share.code, share.place, share.title, currency[pool], share.amount_minor]


def _peer(said: Said, inputs: Inputs, events: list[Said]) -> Iterator[Fault]:
    """The standings that a result names have to be those that the record publishes."""
    if not inputs.peer:
        return
    named = {
        one.data["result_digest"]
        for one in standings_of(events)
        if one.said.event.seq <= said.event.seq
    }
    if inputs.peer.get("result_digest") not in named:
        yield Fault(place=said.place, what="its peer standings are not among those published")


def _weights(folder: Path, track: str, inputs: Inputs) -> Iterator[Fault]:
    path = folder / f"tracks/{track}.toml"
    try:
        weights = tomllib.loads(path.read_text(encoding="utf-8"))["weights"]
    except (OSError, KeyError, UnicodeError, tomllib.TOMLDecodeError) as error:
        yield Fault(place=f"tracks/{track}.toml", what=f"its weights cannot be read: {error}")
        return
    if weights != asdict(inputs.weights):
        yield Fault(
            place=f"tracks/{track}.toml", what="its weights are not those of the published result"
        )
