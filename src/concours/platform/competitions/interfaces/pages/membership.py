"""What captains do about their team's people: remove, pass on, merge."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from concours.platform.competitions import domain
from concours.platform.competitions.interfaces.forms import MergeForm
from concours.platform.competitions.interfaces.pages.teams import show_team
from concours.platform.competitions.interfaces.support import by_code, told
from concours.platform.competitions.models import Team, TeamMerge
from concours.platform.competitions.rules import visible_merges, visible_teams
from concours.platform.core.errors import Refused
from concours.platform.web.interfaces.shared import attempt


def _team(request: HttpRequest, code: str) -> Team:
    return by_code(visible_teams(request.user).select_related("season"), code)


def _member(team: Team, code: str) -> Any:
    row = team.memberships.select_related("user").filter(user__code=code).first()
    if row is None:
        raise Refused("not-a-member", _("This person is not of the team."))
    return row.user


@login_required
@require_POST
def remove(request: HttpRequest, code: str, user: str) -> HttpResponse:
    team = _team(request, code)
    domain.remove_member(actor=request.user, team=team, user=_member(team, user))
    told(request, _("They are no longer of the team."))
    return redirect("competitions:team", code=code)


@login_required
@require_POST
def pass_on(request: HttpRequest, code: str, user: str) -> HttpResponse:
    team = _team(request, code)
    domain.pass_captaincy(actor=request.user, team=team, user=_member(team, user))
    told(request, _("They are the captain now."))
    return redirect("competitions:team", code=code)


@login_required
@require_POST
def offer(request: HttpRequest, code: str) -> HttpResponse:
    team, form = _team(request, code), MergeForm(request.POST)
    if form.is_valid():
        # A code cannot be guessed: whoever has it got it from that team.
        into = Team.objects.filter(code=form.cleaned_data["into"], season=team.season).first()
        if into is None:
            form.add_error("into", _("No team of this season has this code."))
        else:
            made = attempt(
                form, lambda: domain.offer_merge(actor=request.user, team=team, into=into)
            )
            if made is not None:
                told(request, _("The offer is made. The other captain finds it on their page."))
                return redirect("competitions:team", code=code)
    return show_team(request, team, merge_form=form)


@login_required
@require_POST
def accept(request: HttpRequest, code: str) -> HttpResponse:
    into = domain.accept_merge(actor=request.user, offer=_offer(request, code))
    told(request, _("The teams are one now."))
    return redirect("competitions:team", code=into.code)


@login_required
@require_POST
def decline(request: HttpRequest, code: str) -> HttpResponse:
    found = _offer(request, code)
    return _end(request, found, found.into, domain.decline_merge, _("The offer is declined."))


@login_required
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    found = _offer(request, code)
    return _end(request, found, found.team, domain.withdraw_merge, _("The offer is withdrawn."))


def _offer(request: HttpRequest, code: str) -> TeamMerge:
    return by_code(visible_merges(request.user), code)


def _end(
    request: HttpRequest, offer: TeamMerge, mine: Team, act: Callable[..., Any], words: str
) -> HttpResponse:
    act(actor=request.user, offer=offer)
    told(request, words)
    return redirect("competitions:team", code=mine.code)
