"""Entering a track: one form for the team, the entry, the reviewer and the rules."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from concours.platform.competitions import domain
from concours.platform.competitions.enums import EntryState
from concours.platform.competitions.interfaces.forms import ALONE, EnterForm
from concours.platform.competitions.interfaces.support import the_track, told, track_trail
from concours.platform.competitions.models import Entry, Membership, Team, Track
from concours.platform.competitions.rules import member_team_ids, visible_entries
from concours.platform.core import clock
from concours.platform.core.text import localised
from concours.platform.web.interfaces.declaring import declared
from concours.platform.web.interfaces.shared import attempt


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = the_track(request, season, track)
    rules = domain.current_rules(found)
    context: dict[str, Any] = {
        "track": found,
        "trail": track_trail(found, ("", _("Enter"))),
        "open": found.registration_open_at(clock.now()) and rules is not None,
        "mine": _my_entry(request, found),
    }
    if rules is not None:
        form = EnterForm(
            request.POST or None,
            teams=_teams_to_enter(request.user, found),
            rules=rules,
            person=request.user,
            track=found,
        )
        if request.method == "POST" and form.is_valid():
            entry = attempt(form, lambda: _enter(request, found, form))
            if entry is not None:
                told(request, _("You are in. Submit your work while submissions are open."))
                return redirect("competitions:entry", code=entry.code)
        context |= {"form": form, "rules": rules, "rules_text": localised(rules, "text")}
    return render(request, "competitions/enter.html", context)


def _enter(request: HttpRequest, track: Track, form: EnterForm) -> Entry:
    data = dict(form.cleaned_data)
    # The number the reader saw, not the newest: if rules were published meanwhile, they read first.
    common = {
        "actor": request.user,
        "track": track,
        "title": data["title"],
        "abstract": data["abstract"],
        "accepted_rules": _number_seen(request),
        "declaration": declared(data),
    }
    if data["team"] == ALONE:
        return domain.enter_alone(team_name=data["team_name"], **common)
    return domain.enter_track(
        team=form.teams[data["team"]], reviewer=form.members.get(data.get("reviewer", "")), **common
    )


def _number_seen(request: HttpRequest) -> int:
    seen = request.POST.get("rules_number", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 6 else 0


def _my_entry(request: HttpRequest, track: Track) -> Entry | None:
    own = visible_entries(request.user).filter(participations__user=request.user)  # type: ignore[misc]
    return own.filter(track=track, state=EntryState.ENTERED).first()


def _teams_to_enter(user: Any, track: Track) -> list[Team]:
    """The teams that `user` leads in the track's season and that have not entered it."""
    members = Prefetch("memberships", queryset=Membership.objects.select_related("user"))
    return list(
        Team.objects.filter(
            pk__in=member_team_ids(user),
            season_id=track.season_id,
            memberships__user_id=user.pk,
            memberships__captain=True,
        )
        .exclude(entries__track=track)
        .prefetch_related(members)
    )
