"""What everybody may read of an entry's runs once its track shows scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from concours.platform.competitions.domain.permissions import scores_are_public
from concours.platform.evaluations.enums import EvaluationState
from concours.platform.evaluations.models import Evaluation


@dataclass(frozen=True, kw_only=True)
class OnwardRun:
    """A scored run. `values` are (column, value) of the public columns alone.

    `seal` is what the record holds of the result. `digest`, and `bundles` as (SHA-256, bytes) of
    what the cases left, are there for a public split only: of any other they would be a way to try
    what is sealed. No case is named.
    """

    code: str
    split: str
    evaluator: str
    version: str
    evaluator_digest: str
    values: tuple[tuple[str, float], ...]
    seal: str
    digest: str
    bundles: tuple[tuple[str, int], ...]


def onward_runs(*, user: Any, submission: Any) -> list[OnwardRun]:
    """The submission's ordinary scored runs by code; [] while `user` may not see scores.

    Pass whoever may see least: what an organiser sees is not for everybody. Two queries.
    """
    if not scores_are_public(user, submission.entry.track):
        return []
    rows = Evaluation.objects.filter(
        submission=submission, reevaluation="", state=EvaluationState.SCORED
    )
    return [
        _onward(row)
        for row in rows.select_related("evaluator").prefetch_related("cases").order_by("code")
    ]


def _onward(row: Evaluation) -> OnwardRun:
    split = row.evaluator.split(row.split)
    open_split = split is not None and bool(split["public"])
    columns = [one["name"] for one in row.evaluator.columns if one["public"]]
    return OnwardRun(
        code=row.code,
        split=row.split,
        evaluator=row.evaluator.name,
        version=row.evaluator.version,
        evaluator_digest=row.evaluator.digest,
        values=tuple((name, row.values[name]) for name in columns if name in row.values),
        seal=row.seal,
        digest=row.digest if open_split else "",
        bundles=_bundles(row) if open_split else (),
    )


def _bundles(row: Evaluation) -> tuple[tuple[str, int], ...]:
    found = [
        (str(one["digest"]), int(one["size"])) for case in row.cases.all() for one in case.artefacts
    ]
    return tuple(sorted(found))
