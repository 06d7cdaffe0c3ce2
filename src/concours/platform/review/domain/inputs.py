"""What standings are computed from, as one JSON value: enough to compute them anywhere.

    {"criteria": [{"key", "weight", "max_points"}],
     "entries": [entry code], "parts": [part of each entry],
     "barred": {index of entry: {"owed", "defaulted"}},
     "reviewers": [alias], "reviewer_parts": [part of the entry they review for],
     "reviews": [[index of reviewer, index of entry, [points of each criterion]]],
     "ranked": true where a reviewer's points only put the entries in order,
     "size": finalists asked for, "level": coverage of intervals, "draws": posterior draws,
     "method": of consensus, "selection": of finalists}

and, where ranks leave own reviews out (see folds.py),

    {"folds": [fold of each entry], "reviewer_folds": [fold of the entry they review for],
     "coin": the round's revealed seed, which no review can move}

and, where a machine counts in the choice of finalists,

    {"machine": {"weights": {"machine", "peer"}, "places": [place of each entry or null],
                 "snapshot", "digest", "source": of the board they come from}}

Reviewers stand under their aliases and by part and fold, not by entry: the value is published with
the standings, and who reviewed what is not. Emergency reviewers have part and fold -1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

from concours.platform.competitions.enums import EntryState
from concours.platform.leaderboards.domain import machine_order
from concours.platform.record.chain import canonical
from concours.platform.review.domain.consequences import duties_by_entry
from concours.platform.review.domain.folds import deal_folds
from concours.platform.review.domain.identities import aliases_of
from concours.platform.review.enums import AliasKind
from concours.platform.review.methods import methods_of
from concours.platform.review.models import (
    Amendment,
    Assignment,
    Review,
    ReviewRound,
    RoundEntry,
    StandingSnapshot,
)

DRAWS = 1_000
Scores = dict[str, int]


class Inputs(TypedDict):
    """See the module."""

    criteria: list[dict[str, Any]]
    entries: list[str]
    parts: list[int]
    barred: dict[str, dict[str, int]]
    reviewers: list[str]
    reviewer_parts: list[int]
    reviews: list[list[Any]]
    ranked: bool
    size: int
    level: float
    draws: int
    method: str
    selection: str
    folds: NotRequired[list[int]]
    reviewer_folds: NotRequired[list[int]]
    coin: NotRequired[str]
    machine: NotRequired[dict[str, Any]]


def gather(
    round: ReviewRound,  # noqa: A002
    *,
    entry_ids: Sequence[int] | None = None,
    standing: StandingSnapshot | None = None,
    number: int | None = None,
    counted: Mapping[int, Scores | None] | None = None,
) -> tuple[Inputs, list[int], list[int]]:
    """(inputs, keys of the entries, keys of the reviewers), both in the order of the inputs.

    Without `entry_ids`, the entries that are in the track now; reviews of others are left out.
    With `standing`, the machine's order is the one which that was computed with. `number` is that
    of the standings whose amendments count, without it all of them. `counted` are scores to count
    in place of what counts now, by key of the review; None where it is struck. Raises Refused while
    the machine counts and has no order yet.
    """
    rows = RoundEntry.objects.filter(round=round).order_by("entry_id")
    methods = methods_of(round.params)
    entry_of = _entries_of(round)
    parts_by_entry = dict(rows.values_list("entry_id", "part"))
    folds = _folds(round, rows) if methods.own_left_out else None
    if entry_ids is None:
        rows = rows.filter(entry__state=EntryState.ENTERED)
    found = list(rows.values_list("entry_id", "entry__code", "part"))
    if entry_ids is not None:
        wanted = set(entry_ids)
        found = [row for row in found if row[0] in wanted]
    entries = [row[0] for row in found]
    aliases = aliases_of(round=round, kind=AliasKind.REVIEWER)
    reviewers = sorted(aliases, key=aliases.__getitem__)
    duties = duties_by_entry(round)
    criteria = round.params["criteria"]
    inputs = Inputs(
        criteria=criteria,
        entries=[row[1] for row in found],
        parts=[row[2] for row in found],
        barred={
            str(index): {"owed": duty.owed, "defaulted": duty.defaulted}
            for index, entry in enumerate(entries)
            if (duty := duties.get(entry)) is not None and duty.beyond(methods.finalist_undone)
        },
        reviewers=[aliases[reviewer] for reviewer in reviewers],
        reviewer_parts=[parts_by_entry.get(entry_of.get(one, 0), -1) for one in reviewers],
        reviews=_reviews(
            round,
            entries=entries,
            reviewers=reviewers,
            counted={**amended(round, number=number), **(counted or {})},
        ),
        ranked=bool(round.params.get("ranked", False)),
        size=round.finalists,
        level=methods.level / 100,
        draws=DRAWS,
        method=methods.consensus,
        selection=methods.selection,
    )
    if folds is not None:
        inputs["folds"] = [folds[entry] for entry in entries]
        inputs["reviewer_folds"] = [folds.get(entry_of.get(one, 0), -1) for one in reviewers]
        inputs["coin"] = round.revealed_seed
    machine = _machine(round, inputs["entries"], standing)
    if machine is not None:
        inputs["machine"] = machine
    return inputs, entries, reviewers


def _machine(
    round: ReviewRound,  # noqa: A002
    codes: list[str],
    standing: StandingSnapshot | None,
) -> dict[str, Any] | None:
    """The machine's part in the choice of finalists, None where it has none."""
    number = None if standing is None else standing.params.get("machine")
    if standing is not None and number is None:
        return None
    found = machine_order(track=round.track, snapshot=number)
    if found is None:
        return None
    return {
        "weights": {"machine": round.track.weight_machine, "peer": round.track.weight_peer},
        "places": [found.places.get(code) for code in codes],
        "snapshot": found.snapshot,
        "digest": found.digest,
        "source": found.source,
    }


def _entries_of(round: ReviewRound) -> dict[int, int]:  # noqa: A002
    """{reviewer: the entry they review for}; emergency reviewers, who have none, are left out."""
    found = dict(
        RoundEntry.objects.filter(round=round).values_list("reviewer_id", "entry_id").order_by()
    )
    further = Assignment.objects.filter(round=round, reviewer_entry__isnull=False)
    for reviewer, entry in further.values_list("reviewer_id", "reviewer_entry_id").order_by():
        if entry is not None:
            found.setdefault(reviewer, entry)
    return found


def _folds(
    round: ReviewRound,  # noqa: A002
    rows: Any,
) -> dict[int, int] | None:
    """The fold by entry, of all entries that were drawn, those that left among them: a reviewer
    whose entry has left keeps a fold to hide in."""
    found = list(rows.values_list("entry_id", "part"))
    folds = deal_folds([part for _key, part in found], seed=bytes.fromhex(round.revealed_seed))
    if folds is None:
        return None
    return {entry: fold for (entry, _part), fold in zip(found, folds, strict=True)}


def digest_of(inputs: Inputs) -> str:
    """SHA-256 of the canonical JSON of all inputs."""
    return hashlib.sha256(canonical(inputs).encode()).hexdigest()


def seed_for(inputs: Inputs, *, revealed: str) -> bytes:
    """The seed of ties, draws and seats: of the revealed seed and of what the reviews say.

    The revealed seed alone would let a reviewer reckon how seats will be rounded; what all others
    wrote is known to nobody before the deadline. Codes, which are drawn at random, are left out,
    so that a replay under the same seed gives the same result.
    """
    said = {key: value for key, value in inputs.items() if key != "entries"}
    return hashlib.sha256(bytes.fromhex(revealed) + canonical(said).encode()).digest()


def _reviews(
    round: ReviewRound,  # noqa: A002
    *,
    entries: list[int],
    reviewers: list[int],
    counted: Mapping[int, Scores | None],
) -> list[list[Any]]:
    entry_at = {entry: index for index, entry in enumerate(entries)}
    reviewer_at = {reviewer: index for index, reviewer in enumerate(reviewers)}
    keys = [criterion["key"] for criterion in round.params["criteria"]]
    rows = Review.objects.filter(assignment__round=round).values_list(
        "pk", "assignment__reviewer_id", "assignment__entry_id", "scores"
    )
    found = []
    for pk, reviewer, entry, own in rows:
        scores = counted.get(pk, own)
        if entry in entry_at and scores is not None:
            found.append([reviewer_at[reviewer], entry_at[entry], [scores[key] for key in keys]])
    return sorted(found)


def amended(
    round: ReviewRound,  # noqa: A002
    *,
    number: int | None = None,
) -> dict[int, Scores | None]:
    """What counts of each review that was amended up to standings `number`; None where struck.

    By key of the review; those whose own scores count again are left out.
    """
    rows = Amendment.objects.filter(review__assignment__round=round).order_by("number")
    if number is not None:
        rows = rows.filter(number__lte=number)
    latest = {row.review_id: row for row in rows}
    return {
        review: row.scores for review, row in latest.items() if row.struck or row.scores is not None
    }
