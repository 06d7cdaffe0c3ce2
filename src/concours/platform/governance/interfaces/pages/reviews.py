"""An access review: what is asked for, its time line, documents, comments and votes."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from concours.platform.core.access import permitted, require
from concours.platform.core.errors import Refused
from concours.platform.core.text import in_language_of
from concours.platform.governance import domain
from concours.platform.governance.enums import VoidReason
from concours.platform.governance.interfaces.forms import (
    CommentForm,
    DecideForm,
    DocumentForm,
    ReasonForm,
    ReviewForm,
)
from concours.platform.governance.interfaces.support import the_review, trail
from concours.platform.governance.interfaces.timeline import timeline_of
from concours.platform.governance.models import AccessReview
from concours.platform.governance.phrases import RESULTS
from concours.platform.governance.rules import visible_comments
from concours.platform.register.domain import find_project
from concours.platform.web.interfaces.shared import attempt, or_hidden

MOST_COMMENTS = 500
# The form of a decision has a field for reasons too.
WITHDRAW_ID = "id_withdraw_%s"


@require_safe
def review(request: HttpRequest, code: str) -> HttpResponse:
    return _shown(request, the_review(request, code))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    or_hidden(request.user, "governance.hold_reviews", None)
    form = ReviewForm(request.POST or None, initial=_named(request))
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: _open(request, dict(form.cleaned_data)))
        if made is not None:
            return redirect("governance:review", made.code)
    return render(
        request,
        "governance/new_review.html",
        {"form": form, "trail": trail((request.path, _("New access review")))},
    )


@require_POST
def comment(request: HttpRequest, code: str) -> HttpResponse:
    found = the_review(request, code)
    require(request.user, "governance.comment", found)
    form = CommentForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["text"]
        act = partial(domain.write_comment, actor=request.user, review=found, text=text)
        if attempt(form, act) is not None:
            return redirect("governance:review", code)
    return _shown(request, found, comment_form=form)


@require_POST
def document(request: HttpRequest, code: str) -> HttpResponse:
    found = _held(request, code)
    form = DocumentForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        act = partial(domain.add_document, actor=request.user, review=found, **given)
        if attempt(form, act) is not None:
            return redirect("governance:review", code)
    return _shown(request, found, document_form=form)


@require_POST
def call(request: HttpRequest, code: str) -> HttpResponse:
    vote = domain.call_vote(actor=request.user, review=_held(request, code))
    return redirect("governance:vote", vote.code)


@require_POST
def decide(request: HttpRequest, code: str) -> HttpResponse:
    found = _held(request, code)
    form = DecideForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        act = partial(
            domain.decide_by_office,
            actor=request.user,
            review=found,
            passes=given["passes"] == "yes",
            reason=given["reason"],
        )
        if attempt(form, act) is not None:
            return redirect("governance:review", code)
    return _shown(request, found, decide_form=form)


@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    found = _held(request, code)
    form = ReasonForm(request.POST, auto_id=WITHDRAW_ID)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        act = partial(domain.withdraw_review, actor=request.user, review=found, reason=reason)
        if attempt(form, act) is not None:
            return redirect("governance:review", code)
    return _shown(request, found, withdraw_form=form)


def _held(request: HttpRequest, code: str) -> AccessReview:
    found = the_review(request, code)
    or_hidden(request.user, "governance.hold_reviews", found)
    return found


def _open(request: HttpRequest, given: dict[str, Any]) -> AccessReview:
    project = find_project(given.pop("project"))
    if project is None:
        raise Refused("no-project", _("The register has no project of this short name."))
    return domain.open_review(actor=request.user, project=project, **given)


def _named(request: HttpRequest) -> dict[str, str]:
    """What the address fills in."""
    return {name: request.GET.get(name, "")[:80] for name in ("project", "to", "cause")}


def _why(found: AccessReview) -> str:
    """Why the review ended so, in words; "" where its state says it all."""
    if found.reason == found.state:
        return ""
    labels = {**RESULTS, **dict(VoidReason.choices)}
    return str(labels.get(found.reason, found.reason))


def _shown(request: HttpRequest, found: AccessReview, **forms: Any) -> HttpResponse:
    votes = list(found.votes.select_related("body").order_by("pk"))
    charter = domain.parsed(found.charter)
    rules = [charter.rule(key) for key in domain.votes_of(found)]
    open_ = found.state == "open"
    staff = open_ and permitted(request.user, "governance.hold_reviews")
    live = any(vote.live for vote in votes)
    comments = visible_comments(request.user).filter(review=found).select_related("author")
    return render(
        request,
        "governance/review.html",
        {
            "review": found,
            "project": found.project,
            "reason": _why(found),
            "line": timeline_of(found, votes),
            "votes": [(vote, RESULTS.get(vote.outcome.get("result", ""))) for vote in votes],
            "steps": [in_language_of(rule.title, rule.title_zh) for rule in rules],
            "comments": comments[:MOST_COMMENTS],
            "open": open_,
            # Where the review has ended meanwhile, the form itself is not shown any more.
            "refused": [] if open_ else [form.non_field_errors() for form in forms.values()],
            "staff": staff,
            "may_call": staff and bool(rules) and not live,
            "may_decide": staff and not rules,
            "may_withdraw": staff and not live,
            "may_comment": open_ and permitted(request.user, "governance.comment", found),
            "comment_form": forms.get("comment_form") or CommentForm(),
            "document_form": forms.get("document_form") or DocumentForm(),
            "decide_form": forms.get("decide_form") or DecideForm(),
            "withdraw_form": forms.get("withdraw_form") or ReasonForm(auto_id=WITHDRAW_ID),
            "trail": trail((request.path, found.project)),
        },
    )
