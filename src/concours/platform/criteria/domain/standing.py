"""How the rows of an assessment stand at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser

from concours.platform.core import clock
from concours.platform.criteria.enums import MachineVerdict, RowMode, RowState
from concours.platform.criteria.models import (
    AssessedRow,
    Assessment,
    Evidence,
    Judgement,
    MachineResult,
)
from concours.platform.criteria.rules import visible_assessments, visible_evidence


@dataclass(frozen=True, kw_only=True)
class RowStanding:
    """A row with what counts: the newest result and judgement, and the evidence one may see.

    `proved` says that there is evidence which counts now, seen or not.
    """

    row: AssessedRow
    state: RowState
    result: MachineResult | None
    judgement: Judgement | None
    evidence: list[Evidence]
    proved: bool

    @property
    def until(self) -> datetime | None:
        """When the first of what decides the row expires."""
        ends = [one.valid_until for one in (self.result, self.judgement) if one is not None]
        return min(ends, default=None)

    @property
    def waits_for(self) -> str:
        """Who is to act: "machine", "person" or "maintainer"; empty for a row that is met."""
        if self.state == RowState.MET:
            return ""
        if self.row.mode != RowMode.PERSON and (
            self.result is None or self.result.verdict != MachineVerdict.MET
        ):
            return "machine" if self.result is None else "maintainer"
        return "person" if self.proved else "maintainer"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """All rows of an assessment at one moment."""

    assessment: Assessment
    rows: list[RowStanding]

    def count(self, state: RowState) -> int:
        return sum(one.state == state for one in self.rows)

    @property
    def gaps(self) -> list[RowStanding]:
        return [one for one in self.rows if one.state != RowState.MET]

    @property
    def open_musts(self) -> int:
        return sum(one.row.must for one in self.gaps)


def standing_of(*, user: Any, assessment: Assessment) -> Standing:
    """The assessment as `user` may see it now; five queries.

    States are the same for everybody; of confidential evidence others see nothing else.
    """
    now = clock.now()
    rows = list(assessment.rows.all())
    results = {one.row_id: one for one in _of(MachineResult, assessment).select_related("report")}
    judgements = {one.row_id: one for one in _of(Judgement, assessment).select_related("judged_by")}
    evidence: dict[int, list[Evidence]] = {}
    seen = visible_evidence(user).filter(row__assessment=assessment, withdrawn_at__isnull=True)
    for one in seen.order_by("pk"):
        evidence.setdefault(one.row_id, []).append(one)
    proved = rows_proved(assessment)
    shown = [
        RowStanding(
            row=row,
            state=state_at(
                row, results.get(row.pk), judgements.get(row.pk), proved=row.pk in proved, now=now
            ),
            result=results.get(row.pk),
            judgement=judgements.get(row.pk),
            evidence=evidence.get(row.pk, []),
            proved=row.pk in proved,
        )
        for row in rows
    ]
    return Standing(assessment=assessment, rows=shown)


def open_standings(*, user: Any, project: Any) -> list[Standing]:
    """How the project stands now in each assessment of it that is open, as `user` may see it."""
    rows = visible_assessments(user).filter(project=project, closed_at__isnull=True)
    return [standing_of(user=user, assessment=one) for one in rows.order_by("pk")]


def is_ready(*, assessment: Assessment) -> bool:
    """Whether every must is met now."""
    return standing_of(user=AnonymousUser(), assessment=assessment).open_musts == 0


def rows_proved(assessment: Assessment) -> set[int]:
    """The keys of the rows that have evidence which counts now, confidential or not."""
    counting = Evidence.objects.filter(
        row__assessment=assessment, withdrawn_at__isnull=True, valid_until__gt=clock.now()
    )
    return set(counting.values_list("row_id", flat=True))


def state_at(
    row: AssessedRow,
    result: MachineResult | None,
    judgement: Judgement | None,
    *,
    proved: bool,
    now: datetime,
) -> RowState:
    """The state of a row by what counts; of `both` each must hold, and the worse of two shows.

    `proved` says that there is evidence which counts: without, "met" has lapsed.
    """
    parts = []
    if row.mode != RowMode.PERSON:
        parts.append(_machine(result, now))
    if row.mode != RowMode.MACHINE:
        parts.append(_person(judgement, now, proved=proved))
    worst_first = (
        RowState.NOT_MET, RowState.LAPSED, RowState.UNCLEAR, RowState.OPEN, RowState.MET,
    )  # fmt: skip
    return min(parts, key=worst_first.index)


def _machine(result: MachineResult | None, now: datetime) -> RowState:
    if result is None:
        return RowState.OPEN
    if result.valid_until <= now:
        return RowState.LAPSED
    return {
        MachineVerdict.MET.value: RowState.MET,
        MachineVerdict.NOT_MET.value: RowState.NOT_MET,
    }.get(result.verdict, RowState.UNCLEAR)


def _person(judgement: Judgement | None, now: datetime, *, proved: bool) -> RowState:
    if judgement is None:
        return RowState.OPEN
    if judgement.valid_until <= now or (judgement.met and not proved):
        return RowState.LAPSED
    return RowState.MET if judgement.met else RowState.NOT_MET


def _of(model: Any, assessment: Assessment) -> Any:
    """In order of their keys: the last of a row is the newest."""
    return model.objects.filter(row__assessment=assessment).order_by("pk")
