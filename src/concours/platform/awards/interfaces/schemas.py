"""What the API takes and gives for results, prizes and juries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Field, Schema

from concours.platform.awards.domain.judging import Finalist
from concours.platform.awards.domain.pools import balance_of
from concours.platform.awards.enums import POINTS_MAX_MILLI
from concours.platform.awards.interfaces.showing import Row
from concours.platform.awards.models import Juror, JuryScore, PrizePool, Result

Milli = Field(ge=0, le=POINTS_MAX_MILLI, description="Thousandths of a point, 0 to 100,000.")


class PrizeBody(Schema):
    place_from: int = Field(ge=1)
    place_to: int = Field(ge=1)
    amount_minor: int = Field(ge=0, description="For each place, in minor units.")
    title: str = Field(max_length=200)
    title_zh: str = Field(default="", max_length=200)


class PoolBody(Schema):
    title: str = Field(max_length=200)
    title_zh: str = Field(default="", max_length=200)
    total_minor: int = Field(ge=0)
    reserve_minor: int = Field(
        default=0, ge=0, description="Of what no prize takes: stays in the pool, for appeals."
    )
    prizes: list[PrizeBody] = Field(max_length=100)


class NewPoolBody(PoolBody):
    currency: str = Field(max_length=3, description="ISO 4217, such as CNY.")


class PoolOut(NewPoolBody):
    code: str
    balance_minor: int = Field(description="What the ledger says is left.")


class ResultOut(Schema):
    track: str
    number: int
    state: str
    formula: dict[str, Any]
    inputs_digest: str
    computed_at: datetime
    published_at: datetime | None


class WonOut(Schema):
    title: str
    amount_minor: int
    currency: str


class LineOut(Schema):
    position: int
    place: int
    tied: bool
    entry: str
    title: str
    team: str = Field(description="Empty where names are not shown.")
    reason: str
    machine_milli: int | None
    peer_milli: int | None
    jury_milli: int | None
    jury_count: int
    total_numerator: int
    total_denominator: int
    prizes: list[WonOut]


class LinesOut(Schema):
    items: list[LineOut]
    next: int | None


class PageWanted(Schema):
    after: int = Field(default=0, ge=0, le=10**9)
    size: int = Field(default=50, ge=1, le=500)


class CheckOut(Schema):
    holds: bool
    faults: list[str]


class FinalistOut(Schema):
    entry: str
    title: str
    peer_milli: int | None
    snapshot_digest: str
    conflict: bool
    points_milli: int | None
    comment: str


class ScoreBody(Schema):
    points_milli: int = Milli
    comment: str = Field(default="", max_length=5_000)


class ScoreOut(ScoreBody):
    entry: str
    seal: str
    scored_at: datetime


class JurorBody(Schema):
    user: str = Field(description="The person's code.")


class JurorOut(Schema):
    user: str
    name: str
    appointed_at: datetime


class MachineScoreBody(Schema):
    entry: str
    points_milli: int = Milli


class MachineScoresBody(Schema):
    source: str = Field(max_length=200)
    digest: str = Field(pattern="^[0-9a-f]{64}$", description="SHA-256 of what was written.")
    scores: list[MachineScoreBody] = Field(max_length=100_000)


def result_out(result: Result) -> ResultOut:
    return ResultOut(
        track=result.track.code,
        number=result.number,
        state=result.state,
        formula=result.formula,
        inputs_digest=result.inputs_digest,
        computed_at=result.computed_at,
        published_at=result.published_at,
    )


def line_out(row: Row) -> LineOut:
    line = row.line
    return LineOut(
        position=line.position,
        place=line.place,
        tied=line.tied,
        entry=line.entry.code,
        title=line.entry.title,
        team=row.team,
        reason=line.reason,
        machine_milli=line.machine_milli,
        peer_milli=line.peer_milli,
        jury_milli=line.jury_milli,
        jury_count=line.jury_count,
        total_numerator=line.total_numerator,
        total_denominator=line.total_denominator,
        prizes=[WonOut(**vars(won)) for won in row.prizes],
    )


def pool_out(pool: PrizePool) -> PoolOut:
    return PoolOut(
        code=pool.code,
        title=pool.title,
        title_zh=pool.title_zh,
        currency=pool.currency,
        total_minor=pool.total_minor,
        reserve_minor=pool.reserve_minor,
        balance_minor=balance_of(pool=pool),
        prizes=[
            PrizeBody(
                place_from=prize.place_from,
                place_to=prize.place_to,
                amount_minor=prize.amount_minor,
                title=prize.title,
                title_zh=prize.title_zh,
            )
            for prize in pool.prizes.all()
        ],
    )


def finalist_out(finalist: Finalist) -> FinalistOut:
    score, submission = finalist.score, finalist.submission
    return FinalistOut(
        entry=finalist.entry.code,
        title=finalist.entry.title,
        peer_milli=finalist.peer_milli,
        snapshot_digest=submission.digest if submission else "",
        conflict=finalist.conflict,
        points_milli=score.points_milli if score else None,
        comment=score.comment if score else "",
    )


def score_out(score: JuryScore) -> ScoreOut:
    return ScoreOut(
        entry=score.entry.code,
        points_milli=score.points_milli,
        comment=score.comment,
        seal=score.seal,
        scored_at=score.scored_at,
    )


def juror_out(juror: Juror) -> JurorOut:
    return JurorOut(
        user=juror.user.code, name=juror.user.display_name, appointed_at=juror.appointed_at
    )
