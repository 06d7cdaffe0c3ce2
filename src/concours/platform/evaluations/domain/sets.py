"""Runs by their codes and by the re-evaluation that asked for them, for the apps above."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from concours.platform.evaluations.domain import places
from concours.platform.evaluations.enums import OPEN, EvaluationState
from concours.platform.evaluations.models import CaseResult, Evaluation, Evaluator


@dataclass(frozen=True, kw_only=True)
class SetState:
    """How far the runs of a set are. `bad` are the codes of those that failed, faulted or were
    cancelled."""

    total: int
    open: int
    scored: int
    bad: tuple[str, ...]


def evaluations_by_code(*, codes: Collection[str]) -> list[Evaluation]:
    """Those runs with what `enqueue_set` needs of them, in order of being asked for."""
    rows = Evaluation.objects.filter(code__in=list(codes)).order_by("pk")
    return list(rows.select_related("submission__entry__team", "submission__entry__track__season"))


def set_state(*, reevaluation_code: str) -> SetState:
    """The state of a set: O(its runs)."""
    rows = Evaluation.objects.filter(reevaluation=reevaluation_code).order_by("pk")
    found = list(rows.values_list("code", "state"))
    return SetState(
        total=len(found),
        open=sum(state in OPEN for _, state in found),
        scored=sum(state == EvaluationState.SCORED for _, state in found),
        bad=tuple(code for code, state in found if state not in (*OPEN, EvaluationState.SCORED)),
    )


def open_of_set(*, reevaluation_code: str) -> list[Evaluation]:
    """The runs of a set that have not ended."""
    rows = Evaluation.objects.filter(reevaluation=reevaluation_code, state__in=OPEN)
    return list(rows.select_related("submission__entry__track", "evaluator"))


def evaluator_versions(*, track: Any) -> list[Evaluator]:
    """All versions of the track's evaluators, newest first."""
    return list(Evaluator.objects.filter(track=track))


def case_results(*, evaluation_code: str) -> list[CaseResult]:
    """The cases of a run in order. Who shows them asks `permissions` first."""
    rows = CaseResult.objects.filter(evaluation__code=evaluation_code)
    return list(rows.select_related("evaluation").order_by("position"))


@dataclass(frozen=True, kw_only=True)
class Place:
    """Whose run it is and of what kind."""

    track_id: int
    entry_id: int
    split: str
    reevaluation: str


def place_of(*, evaluation_id: int) -> Place | None:
    """Where the run of that key belongs; one query."""
    rows = Evaluation.objects.filter(pk=evaluation_id)
    found = rows.values_list(
        "submission__entry__track_id", "submission__entry_id", "split", "reevaluation"
    ).first()
    if found is None:
        return None
    track, entry, split, reevaluation = found
    return Place(track_id=track, entry_id=entry, split=split, reevaluation=reevaluation)


@dataclass(frozen=True, kw_only=True)
class CaseFile:
    """A file that a case left; `path` is where it lies."""

    case: str
    name: str
    size: int
    digest: str
    path: Path


def case_files(*, evaluation_code: str) -> list[CaseFile]:
    """The files of a run's cases, in order. Who gives them out asks its own rules first."""
    return [
        CaseFile(
            case=result.case,
            name=file["name"],
            size=file["size"],
            digest=file["digest"],
            path=places.artefacts() / result.folder / file["name"],
        )
        for result in case_results(evaluation_code=evaluation_code)
        for file in result.artefacts
    ]
