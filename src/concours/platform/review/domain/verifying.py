"""Computing standings again: from the stored reviews, and from the record alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

from concours.peerreview import ENGINE_VERSION
from concours.platform.record import domain as record
from concours.platform.review.domain import inputs as judged
from concours.platform.review.domain.computing import Computed, Row, compute
from concours.platform.review.domain.reviewing import digest_of
from concours.platform.review.models import Review, Standing, StandingSnapshot

WRITTEN = frozenset({"review.submitted", "review.edited", "review.amended_after_answer"})
"""Events that hold the digest of a review as it is from then on."""
SHOWN = 20
"""How many differences of one kind are told."""


def verify_standings(*, snapshot: StandingSnapshot) -> list[str]:
    """What does not hold of a snapshot; [] if the stored reviews give exactly these standings.

    Checks that every review is the one the record holds the digest of, the inputs' digest, the
    seed, and each row. O(events of the season) beside the computation.
    """
    stored = list(Standing.objects.filter(snapshot=snapshot).order_by("position"))
    inputs, entries, _reviewers = judged.gather(
        snapshot.round,
        entry_ids=[row.entry_id for row in stored],
        standing=snapshot,
        number=snapshot.number,
    )
    found = list(_changed_reviews(snapshot))[:SHOWN]
    if snapshot.engine != ENGINE_VERSION:
        found.append(f"made by {snapshot.engine}, checked by {ENGINE_VERSION}")
    if judged.digest_of(inputs) != snapshot.inputs_digest:
        found.append("the stored reviews are not the inputs that the snapshot names")
    if snapshot.amends is None:
        seed = judged.seed_for(inputs, revealed=snapshot.round.revealed_seed)
    else:
        seed = bytes.fromhex(snapshot.amends.seed)
    if seed.hex() != snapshot.seed:
        found.append("the seed is not the one that round and reviews give")
    again = compute(inputs, seed=seed)
    if again.digest != snapshot.result_digest:
        found.append("the result is not the one whose digest the snapshot names")
    return found + _differing_rows(stored, again, entries)[:SHOWN]


def recompute(data: Mapping[str, Any]) -> Computed:
    """The standings of a `standings.published` event, from its data alone.

    Raises ValueError where inputs, digest and seed do not belong together or the result differs.
    """
    inputs = cast("judged.Inputs", data["inputs"])
    if judged.digest_of(inputs) != data["inputs_digest"]:
        raise ValueError("the inputs do not match their digest")
    computed = compute(inputs, seed=bytes.fromhex(data["seed"]))
    if computed.digest != data["result_digest"]:
        raise ValueError("the inputs and the seed give another result")
    return computed


def published_inputs(*, snapshot: StandingSnapshot) -> dict[str, Any]:
    """What `recompute` takes, of a snapshot that may be shown: the same as in the record's event.

    Read back from the stored reviews of the entries that the snapshot ranks.
    """
    entry_ids = list(snapshot.standings.order_by().values_list("entry_id", flat=True))
    inputs, _entries, _reviewers = judged.gather(
        snapshot.round, entry_ids=entry_ids, standing=snapshot, number=snapshot.number
    )
    return {
        "number": snapshot.number,
        "engine": snapshot.engine,
        "seed": snapshot.seed,
        "inputs": inputs,
        "inputs_digest": snapshot.inputs_digest,
        "result_digest": snapshot.result_digest,
    }


def _differing_rows(stored: list[Standing], again: Computed, entries: list[int]) -> list[str]:
    if len(stored) != len(again.rows):
        return [f"{len(stored)} standings are stored, {len(again.rows)} are computed"]
    return [
        f"position {row.position} differs"
        for row, fresh in zip(stored, again.rows, strict=True)
        if not _same(row, fresh, entries)
    ]


def _same(stored: Standing, fresh: Row, entries: list[int]) -> bool:
    exact = ("position", "rank", "rank_low", "rank_high", "reviews", "finalist", "duty_fulfilled")
    return (
        stored.entry_id == entries[fresh.index]
        and all(getattr(stored, name) == getattr(fresh, name) for name in exact)
        # The last bits of sums differ between machines.
        and abs(stored.points_milli - fresh.points_milli) <= 1
        and abs(stored.estimate - fresh.estimate) < 1e-6
        and abs(stored.standard_error - fresh.standard_error) < 1e-6
        and (stored.chance is None or abs(stored.chance - (fresh.chance or 0)) < 0.01)
        and stored.reason.get("code") == fresh.reason.get("code")
    )


def _changed_reviews(snapshot: StandingSnapshot) -> Iterator[str]:
    noted: dict[str, str] = {}
    for event in record.iterate(season=snapshot.round.track.season.slug):
        if event.verb in WRITTEN:
            noted[event.subject] = json.loads(event.data)["digest"]
        elif event.verb == "reviews.imported":
            noted.update(json.loads(event.data)["digests"])
    reviews = Review.objects.filter(assignment__round=snapshot.round).select_related("assignment")
    for review in reviews.iterator(chunk_size=2_000):
        subject = record.subject_name(review.assignment)
        if noted.get(subject) != digest_of(review):
            yield f"the review of {subject} is not the one that the record holds"
