"""The typed API of peer review."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router
from pydantic import Field

from concours.platform.accounts.enums import Scope
from concours.platform.api.auth import needs, public
from concours.platform.competitions.domain import Declaration
from concours.platform.competitions.domain.permissions import visible_entries
from concours.platform.core.access import permitted
from concours.platform.review import domain
from concours.platform.review.domain.anonymous import blind_text
from concours.platform.review.interfaces.schemas import (
    AmendIn,
    AnswerIn,
    DutyDetail,
    DutyOut,
    PassedOut,
    PassIn,
    RatingIn,
    ReasonIn,
    ReleasedReviewOut,
    ReviewIn,
    ReviewOut,
    RoundOut,
    StandingsOut,
)
from concours.platform.review.interfaces.support import the_duty
from concours.platform.review.models import Assignment
from concours.platform.web.interfaces.shared import the_track

router = Router(tags=["review"])
REVIEW = "/entries/{code}/reviews/{alias}"


@router.get("/duties", response=list[DutyOut], auth=needs(Scope.REVIEW))
def my_duties(request: HttpRequest) -> Any:
    """Your duties, the nearest deadline first."""
    return [DutyOut.of(duty) for duty in domain.duties_of(user=request.user)]


@router.get("/duties/{code}", response=DutyDetail, auth=needs(Scope.REVIEW))
def get_duty(request: HttpRequest, code: str) -> Any:
    return _detail(the_duty(request, code))


@router.put("/duties/{code}/review", response=ReviewOut, auth=needs(Scope.REVIEW))
def put_review(request: HttpRequest, code: str, body: ReviewIn) -> Any:
    """Write the review, or write it anew until the deadline."""
    return domain.submit_review(
        actor=request.user,
        assignment=the_duty(request, code),
        scores=body.scores,
        comment=body.comment,
        private_comment=body.private_comment,
        declaration=Declaration(used=body.llm_used, text=body.llm_text),
    )


@router.post("/duties/{code}/conflict", response=DutyOut, auth=needs(Scope.REVIEW))
def declare_conflict(request: HttpRequest, code: str, body: ReasonIn) -> Any:
    """Say why you must not judge this entry; the duty is lifted and goes to somebody else."""
    domain.declare_conflict(
        actor=request.user,
        assignment=the_duty(request, code),
        reason=body.reason,
        kind=body.kind,
    )
    return DutyOut.of(domain.duty_of(assignment=the_duty(request, code)))


@router.post("/entries/{code}/reviews/pass-on", response=PassedOut, auth=needs(Scope.REVIEW))
def pass_reviews_on(request: HttpRequest, code: str, body: PassIn) -> Any:
    """Let another member of the entry's team write what is still to do."""
    entries = visible_entries(request.user).select_related("track__season", "team", "reviewer")
    entry = get_object_or_404(entries, code=code)
    round_ = domain.round_of(track=entry.track)
    if round_ is None or not permitted(request.user, "competitions.edit_entry", entry):
        raise Http404
    row = get_object_or_404(entry.team.memberships.select_related("user"), user__code=body.to)
    moved = domain.transfer_duties(actor=request.user, round=round_, entry=entry, to=row.user)
    return PassedOut(duties=moved)


@router.get("/rounds/{season}/{track}", response=RoundOut, auth=public())
def get_round(request: HttpRequest, season: str, track: str) -> Any:
    """A round's terms, its commitment and, once revealed, its seed."""
    round_ = domain.round_of(track=the_track(request, season, track))
    if round_ is None:
        raise Http404
    return RoundOut.of(round_)


@router.get("/standings/{season}/{track}", response=StandingsOut, auth=public())
def get_standings(
    request: HttpRequest,
    season: str,
    track: str,
    after: Annotated[int, Field(ge=0, le=100_000_000)] = 0,
    size: Annotated[int, Field(ge=1, le=200)] = 50,
) -> Any:
    page = domain.standings_page(
        user=request.user, track=the_track(request, season, track), after=after, size=size
    )
    if page is None:
        raise Http404
    return StandingsOut.of(page)


@router.get("/standings/{season}/{track}/inputs", response=dict[str, Any], auth=public())
def get_inputs(request: HttpRequest, season: str, track: str) -> Any:
    """All that published standings were computed from."""
    snapshot = domain.snapshot_for(user=request.user, track=the_track(request, season, track))
    if snapshot is None or not snapshot.published:
        raise Http404
    return domain.published_inputs(snapshot=snapshot)


@router.get("/entries/{code}/reviews", response=list[ReleasedReviewOut], auth=needs(Scope.READ))
def get_entry_reviews(request: HttpRequest, code: str) -> Any:
    """The released reviews of your entry, by alias."""
    entry = _entry(request, code)
    runs = permitted(request.user, "review.run_round", entry.track)
    if not (runs or permitted(request.user, "competitions.edit_entry", entry)):
        raise Http404
    return _released(request, entry)


@router.put(REVIEW + "/answer", response=list[ReleasedReviewOut], auth=needs(Scope.ENTER))
def answer_review(request: HttpRequest, code: str, alias: str, body: AnswerIn) -> Any:
    """Answer a review of your entry while answers are open."""
    entry = _own_entry(request, code)
    domain.answer_review(actor=request.user, entry=entry, alias=alias, text=body.text)
    return _released(request, entry)


@router.post(REVIEW + "/rating", response=list[ReleasedReviewOut], auth=needs(Scope.ENTER))
def rate_review(request: HttpRequest, code: str, alias: str, body: RatingIn) -> Any:
    """Say once how useful a review of your entry is; its scores are shown afterwards."""
    entry = _own_entry(request, code)
    domain.rate_review(actor=request.user, entry=entry, alias=alias, rating=body.rating)
    return _released(request, entry)


@router.post("/duties/{code}/amendment", response=ReviewOut, auth=needs(Scope.REVIEW))
def amend_review(request: HttpRequest, code: str, body: AmendIn) -> Any:
    """Change the scores of an answered review, once."""
    return domain.amend_after_answer(
        actor=request.user,
        assignment=the_duty(request, code),
        scores=body.scores,
        reason=body.reason,
    )


def _entry(request: HttpRequest, code: str) -> Any:
    entries = visible_entries(request.user).select_related("track__season", "track__phase")
    return get_object_or_404(entries, code=code)


def _own_entry(request: HttpRequest, code: str) -> Any:
    entry = _entry(request, code)
    if not permitted(request.user, "competitions.edit_entry", entry):
        raise Http404
    return entry


def _released(request: HttpRequest, entry: Any) -> list[ReleasedReviewOut]:
    found = domain.reviews_released_to(user=request.user, entry=entry)
    return [ReleasedReviewOut.of(review) for review in found]


def _detail(duty: Assignment) -> DutyDetail:
    return DutyDetail.with_review(
        domain.duty_of(assignment=duty),
        abstract=blind_text(entry=duty.entry, text=duty.entry.abstract),
        criteria=list(duty.round.rubric.criteria.order_by("position")),
        review=getattr(duty, "review", None),
    )
