"""A reviewer's own desk, and the review of one entry: blind."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from concours.platform.core import clock
from concours.platform.review import domain
from concours.platform.review.domain.anonymous import blind_text
from concours.platform.review.domain.refilling import LOST
from concours.platform.review.domain.rubrics import points_milli
from concours.platform.review.enums import AssignmentState
from concours.platform.review.interfaces.answer_forms import AmendForm, answer_to
from concours.platform.review.interfaces.answer_forms import amend_form as amend_form_of
from concours.platform.review.interfaces.contents import archive_of, contents_of
from concours.platform.review.interfaces.forms import ReasonForm, ReviewForm
from concours.platform.review.interfaces.support import the_duty
from concours.platform.review.models import Assignment
from concours.platform.web.interfaces.declaring import declared
from concours.platform.web.interfaces.shared import attempt


@never_cache
@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    duties = domain.duties_of(user=request.user)
    todo = [duty for duty in duties if duty.open and duty.state == AssignmentState.PENDING]
    done = [duty for duty in duties if duty.state == AssignmentState.SUBMITTED]
    neither = (AssignmentState.LIFTED, AssignmentState.EXCUSED)
    counted = [duty for duty in duties if duty.state not in neither]
    context = {
        "trail": [("/", _("Home")), ("", _("My reviews"))],
        "duties": duties,
        "undone": domain.undone_by(user=request.user),
        "given_away": any(
            duty.state == AssignmentState.REPLACED and clock.now() < duty.closes_at
            for duty in duties
        ),
        "todo": len(todo),
        "done": len(done),
        "total": len(counted),
        "next_deadline": min((duty.closes_at for duty in todo), default=None),
        "first": todo[0] if todo else None,
    }
    return render(request, "review/mine.html", context)


@never_cache
@login_required
def review(request: HttpRequest, code: str) -> HttpResponse:
    duty = the_duty(request, code)
    form = _form(request, duty)
    if request.method == "POST" and form.is_valid():
        written = attempt(
            form,
            lambda: domain.submit_review(
                actor=request.user,
                assignment=duty,
                scores=form.scores(),
                comment=form.cleaned_data["comment"],
                private_comment=form.cleaned_data["private_comment"],
                declaration=declared(dict(form.cleaned_data)),
            ),
        )
        if written is not None:
            messages.success(
                request, _("Your review is saved. You may change it until the deadline.")
            )
            return redirect("review:mine")
    return show(request, duty, form, ReasonForm())


@login_required
@require_POST
def total(request: HttpRequest, code: str) -> HttpResponse:
    """The weighted total of the points typed so far, for the page to swap in."""
    duty = the_duty(request, code)
    form = _form(request, duty)
    form.is_valid()
    scores = form.scores()
    criteria = duty.round.params["criteria"]
    complete = len(scores) == len(criteria)
    milli = points_milli(criteria=criteria, scores=scores) if complete else None
    return render(request, "review/parts/total.html", {"points_milli": milli})


@login_required
@require_POST
def conflict(request: HttpRequest, code: str) -> HttpResponse:
    duty = the_duty(request, code)
    form = ReasonForm(request.POST)
    if form.is_valid():
        lifted = attempt(
            form,
            lambda: domain.declare_conflict(
                actor=request.user,
                assignment=duty,
                reason=form.cleaned_data["reason"],
                kind=form.declared(),
            ),
        )
        if lifted is not None:
            messages.success(
                request, _("The duty is lifted and goes to somebody else. The organisers see why.")
            )
            return redirect("review:mine")
    return show(request, duty, _form(request, duty, bound=False), form)


@never_cache
@login_required
@require_safe
def archive(request: HttpRequest, code: str) -> HttpResponseBase:
    duty = the_duty(request, code)
    if duty.state in LOST:
        raise Http404
    found = archive_of(duty.entry, alias=domain.duty_of(assignment=duty).alias)
    if found is None:
        raise Http404
    return found


def _form(request: HttpRequest, duty: Assignment, *, bound: bool = True) -> ReviewForm:
    return ReviewForm(
        request.POST if bound and request.method == "POST" else None,
        criteria=list(duty.round.rubric.criteria.order_by("position")),
        review=getattr(duty, "review", None),
        track=duty.round.track,
    )


def show(
    request: HttpRequest,
    duty: Assignment,
    form: ReviewForm | None = None,
    reason_form: ReasonForm | None = None,
    amend_form: AmendForm | None = None,
) -> HttpResponse:
    """The page of a duty; a form given is shown with its errors."""
    shown = domain.duty_of(assignment=duty)
    lost = duty.state in LOST
    context: dict[str, Any] = {
        "trail": [
            ("/", _("Home")),
            (reverse("review:mine"), _("My reviews")),
            ("", _("Entry %(alias)s") % {"alias": shown.alias}),
        ],
        "duty": shown,
        "lost": lost,
        "rubric": duty.round.rubric,
        "abstract": blind_text(entry=duty.entry, text=duty.entry.abstract),
        "contents": None if lost else contents_of(duty.entry),
        "form": form or _form(request, duty, bound=False),
        "reason_form": reason_form or ReasonForm(),
        "answer": answer_to(duty),
        "amend_form": amend_form or amend_form_of(duty),
        "revision": getattr(getattr(duty, "review", None), "revision", None),
        "may_declare": shown.state == AssignmentState.PENDING,
        "review": getattr(duty, "review", None),
    }
    return render(request, "review/review.html", context)
