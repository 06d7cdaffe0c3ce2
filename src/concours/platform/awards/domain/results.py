"""Computing a track's result and publishing it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.awards.document import from_text, outcome_of
from concours.platform.awards.domain.gathering import Gathered, gather
from concours.platform.awards.domain.payouts import lock_pools, open_payouts, reserve
from concours.platform.awards.domain.settled import require_unpublished
from concours.platform.awards.domain.verifying import verify_result
from concours.platform.awards.enums import LedgerKind, Reason, ResultState
from concours.platform.awards.formula import VERSION, Standing, rounded
from concours.platform.awards.models import Award, LedgerLine, PrizePool, Result, ResultLine
from concours.platform.awards.prizes import Settlement
from concours.platform.competitions.enums import PhaseKind
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.leaderboards.domain import results_are_out
from concours.platform.record import domain as record


@transaction.atomic
def compute_result(*, actor: Any, track: Any) -> Result:
    """Compute the track's result as a draft that its organisers see; the next number each time.

    Raises Refused naming every part that a finalist still needs, when there are no standings, and
    once a result is published. O(n log n) in the entries.
    """
    track = lock(track)
    require(actor, "awards.compute_result", track)
    require_unpublished(track)
    result = store_result(track=track, gathered=gather(track=track))
    _note(actor=actor, verb="result.computed", result=result)
    return result


def store_result(*, track: Any, gathered: Gathered) -> Result:
    """Keep what the inputs lead to as the track's next draft. Call with the track locked."""
    outcome = outcome_of(gathered.inputs)
    latest = track.results.aggregate(latest=models.Max("number"))["latest"] or 0
    result = Result.objects.create(
        track=track,
        number=latest + 1,
        formula={
            "version": VERSION,
            "weights": asdict(gathered.inputs.weights),
            "peer": dict(gathered.inputs.peer),
            "entries": len(outcome.standings),
            "finalists": sum(standing.candidate.finalist for standing in outcome.standings),
        },
        inputs=gathered.text,
        inputs_digest=gathered.digest,
        computed_at=clock.now(),
    )
    ResultLine.objects.bulk_create(
        (
            _line(result, gathered.entry_ids[standing.candidate.code], position, standing)
            for position, standing in enumerate(outcome.standings, start=1)
        ),
        batch_size=1_000,
    )
    return result


@transaction.atomic
def publish_result(*, actor: Any, result: Result) -> Result:
    """Publish a draft: make its awards and settle its pools, once and for good.

    Raises Refused when a result of the track is published, when a newer draft exists, when scores
    or prizes have changed since the draft, when the draft does not recompute, and before the track
    is in its result phase (or one in which everyone sees scores).
    """
    track = lock(result.track)
    require(actor, "awards.publish_result", track)
    require_unpublished(track)
    lock_pools(track.pk)
    result = lock(result)
    phase = track.phase
    if phase is None or not (phase.kind == PhaseKind.RESULT or phase.scores_visible):
        raise Refused(
            "too-early", _("Move the track on to its result phase before publishing the result.")
        )
    if Result.objects.filter(track=track, number__gt=result.number).exists():
        raise Refused("newer-draft", _("There is a newer draft. Look at that one and publish it."))
    if gather(track=track).digest != result.inputs_digest:
        raise Refused(
            "inputs-changed",
            _("Scores or prizes have changed since this draft. Compute the result again."),
        )
    if not verify_result(result=result).holds:
        raise Refused(
            "does-not-recompute",
            _("This draft does not follow from its inputs. Compute the result again."),
        )
    make_awards(result)
    result.state, result.published_at = ResultState.PUBLISHED, clock.now()
    result.save(update_fields=["state", "published_at"])
    results_are_out(actor=actor, track=track)
    # The record alone is then enough to compute the result again.
    _note(actor=actor, verb="result.published", result=result, inputs=json.loads(result.inputs))
    _open_books(actor, result)
    return result


def _open_books(actor: Any, result: Result) -> None:
    for pool in PrizePool.objects.filter(track_id=result.track_id).select_related("track__season"):
        line = pool.ledger.filter(kind=LedgerKind.RESERVED).first()
        if line is not None:
            reserve(actor=actor, pool=pool, amount_minor=-line.amount_minor)
    open_payouts(actor=actor, result=result)


def _line(result: Result, entry_id: int, position: int, standing: Standing) -> ResultLine:
    candidate, mean = standing.candidate, standing.candidate.jury_mean
    return ResultLine(
        result=result,
        entry_id=entry_id,
        position=position,
        place=standing.place,
        tied=standing.tied,
        reason=Reason.FORMULA if candidate.finalist else Reason.PEER_ALONE,
        machine_milli=candidate.machine,
        peer_milli=candidate.peer,
        jury_milli=None if mean is None else rounded(mean),
        jury_count=len(candidate.jury),
        total_numerator=standing.total.numerator,
        total_denominator=standing.total.denominator,
    )


def make_awards(result: Result) -> None:
    """Make the result's awards and settle its pools with them; the ledger moves."""
    outcome = outcome_of(from_text(result.inputs))
    entries = dict(result.lines.values_list("entry__code", "entry_id"))
    for pool in PrizePool.objects.filter(track_id=result.track_id):
        _settle(result, pool, outcome.settlements[pool.code], entries)


def _settle(
    result: Result, pool: PrizePool, settlement: Settlement, entries: dict[str, int]
) -> None:
    moment = clock.now()
    awards = Award.objects.bulk_create(
        Award(
            result=result,
            pool=pool,
            entry_id=entries[share.code],
            title=share.title,
            title_zh=share.title_zh,
            place=share.place,
            amount_minor=share.amount_minor,
        )
        for share in settlement.shares
    )
    reserved = reserved_of(pool, settlement)
    movements: list[tuple[LedgerKind, int, Award | None]] = [
        *((LedgerKind.AWARD, award.amount_minor, award) for award in awards),
        (LedgerKind.ROUNDING, settlement.rounding_minor, None),
        (LedgerKind.RESERVED, reserved, None),
        (LedgerKind.RETURNED, settlement.returned_minor - reserved, None),
    ]
    LedgerLine.objects.bulk_create(
        LedgerLine(pool=pool, award=award, kind=kind, amount_minor=-amount, at=moment)
        for kind, amount, award in movements
        if amount
    )


def reserved_of(pool: PrizePool, settlement: Settlement) -> int:
    """What of the money that no entry won stays in the pool for appeals, in minor units."""
    return min(pool.reserve_minor, settlement.returned_minor)


def _note(*, actor: Any, verb: str, result: Result, **more: Any) -> None:
    record.append(
        actor=actor,
        verb=verb,
        subject=result,
        season=result.track.season.slug,
        data={
            "track": result.track.slug,
            "number": result.number,
            "formula": result.formula,
            "inputs_digest": result.inputs_digest,
            **more,
        },
    )
