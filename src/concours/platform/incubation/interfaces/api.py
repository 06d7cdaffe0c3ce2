"""Incubation over the API: for reading."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema

from concours.platform.api.auth import public
from concours.platform.incubation import domain
from concours.platform.incubation.enums import IN_POOL, ActKind, MentorState, MilestoneState
from concours.platform.incubation.enums import ReviewState as AnnualReviewState
from concours.platform.incubation.models import Incubation, PeriodicReport
from concours.platform.incubation.rules import (
    visible_incubations,
    visible_mentorings,
    visible_mentors,
    visible_reports,
)
from concours.platform.register import domain as register

router = Router(tags=["Incubation"])
MOST = 500


class MentorOut(Schema):
    """Somebody in the pool, who agreed to be named; `load` is how many projects they have now."""

    name: str
    state: MentorState
    areas: list[str]
    load: int
    most_projects: int


class MentoringOut(Schema):
    """A mentor of the project now, with what they have done for it."""

    name: str
    assigned_at: datetime
    reports_read: int
    signed_off: int
    comments: int
    last_at: datetime
    quiet: bool


class MilestoneOut(Schema):
    code: str
    title: str
    measure: str
    due: date
    first_due: date
    moves: int
    state: MilestoneState
    reason: str
    evidence: str
    evidence_digest: str
    signed_off_by: list[str]


class OwedReportOut(Schema):
    """A period without a report; `last_day` is the last of it, `late` the days past `due`."""

    number: int
    begins: date
    last_day: date
    due: date
    late: int = Field(description="negative before the day")


class ReportLineOut(Schema):
    code: str
    number: int
    begins: date
    last_day: date
    due: date
    submitted_at: datetime
    digest: str = Field(description="SHA-256 of the canonical JSON of its sections")
    signed_off_by: list[str]


class AnnualReviewOut(Schema):
    """`held_digest` is the SHA-256 of what lay before whoever decided."""

    code: str
    number: int
    due: date
    state: AnnualReviewState
    outcome: str
    cause: str
    reason: str
    held_digest: str


class HealthOut(Schema):
    """The newest report of health; `figures` as `concours project health --json` writes them."""

    code: str
    digest: str
    head: str
    made_at: datetime
    figures: dict[str, Any]


class IncubationOut(Schema):
    """A project's incubation, the last one where several were; `ended_on` is null while it goes on.

    `programme` is the number of the programme that it is under.
    """

    project: str
    code: str
    began_on: date
    ended_on: date | None
    programme: int
    mentors: list[MentoringOut]
    milestones: list[MilestoneOut]
    owed: list[OwedReportOut]
    reports: list[ReportLineOut]
    reviews: list[AnnualReviewOut]
    health: HealthOut | None


class SignOffOut(Schema):
    name: str
    kind: ActKind
    text: str
    at: datetime


class PeriodicReportOut(Schema):
    project: str
    code: str
    number: int
    begins: date
    last_day: date
    due: date
    submitted_at: datetime
    submitted_by: str
    digest: str
    happened: str
    community: str
    releases: str
    issues: str
    next_steps: str
    acts: list[SignOffOut]


@router.get("/mentors", response=list[MentorOut], auth=public(), summary="The pool of mentors")
def mentors(request: HttpRequest) -> list[dict[str, object]]:
    rows = visible_mentors(request.user).filter(state__in=IN_POOL)
    found = list(rows.select_related("user").prefetch_related("areas")[:MOST])
    held = domain.held_by(mentors=found)
    return [
        {
            "name": one.user.display_name,
            "state": one.state,
            "areas": [area.slug for area in one.areas.all()],
            "load": domain.load_in(held[one.pk]),
            "most_projects": one.most_projects,
        }
        for one in found
    ]


@router.get(
    "/projects/{slug}",
    response=IncubationOut,
    auth=public(),
    summary="A project's incubation; 404 where there was none",
)
def of_project(request: HttpRequest, slug: str) -> dict[str, object]:
    project = register.find_project(slug)
    if project is None:
        raise Http404
    rows = visible_incubations(request.user).filter(project=project).select_related("programme")
    found = rows.order_by("-pk").first()
    if found is None:
        raise Http404
    found.project = project
    return _incubation(request.user, found)


@router.get(
    "/periodic-reports/{code}",
    response=PeriodicReportOut,
    auth=public(),
    summary="A periodic report, with what mentors say of it",
)
def report(request: HttpRequest, code: str) -> dict[str, object]:
    rows = visible_reports(request.user).select_related("incubation__project", "submitted_by")
    found = get_object_or_404(rows, code=code)
    acts = found.acts.select_related("mentoring__mentor__user").order_by("pk")
    return {
        **{name: getattr(found, name) for name in domain.SECTIONS},
        **_line(found),
        "project": found.incubation.project.slug,
        "submitted_by": found.submitted_by.display_name,
        "acts": [
            {
                "name": one.mentoring.mentor.user.display_name,
                "kind": one.kind,
                "text": one.text,
                "at": one.at,
            }
            for one in acts
        ],
    }


def _incubation(user: Any, found: Incubation) -> dict[str, object]:
    health = domain.latest_health(project=found.project)
    held = visible_mentorings(user).filter(project=found.project, ended_at__isnull=True)
    quiet_days = domain.parsed(found.programme).mentors.quiet_days
    with_acts = "acts__mentoring__mentor__user"
    return {
        "project": found.project.slug,
        "code": found.code,
        "began_on": found.began_on,
        "ended_on": found.ended_on,
        "programme": found.programme.number,
        "mentors": [
            {
                "name": one.mentoring.mentor.user.display_name,
                "assigned_at": one.mentoring.assigned_at,
                "reports_read": one.read,
                "signed_off": one.signed_off,
                "comments": one.comments,
                "last_at": one.last_at,
                "quiet": one.quiet,
            }
            for one in domain.engagement_of(
                mentorings=held.select_related("mentor__user"), quiet_days=quiet_days
            )
        ],
        "milestones": [
            {**{name: getattr(one, name) for name in _MILESTONE}, "signed_off_by": _signers(one)}
            for one in found.milestones.prefetch_related(with_acts)
        ],
        "owed": [
            {**vars(one.period), "last_day": one.period.last_day, "late": one.late}
            for one in domain.owed_by(incubation=found)
        ],
        "reports": [_line(one) for one in found.reports.prefetch_related(with_acts)[:MOST]],
        "reviews": list(found.reviews.all()),
        "health": health,
    }


_MILESTONE = (
    "code", "title", "measure", "due", "first_due", "moves", "state", "reason", "evidence",
    "evidence_digest",
)  # fmt: skip


def _line(report: PeriodicReport) -> dict[str, object]:
    return {
        "code": report.code,
        "number": report.number,
        "begins": report.begins,
        "last_day": report.last_day,
        "due": report.due,
        "submitted_at": report.submitted_at,
        "digest": report.digest,
        "signed_off_by": _signers(report),
    }


def _signers(row: Any) -> list[str]:
    return [
        one.mentoring.mentor.user.display_name
        for one in row.acts.all()
        if one.kind == ActKind.SIGNED_OFF
    ]
