"""The public call for tracks: proposals, their discussion, the staff's decision."""

from __future__ import annotations

from functools import partial

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from concours.platform.competitions import domain
from concours.platform.competitions.enums import ProposalState
from concours.platform.competitions.interfaces.forms import (
    CommentForm,
    DecisionForm,
    ProposalForm,
    proposal_texts,
)
from concours.platform.competitions.interfaces.pages.seasons import call_is_open
from concours.platform.competitions.interfaces.support import (
    by_code,
    done,
    season_trail,
    the_season,
    told,
)
from concours.platform.competitions.models import TrackProposal
from concours.platform.competitions.rules import visible_proposals
from concours.platform.core import clock
from concours.platform.core.access import permitted, require
from concours.platform.web.interfaces.shared import attempt


@require_safe
def proposals(request: HttpRequest, season: str) -> HttpResponse:
    found = the_season(request, season)
    rows = (
        visible_proposals(request.user)
        .filter(season=found)
        .select_related("batch", "proposer")
        .annotate(comment_count=Count("comments"))
    )
    return render(
        request,
        "competitions/proposals.html",
        {
            "season": found,
            "proposals": rows,
            "call_open": call_is_open(found, clock.now()),
            "trail": season_trail(found, ("", _("Call for tracks"))),
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, season: str) -> HttpResponse:
    found = the_season(request, season)
    form = ProposalForm(request.POST or None, season=found)
    if request.method == "POST" and form.is_valid():
        act = partial(domain.propose_track, actor=request.user, season=found, **form.cleaned_data)
        proposal = attempt(form, act)
        if proposal is not None:
            told(request, _("Your proposal is in. Discussion is open to everyone."))
            return redirect("competitions:proposal", code=proposal.code)
    return render(
        request,
        "competitions/propose.html",
        {
            "season": found,
            "form": form,
            "call_open": call_is_open(found, clock.now()),
            "trail": season_trail(
                found,
                (reverse("competitions:proposals", args=[found.slug]), _("Call for tracks")),
                ("", _("Propose a track")),
            ),
        },
    )


def _the_proposal(request: HttpRequest, code: str) -> TrackProposal:
    rows = visible_proposals(request.user).select_related(
        "season", "batch", "proposer", "decided_by", "track__season"
    )
    return by_code(rows, code)


@require_safe
def proposal(request: HttpRequest, code: str) -> HttpResponse:
    return _show(request, _the_proposal(request, code))


@login_required
@require_POST
def comment(request: HttpRequest, code: str) -> HttpResponse:
    found = _the_proposal(request, code)
    form = CommentForm(request.POST)
    if form.is_valid() and done(
        form,
        lambda: domain.comment_on_proposal(
            actor=request.user, proposal=found, text=form.cleaned_data["text"]
        ),
    ):
        told(request, _("Your comment is in."))
        return redirect("competitions:proposal", code=code)
    return _show(request, found, comment_form=form)


@login_required
@require_POST
def decide(request: HttpRequest, code: str) -> HttpResponse:
    found = _the_proposal(request, code)
    require(request.user, "competitions.decide_proposal", found)
    form = DecisionForm(request.POST)
    approve = request.POST.get("decision") == "approve"
    if form.is_valid() and done(
        form,
        lambda: domain.decide_proposal(
            actor=request.user, proposal=found, approve=approve, **form.cleaned_data
        ),
    ):
        told(request, _("The track is drafted.") if approve else _("The proposal is declined."))
        return redirect("competitions:proposal", code=code)
    return _show(request, found, decision_form=form)


@login_required
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    domain.withdraw_proposal(actor=request.user, proposal=_the_proposal(request, code))
    told(request, _("Your proposal is withdrawn."))
    return redirect("competitions:proposal", code=code)


def _show(
    request: HttpRequest,
    found: TrackProposal,
    *,
    comment_form: CommentForm | None = None,
    decision_form: DecisionForm | None = None,
) -> HttpResponse:
    pending = found.state == ProposalState.SUBMITTED
    decides = pending and permitted(request.user, "competitions.decide_proposal", found)
    discusses = pending and permitted(request.user, "competitions.discuss_proposal", found)
    # A track in preparation is named to its staff only.
    track = found.track
    if track is not None and not permitted(request.user, "competitions.view_track", track):
        track = None
    return render(
        request,
        "competitions/proposal.html",
        {
            "proposal": found,
            "season": found.season,
            "track": track,
            "texts": proposal_texts(found),
            "comments": found.comments.select_related("author"),
            "pending": pending,
            "mine": permitted(request.user, "competitions.withdraw_proposal", found),
            "may_discuss": discusses,
            "refusals": _unseen(comment_form, discusses) + _unseen(decision_form, decides),
            "comment_form": comment_form or CommentForm(),
            "decision_form": (
                decision_form or DecisionForm(initial={"slug": slugify(found.topic)[:80]})
            )
            if decides
            else None,
            "trail": season_trail(
                found.season,
                (reverse("competitions:proposals", args=[found.season.slug]), _("Call for tracks")),
                ("", found.topic),
            ),
        },
    )


def _unseen(form: forms.Form | None, shown: bool) -> list[str]:
    """The refusals of a form that the page no longer has a place for."""
    return [] if form is None or shown else [str(error) for error in form.non_field_errors()]
