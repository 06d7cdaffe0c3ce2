"""A round that was held elsewhere: its duties and reviews as they were given, then judged here."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.peerreview import ENGINE_VERSION
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.record import domain as record
from concours.platform.review.domain import identities
from concours.platform.review.domain.reviewing import digest_of
from concours.platform.review.domain.rounds import IMPORTED, SEED_BYTES, commitment, methods_for
from concours.platform.review.domain.rubrics import points_milli, terms
from concours.platform.review.enums import AliasKind, AssignmentState, RoundState
from concours.platform.review.models import Assignment, Review, ReviewRound, RoundEntry, Rubric

BATCH = 2_000


@dataclass(frozen=True, kw_only=True)
class ImportedDuty:
    """That the reviewer of one entry was to review another; `scores` is None where they did not."""

    reviewer_entry_id: int
    entry_id: int
    scores: Mapping[str, int] | None


@transaction.atomic
def import_reviews(
    *,
    actor: Any,
    track: Any,
    rubric: Rubric,
    reviewers: Mapping[int, int],
    duties: Sequence[ImportedDuty],
    finalists: int,
    sources: Mapping[str, str],
    ranked: bool = False,
    seed: bytes | None = None,
) -> ReviewRound:
    """Take a finished round in, closed and ready for `compute_standings`.

    `reviewers` is {key of entry: key of the person who reviewed for it}, for all entries.
    `sources` is {file name: SHA-256}, for the record, which also holds every review's digest.
    `ranked` says that points only order a reviewer's entries. `seed` repeats an import exactly;
    it is drawn otherwise. Raises Refused for a second round of the track, a review of one's own
    entry, a duty that stands twice, or scores that the rubric does not know. O(duties).
    """
    track = lock(track)
    require(actor, "review.run_round", track)
    if ReviewRound.objects.filter(track=track).exists():
        raise Refused("planned-already", _("This track has a review round already."))
    criteria = terms(rubric)
    _require_sound(reviewers, duties, criteria)
    round_ = _create_round(
        track=track,
        rubric=rubric,
        criteria=criteria,
        entry_count=len(reviewers),
        reviews=max(1, round(len(duties) / max(1, len(reviewers)))),
        finalists=finalists,
        ranked=ranked,
        seed=seed,
    )
    _store_entries(round_, reviewers)
    digests = _store_reviews(round_, reviewers, duties, criteria)
    record.append(
        actor=actor,
        verb="round.imported",
        subject=round_,
        season=track.season.slug,
        data={
            "sources": dict(sources),
            "seed": round_.seed_secret,
            "ranked": ranked,
            "methods": round_.params["methods"],
            "rubric": rubric.slug,
            "criteria": criteria,
            "entries": len(reviewers),
            "duties": len(duties),
            "reviews": len(digests),
            "finalists": finalists,
        },
    )
    rest = iter(digests.items())
    while part := dict(islice(rest, BATCH)):
        record.append(
            actor=actor,
            verb="reviews.imported",
            subject=round_,
            season=track.season.slug,
            data={"digests": part},
        )
    return round_


def _require_sound(
    reviewers: Mapping[int, int], duties: Sequence[ImportedDuty], criteria: list[dict[str, Any]]
) -> None:
    if len(set(reviewers.values())) < len(reviewers):
        raise Refused("reviewer-twice", _("A reviewer reviews for one entry."))
    known = {criterion["key"]: criterion["max_points"] for criterion in criteria}
    met: set[tuple[int, int]] = set()
    for duty in duties:
        pair = (duty.reviewer_entry_id, duty.entry_id)
        if pair[0] == pair[1]:
            raise Refused("own-entry", _("Nobody reviews their own entry."))
        if pair in met:
            raise Refused("review-twice", _("A reviewer reviews an entry once."))
        if pair[0] not in reviewers or pair[1] not in reviewers:
            raise Refused("unknown-entry", _("A review is of an entry of the track."))
        met.add(pair)
        if duty.scores is not None and not _fits(duty.scores, known):
            raise Refused("bad-scores", _("Give whole points for each criterion."))


def _fits(scores: Mapping[str, int], known: Mapping[str, int]) -> bool:
    return scores.keys() == known.keys() and all(
        type(points) is int and 0 <= points <= known[key] for key, points in scores.items()
    )


def _create_round(
    *,
    track: Any,
    rubric: Rubric,
    criteria: list[dict[str, Any]],
    entry_count: int,
    reviews: int,
    finalists: int,
    ranked: bool,
    seed: bytes | None,
) -> ReviewRound:
    moment = clock.now()
    # As in `plan_round`: a given seed repeats the aliases too.
    alias_key = hmac.digest(seed, b"aliases", "sha256") if seed else secrets.token_bytes(SEED_BYTES)
    seed = seed or secrets.token_bytes(SEED_BYTES)
    return ReviewRound.objects.create(
        track=track,
        rubric=rubric,
        state=RoundState.CLOSED,
        reviews_per_entry=reviews,
        finalists=finalists,
        opens_at=track.starts_at,
        closes_at=max(moment, track.registration_closes_at),
        seed_secret=seed.hex(),
        seed_commitment=commitment(seed),
        seed_revealed_at=moment,
        alias_key=alias_key.hex(),
        alias_commitment=commitment(alias_key),
        method=IMPORTED,
        engine=ENGINE_VERSION,
        entry_count=entry_count,
        params={"criteria": criteria, "ranked": ranked, "methods": methods_for(track).as_json()},
        planned_at=moment,
        assigned_at=moment,
        closed_at=moment,
    )


def _store_entries(round_: ReviewRound, reviewers: Mapping[int, int]) -> None:
    entries = sorted(reviewers)
    order = identities.secret_order(key=bytes.fromhex(round_.alias_key), count=len(entries))
    RoundEntry.objects.bulk_create(
        [
            RoundEntry(
                round=round_,
                entry_id=entries[place],
                reviewer_id=reviewers[entries[place]],
                index=index,
                part=0,
            )
            for index, place in enumerate(order)
        ],
        batch_size=BATCH,
    )
    identities.give_aliases(round=round_, kind=AliasKind.ENTRY, subject_ids=entries)
    people = [reviewers[entry] for entry in entries]
    identities.give_aliases(round=round_, kind=AliasKind.REVIEWER, subject_ids=people)


def _store_reviews(
    round_: ReviewRound,
    reviewers: Mapping[int, int],
    duties: Sequence[ImportedDuty],
    criteria: list[dict[str, Any]],
) -> dict[str, str]:
    """The record's names of the duties that were done, with the digests of their reviews."""
    assignments = Assignment.objects.bulk_create(
        [
            Assignment(
                round=round_,
                reviewer_id=reviewers[duty.reviewer_entry_id],
                reviewer_entry_id=duty.reviewer_entry_id,
                entry_id=duty.entry_id,
                state=(
                    AssignmentState.DEFAULTED if duty.scores is None else AssignmentState.SUBMITTED
                ),
            )
            for duty in duties
        ],
        batch_size=BATCH,
    )
    moment = clock.now()
    reviews = Review.objects.bulk_create(
        [
            Review(
                assignment=assignment,
                scores=dict(duty.scores),
                points_milli=points_milli(criteria=criteria, scores=dict(duty.scores)),
                salt=secrets.token_hex(16),
                submitted_at=moment,
                updated_at=moment,
            )
            for assignment, duty in zip(assignments, duties, strict=True)
            if duty.scores is not None
        ],
        batch_size=BATCH,
    )
    return {record.subject_name(review.assignment): digest_of(review) for review in reviews}
