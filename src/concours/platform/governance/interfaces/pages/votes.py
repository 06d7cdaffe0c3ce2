"""A vote: its rule in words, the ballot, and the count step by step."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from concours.platform.core import clock
from concours.platform.core.access import permitted, require
from concours.platform.core.text import in_language_of
from concours.platform.governance import domain
from concours.platform.governance.enums import Choice
from concours.platform.governance.interfaces.forms import BallotForm, ReasonForm
from concours.platform.governance.interfaces.support import the_vote, trail
from concours.platform.governance.models import Vote
from concours.platform.governance.phrases import (
    ASIDES,
    RECUSALS,
    RESULTS,
    role_name,
    rule_sentences,
    step_sentence,
)
from concours.platform.web.interfaces.shared import attempt, or_hidden

# Each form of a page has a field for reasons, and each field an id of its own.
ASIDE_ID, OFF_ID = "id_aside_%s", "id_off_%s"


@require_safe
def vote(request: HttpRequest, code: str) -> HttpResponse:
    return _shown(request, the_vote(request, code))


@require_POST
def cast(request: HttpRequest, code: str) -> HttpResponse:
    found = the_vote(request, code)
    require(request.user, "governance.stand_aside", found)
    form = _ballot_form(found, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        act = partial(domain.cast_ballot, actor=request.user, vote=found, **given)
        if attempt(form, act) is not None:
            messages.success(request, _("Your ballot is in the record."))
            return redirect("governance:vote", code)
    return _shown(request, found, ballot_form=form)


@require_POST
def aside(request: HttpRequest, code: str) -> HttpResponse:
    found = the_vote(request, code)
    require(request.user, "governance.stand_aside", found)
    form = ReasonForm(request.POST, auto_id=ASIDE_ID)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        act = partial(domain.stand_aside, actor=request.user, vote=found, reason=reason)
        if attempt(form, act) is not None:
            return redirect("governance:vote", code)
    return _shown(request, found, aside_form=form)


@require_POST
def call_off(request: HttpRequest, code: str) -> HttpResponse:
    found = the_vote(request, code)
    or_hidden(request.user, "governance.hold_reviews", found)
    form = ReasonForm(request.POST, auto_id=OFF_ID)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        act = partial(domain.call_off, actor=request.user, vote=found, reason=reason)
        if attempt(form, act) is not None:
            return redirect("governance:vote", code)
    return _shown(request, found, off_form=form)


def _ballot_form(found: Vote, data: Any = None, **more: Any) -> BallotForm:
    rule = domain.rule_of(found)
    return BallotForm(data, secret=rule.secret, reasons_for_no=rule.reasons_for_no, **more)


def _shown(request: HttpRequest, found: Vote, **forms: Any) -> HttpResponse:
    found.refresh_from_db(fields=["state", "electorate", "outcome", "listed", "void_reason"])
    shown = domain.vote_shown(user=request.user, vote=found)
    rule = domain.rule_of(found)
    own = shown.own
    labels = dict(Choice.choices)
    initial = {"choice": own.choice, "reason": own.reason} if own else {}
    project = found.review.project
    way = (reverse("governance:review", args=[found.review.code]), project)
    return render(
        request,
        "governance/vote.html",
        {
            "vote": found,
            "shown": shown,
            "title": in_language_of(rule.title, rule.title_zh),
            "project": project,
            "seats": reverse("governance:body", args=[found.body.slug]),
            "rule": rule_sentences(rule),
            "voters": [
                (
                    one,
                    role_name(one.role),
                    ASIDES.get(one.why, ""),
                    [RECUSALS[reason] for reason in one.recused],
                )
                for one in shown.voters
            ],
            "ballots": [(one, labels[one.choice]) for one in shown.ballots],
            "listed": [(one, labels[one["choice"]]) for one in found.listed],
            "own_label": labels[own.choice] if own else "",
            "result": RESULTS.get(found.outcome.get("result", "")),
            "steps": [
                (step_sentence(code, values), holds)
                for code, holds, values in found.outcome.get("steps", [])
            ],
            "over": clock.now() >= found.closes_at,
            "staff": found.live and permitted(request.user, "governance.hold_reviews"),
            "may_stand_aside": _may_stand_aside(request, found, shown, rule),
            "ballot_form": forms.get("ballot_form") or _ballot_form(found, initial=initial),
            "aside_form": forms.get("aside_form") or ReasonForm(auto_id=ASIDE_ID),
            "off_form": forms.get("off_form") or ReasonForm(auto_id=OFF_ID),
            "trail": trail(way, (request.path, in_language_of(rule.title, rule.title_zh))),
        },
    )


def _may_stand_aside(request: HttpRequest, found: Vote, shown: Any, rule: Any) -> bool:
    return (
        found.live
        and bool(rule.recusal.declared)
        and shown.no_vote is None
        and clock.now() < found.closes_at
        and permitted(
            request.user,
            "governance.cast" if found.state == "open" else "governance.stand_aside",
            found,
        )
    )
