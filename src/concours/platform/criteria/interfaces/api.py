from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema

from concours.platform.api.auth import public
from concours.platform.criteria import domain
from concours.platform.criteria.enums import RowMode, RowState
from concours.platform.criteria.models import Assessment
from concours.platform.criteria.rules import visible_assessments
from concours.platform.register import domain as register

router = Router(tags=["Criteria"])


class AssessmentOut(Schema):
    """A project held against a criteria set; `set_digest` is the SHA-256 of the set's file."""

    code: str
    stage: str
    set_slug: str
    set_version: str
    set_digest: str
    title: str
    title_zh: str
    opened_at: datetime
    closed_at: datetime | None


class CriterionEvidenceOut(Schema):
    """Evidence that the caller may see; `digest` is the SHA-256 of what it shows, if known."""

    code: str
    name: str
    address: str
    digest: str
    valid_until: datetime


class AssessedRowOut(Schema):
    """A criterion as it stands now; `waits_for` is machine, maintainer, person or empty."""

    code: str
    chapter: str
    text: str
    text_zh: str
    mode: RowMode
    must: bool
    weight: int
    state: RowState
    waits_for: str
    until: datetime | None
    said: str
    mend: str
    reason: str
    evidence: list[CriterionEvidenceOut]


class AssessedOut(Schema):
    """An assessment with its rows; `open_musts` of them are to be met yet."""

    project: str
    assessment: AssessmentOut
    open_musts: int = Field(ge=0)
    rows: list[AssessedRowOut]


@router.get(
    "/projects/{slug}",
    response=list[AssessmentOut],
    auth=public(),
    summary="A project's assessments",
)
def of_project(request: HttpRequest, slug: str) -> list[Assessment]:
    project = register.find_project(slug)
    if project is None:
        raise Http404
    return list(visible_assessments(request.user).filter(project=project)[:100])


@router.get(
    "/assessments/{code}", response=AssessedOut, auth=public(), summary="How an assessment stands"
)
def standing(request: HttpRequest, code: str) -> dict[str, object]:
    rows = visible_assessments(request.user).select_related("project")
    assessment = get_object_or_404(rows, code=code)
    found = domain.standing_of(user=request.user, assessment=assessment)
    return {
        "project": assessment.project.slug,
        "assessment": assessment,
        "open_musts": found.open_musts,
        "rows": [_row(one) for one in found.rows],
    }


def _row(one: domain.RowStanding) -> dict[str, object]:
    row, result = one.row, one.result
    return {
        "code": row.code,
        "chapter": row.chapter,
        "text": row.text,
        "text_zh": row.text_zh,
        "mode": row.mode,
        "must": row.must,
        "weight": row.weight,
        "state": one.state,
        "waits_for": one.waits_for,
        "until": one.until,
        "said": result.said if result else "",
        "mend": result.mend if result else "",
        "reason": one.judgement.reason if one.judgement else "",
        "evidence": one.evidence,
    }
