"""Who reviews whom: drawn once by the committed seed, which is revealed in the same act."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Any

import numpy as np
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.peerreview import (
    AssignmentProblem,
    AssignmentResult,
    BadInput,
    InfeasibleAssignment,
    verify_assignment,
)
from concours.platform.competitions.domain import EntryFacts, entries_by_id, entry_facts
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.record import domain as record
from concours.platform.review.domain import conflicts, drawing, identities
from concours.platform.review.domain.problem import Facts, problem_of
from concours.platform.review.domain.refilling import verify_replacements
from concours.platform.review.domain.reserve import take_in_reserve
from concours.platform.review.domain.rounds import (
    IMPORTED,
    MAX_REVIEWS,
    commitment,
    lock_round,
)
from concours.platform.review.enums import AliasKind, ConflictKind, RoundState
from concours.platform.review.methods import BY_TEXTS, CAPPED, MOST_PROBABLE, Methods, methods_of
from concours.platform.review.models import Assignment, ReviewRound, RoundEntry

BATCH = 5_000


@transaction.atomic
def assign_reviews(
    *,
    actor: Any,
    round: ReviewRound,  # noqa: A002
    reviews_per_entry: int | None = None,
    ignored_organisations: Collection[int] = (),
) -> ReviewRound:
    """Assign reviewers to the entries that have a submission, and reveal the seed.

    Both options are the mends of an assignment that cannot be: fewer reviews, and organisations
    whose teams may review one another; the record names them. O(entries * reviews).
    Raises Refused before registration and submissions are over, for a second assignment, and with
    the engine's reason where the constraints leave no assignment.
    """
    locked = lock_round(round)
    require(actor, "review.run_round", locked)
    _require_ripe(locked)
    reviews = locked.reviews_per_entry if reviews_per_entry is None else reviews_per_entry
    if not 1 <= reviews <= MAX_REVIEWS:
        raise Refused(
            "reviews-per-entry", _("An entry gets 1 to %(most)d reviews.") % {"most": MAX_REVIEWS}
        )
    entries = entry_facts(track=locked.track)
    if len(entries) < 2:
        raise Refused("too-few-entries", _("Peer review takes two entries with a submission."))
    computed = conflicts.shared_groups(entries, ignored_organisations=set(ignored_organisations))
    conflicts.store_groups(locked, computed)
    methods, order = methods_of(locked.params), _secret_order(locked, entries)
    facts = Facts(
        entry_ids=order,
        groups=(*computed, *conflicts.stored_groups(locked, ConflictKind.DECLARED)),
        reviews_per_entry=reviews,
        methods=methods,
        texts=_texts_of(order, methods),
    )
    problem, result = _draw(locked, facts)
    _store(locked, entries=entries, facts=facts, result=result)
    locked.state = RoundState.ASSIGNED
    locked.reviews_per_entry = reviews
    locked.entry_count = len(entries)
    locked.method, locked.route, locked.parts = result.method, result.route, problem.parts
    locked.engine = result.engine_version
    locked.inputs_digest, locked.pairs_digest = result.inputs_digest, result.pairs_digest
    locked.params["cap"] = problem.max_probability
    locked.params["ignored_organisations"] = sorted(ignored_organisations)
    locked.params["assignment"] = {name: float(value) for name, value in result.facts.items()}
    locked.assigned_at = locked.seed_revealed_at = clock.now()
    locked.save()
    record.append(
        actor=actor,
        verb="round.assigned",
        subject=locked,
        season=locked.track.season.slug,
        data={
            "seed": locked.seed_secret,
            "engine": locked.engine,
            "method": locked.method,
            "route": locked.route,
            "parts": locked.parts,
            "reviews_per_entry": reviews,
            "ignored_organisations": sorted(ignored_organisations),
            # By code, not in the order of the draw: with the seed that would tell who reviews whom.
            "entries": sorted(entry.code for entry in entries),
            "assignments": result.pairs.shape[0],
            "inputs_digest": locked.inputs_digest,
            "pairs_digest": locked.pairs_digest,
            **({"cap": problem.max_probability} if methods.assignment in CAPPED else {}),
            **_digest_of_texts(facts),
        },
    )
    return locked


def verify_round(*, round: ReviewRound) -> list[str]:  # noqa: A002
    """What does not hold of a round's assignment, computed again from stored facts; [] if it does.

    Checks the commitments, the order and names that follow from the alias key, every constraint,
    that the draw gives exactly the stored pairs and digests, and that each replacement gives the
    duties that stand in place of lost ones and is the one that the record holds.
    """
    if round.state == RoundState.PLANNED:
        return ["the round is not assigned yet"]
    found: list[str] = []
    seed, key = bytes.fromhex(round.seed_secret), bytes.fromhex(round.alias_key)
    if commitment(seed) != round.seed_commitment:
        found.append("the seed is not the one committed to")
    if commitment(key) != round.alias_commitment:
        found.append("the alias key is not the one committed to")
    rows = list(RoundEntry.objects.filter(round=round).order_by("entry_id"))
    order = identities.secret_order(key=key, count=len(rows))
    if [rows[place].index for place in order] != list(range(len(rows))):
        found.append("the order of the entries is not the one that the alias key gives")
    if round.method == IMPORTED:
        return found
    rows.sort(key=lambda row: row.index)
    facts = Facts(
        entry_ids=tuple(row.entry_id for row in rows),
        groups=tuple(conflicts.stored_groups(round)),
        reviews_per_entry=round.reviews_per_entry,
        methods=methods_of(round.params),
        texts=tuple(row.text for row in rows),
        cap=round.params.get("cap", MOST_PROBABLE),
    )
    result = _stored_result(round, rows)
    problem = problem_of(facts, parts=round.parts)
    try:
        found += [violation.message for violation in verify_assignment(problem, result, seed=seed)]
    except (BadInput, InfeasibleAssignment) as error:
        found.append(str(error))
    if result.pairs_digest != round.pairs_digest:
        found.append("the stored pairs do not match their digest")
    return found + verify_replacements(round=round)


def _require_ripe(locked: ReviewRound) -> None:
    track = locked.track
    if locked.state != RoundState.PLANNED:
        raise Refused("assigned-already", _("Reviews are assigned already."))
    if clock.now() < track.registration_closes_at:
        raise Refused("registration-open", _("Registration is still open. Assign when it is over."))
    if track.phase is None or not track.phase.may_review or track.phase.may_submit:
        raise Refused(
            "submissions-open",
            _("Move the track to its review phase first; submissions must be over."),
        )
    if clock.now() >= locked.closes_at:
        raise Refused("round-over", _("The deadline of reviews has passed. Extend it first."))


def _secret_order(locked: ReviewRound, entries: list[EntryFacts]) -> tuple[int, ...]:
    order = identities.secret_order(key=bytes.fromhex(locked.alias_key), count=len(entries))
    return tuple(entries[place].id for place in order)


def _texts_of(order: tuple[int, ...], methods: Methods) -> tuple[str, ...]:
    """What entries say of themselves now, where the method of assignment compares it."""
    if methods.assignment not in BY_TEXTS:
        return ()
    found = entries_by_id(ids=order)
    return tuple(f"{found[key].title}\n{found[key].abstract}" for key in order)


def _digest_of_texts(facts: Facts) -> dict[str, str]:
    """For the record: one digest over all texts, in no order that tells the draw's."""
    if not facts.texts:
        return {}
    each = sorted(hashlib.sha256(text.encode()).hexdigest() for text in facts.texts)
    return {"texts_digest": hashlib.sha256("".join(each).encode()).hexdigest()}


def _draw(locked: ReviewRound, facts: Facts) -> tuple[AssignmentProblem, AssignmentResult]:
    seed = bytes.fromhex(locked.seed_secret)
    try:
        return drawing.draw(facts, seed=seed)
    except InfeasibleAssignment as error:
        loosen = drawing.organisations_to_loosen(facts, seed=seed)
        names = conflicts.organisation_names(locked, loosen)
        message = drawing.phrase(error, organisations=names)
        raise Refused("infeasible", message) from error
    except BadInput as error:
        raise Refused("too-few-entries", drawing.REASONS["not-found"]) from error


def _store(
    locked: ReviewRound,
    *,
    entries: list[EntryFacts],
    facts: Facts,
    result: AssignmentResult,
) -> None:
    order, texts = facts.entry_ids, facts.texts
    reviewer_of = {entry.id: entry.reviewer_id for entry in entries}
    parts = [int(part) for part in result.part]
    RoundEntry.objects.bulk_create(
        [
            RoundEntry(
                round=locked,
                entry_id=entry,
                reviewer_id=reviewer_of[entry],
                index=index,
                part=parts[index],
                text=texts[index] if texts else "",
            )
            for index, entry in enumerate(order)
        ],
        batch_size=BATCH,
    )
    Assignment.objects.bulk_create(
        [
            Assignment(
                round=locked,
                reviewer_id=reviewer_of[order[reviewer]],
                reviewer_entry_id=order[reviewer],
                entry_id=order[entry],
                part=parts[entry],
            )
            for reviewer, entry in result.pairs.tolist()
        ],
        batch_size=BATCH,
    )
    identities.give_aliases(
        round=locked, kind=AliasKind.ENTRY, subject_ids=[entry.id for entry in entries]
    )
    identities.give_aliases(
        round=locked,
        kind=AliasKind.REVIEWER,
        subject_ids=[entry.reviewer_id for entry in entries],
    )
    take_in_reserve(locked, entries)


def _stored_result(round: ReviewRound, rows: list[RoundEntry]) -> AssignmentResult:  # noqa: A002
    index = {row.entry_id: row.index for row in rows}
    drawn = Assignment.objects.filter(round=round, given_in=0)
    pairs = sorted(
        (index.get(duty.reviewer_entry_id or 0, -1), index.get(duty.entry_id, -1))
        for duty in drawn.only("reviewer_entry_id", "entry_id")
    )
    return AssignmentResult(
        pairs=np.array(pairs, dtype=np.int64).reshape(-1, 2),
        part=np.array([row.part for row in rows], dtype=np.int64),
        method=round.method,
        route=round.route,
        engine_version=round.engine,
        inputs_digest=round.inputs_digest,
    )
