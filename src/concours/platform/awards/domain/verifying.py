"""Computing a stored result again and comparing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from concours.platform.awards.document import (
    Inputs,
    Outcome,
    digest_of,
    from_text,
    outcome_of,
    to_text,
)
from concours.platform.awards.domain.pools import balance_of
from concours.platform.awards.enums import Reason
from concours.platform.awards.formula import VERSION, Standing, rounded
from concours.platform.awards.models import Award, PrizePool, Result, ResultLine


@dataclass(frozen=True)
class Verification:
    """What does not hold, in words; empty when all of it follows from the inputs."""

    faults: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.faults


def verify_result(*, result: Result) -> Verification:
    """Recompute `result` from its stored inputs and compare digest, formula, every line and, once
    it is published, every award and the ledger's balance. O(n log n)."""
    if digest_of(result.inputs) != result.inputs_digest:
        return Verification(("the inputs do not match their digest",))
    try:
        inputs = from_text(result.inputs)
        outcome = outcome_of(inputs)
    except ValueError as error:
        return Verification((f"the inputs cannot be computed: {error}",))
    return Verification(tuple(_faults(result, inputs, outcome)))


def _faults(result: Result, inputs: Inputs, outcome: Outcome) -> Iterator[str]:
    if to_text(inputs) != result.inputs:
        yield "the inputs are not in their canonical form"
    if inputs.track != result.track.code:
        yield "the inputs are of another track"
    said = {key: result.formula.get(key) for key in ("version", "weights", "peer")}
    if said != {"version": VERSION, "weights": asdict(inputs.weights), "peer": inputs.peer}:
        yield "the formula shown is not the one in the inputs"
    stored = [
        _as_stored(line)
        for line in result.lines.select_related("entry").order_by("position").iterator()
    ]
    expected = [
        _as_computed(position, standing)
        for position, standing in enumerate(outcome.standings, start=1)
    ]
    if len(stored) != len(expected):
        yield f"{len(stored)} lines are stored, {len(expected)} computed"
    for is_now, should_be in zip(stored, expected, strict=False):
        if is_now != should_be:
            yield f"line {should_be[0]} differs from what is computed"
    if result.published:
        yield from _faults_in_awards(result, outcome)


def _faults_in_awards(result: Result, outcome: Outcome) -> Iterator[str]:
    stored = {
        (award.pool.code, award.entry.code): (award.place, award.title, award.amount_minor)
        for award in Award.objects.filter(result=result).select_related("pool", "entry")
    }
    computed = {
        (pool, share.code): (share.place, share.title, share.amount_minor)
        for pool, settlement in outcome.settlements.items()
        for share in settlement.shares
    }
    for pool_code, entry_code in sorted(stored.keys() | computed.keys()):
        if stored.get((pool_code, entry_code)) != computed.get((pool_code, entry_code)):
            yield f"the award of {entry_code} from {pool_code} differs from what is computed"
    for pool in PrizePool.objects.filter(track_id=result.track_id):
        if balance_of(pool=pool) != 0:
            yield f"the ledger of {pool.code} does not sum to zero"
        paid = -sum(line.amount_minor for line in pool.ledger.filter(award__result=result))
        settlement = outcome.settlements.get(pool.code)
        if settlement is None or paid != settlement.awarded_minor:
            yield f"the ledger of {pool.code} does not pay what is computed"


def _as_stored(line: ResultLine) -> tuple[object, ...]:
    return (
        line.position,
        line.entry.code,
        line.place,
        line.tied,
        line.reason,
        line.machine_milli,
        line.peer_milli,
        line.jury_milli,
        line.jury_count,
        line.total_numerator,
        line.total_denominator,
    )


def _as_computed(position: int, standing: Standing) -> tuple[object, ...]:
    candidate, mean = standing.candidate, standing.candidate.jury_mean
    return (
        position,
        candidate.code,
        standing.place,
        standing.tied,
        str(Reason.FORMULA if candidate.finalist else Reason.PEER_ALONE),
        candidate.machine,
        candidate.peer,
        None if mean is None else rounded(mean),
        len(candidate.jury),
        standing.total.numerator,
        standing.total.denominator,
    )
