"""Teams: mine, founding one, its people, inviting, leaving; and the invitation's own page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from concours.platform.competitions import domain
from concours.platform.competitions.domain.invitations import VALID_FOR
from concours.platform.competitions.enums import InvitationState, SeasonState
from concours.platform.competitions.interfaces.forms import InviteForm, MergeForm, TeamForm
from concours.platform.competitions.interfaces.support import by_code, told
from concours.platform.competitions.interfaces.tasks import mail_after_commit
from concours.platform.competitions.models import Entry, Invitation, Team
from concours.platform.competitions.rules import (
    member_team_ids,
    visible_merges,
    visible_seasons,
    visible_teams,
)
from concours.platform.core import clock
from concours.platform.core.access import permitted
from concours.platform.web.interfaces.shared import Trail, attempt


def _trail(*more: tuple[str, str]) -> Trail:
    return [(reverse("competitions:teams"), _("My teams")), *more]


@login_required
@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    entries = Entry.objects.select_related("track__season", "track__phase")
    rows = (
        Team.objects.filter(pk__in=member_team_ids(request.user))
        .select_related("season")
        .annotate(size=Count("memberships"))
        .prefetch_related(Prefetch("entries", queryset=entries))
        .order_by("-season__starts_at", "name")
    )
    return render(
        request,
        "competitions/teams.html",
        {"teams": rows, "open_seasons": _open_seasons(request), "trail": [("", _("My teams"))]},
    )


def _open_seasons(request: HttpRequest):  # type: ignore[no-untyped-def]
    return visible_seasons(request.user).filter(state=SeasonState.OPEN)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_team(request: HttpRequest) -> HttpResponse:
    seasons = _open_seasons(request)
    form = TeamForm(request.POST or None, seasons=seasons)
    if request.method == "POST" and form.is_valid():
        team = attempt(form, lambda: domain.create_team(actor=request.user, **form.cleaned_data))
        if team is not None:
            told(request, _("The team is founded. Invite its members now."))
            return redirect("competitions:team", code=team.code)
    return render(
        request,
        "competitions/team_new.html",
        {"form": form, "seasons": seasons, "trail": _trail(("", _("Found a team")))},
    )


@login_required
@require_safe
def team(request: HttpRequest, code: str) -> HttpResponse:
    return show_team(request, by_code(visible_teams(request.user).select_related("season"), code))


def show_team(
    request: HttpRequest,
    found: Team,
    *,
    invite_form: InviteForm | None = None,
    merge_form: MergeForm | None = None,
) -> HttpResponse:
    """The team's page, with the given forms in place of empty ones."""
    manages = permitted(request.user, "competitions.manage_team", found)
    members = list(found.memberships.select_related("user"))
    merges = visible_merges(request.user).filter(state=InvitationState.OPEN) if manages else []
    return render(
        request,
        "competitions/team.html",
        {
            "team": found,
            "members": members,
            "entries": found.entries.select_related("track__season", "track__phase", "reviewer"),
            "manages": manages,
            "mine": found.pk in member_team_ids(request.user),
            "captain_me": any(row.captain and row.user_id == request.user.pk for row in members),
            "invitations": _invitations(found) if manages else [],
            "invite_form": invite_form or InviteForm(),
            "valid_days": VALID_FOR.days,
            "merge_form": merge_form or MergeForm(),
            "offers": [one for one in merges if one.team_id == found.pk],
            "offered": [one for one in merges if one.into_id == found.pk],
            "trail": _trail(("", found.name)),
        },
    )


def _invitations(team: Team) -> list[tuple[Invitation, bool]]:
    """The team's invitations, each with whether it can still be accepted."""
    moment = clock.now()
    return [
        (one, one.state == InvitationState.OPEN and moment < one.expires_at)
        for one in team.invitations.all()
    ]


@login_required
@require_POST
def invite(request: HttpRequest, code: str) -> HttpResponse:
    found = by_code(visible_teams(request.user).select_related("season"), code)
    form = InviteForm(request.POST)
    if form.is_valid():
        made = attempt(
            form,
            lambda: domain.invite(actor=request.user, team=found, email=form.cleaned_data["email"]),
        )
        if made is not None:
            mail_after_commit(made[0], site=request.build_absolute_uri("/"))
            told(request, _("The invitation is on its way by e-mail."))
            return redirect("competitions:team", code=code)
    return show_team(request, found, invite_form=form)


def _invitation_of(request: HttpRequest, code: str, invitation: str) -> Invitation:
    found = by_code(visible_teams(request.user), code)
    return by_code(found.invitations.select_related("team__season"), invitation)


@login_required
@require_POST
def resend(request: HttpRequest, code: str, invitation: str) -> HttpResponse:
    """Mail the link again; the one in the earlier mail is void from then on."""
    found = _invitation_of(request, code, invitation)
    domain.resend_invitation(actor=request.user, invitation=found)
    mail_after_commit(found, site=request.build_absolute_uri("/"))
    told(request, _("The invitation is sent again; the link of the earlier mail no longer works."))
    return redirect("competitions:team", code=code)


@login_required
@require_POST
def withdraw_invitation(request: HttpRequest, code: str, invitation: str) -> HttpResponse:
    domain.withdraw_invitation(
        actor=request.user, invitation=_invitation_of(request, code, invitation)
    )
    told(request, _("The invitation is withdrawn."))
    return redirect("competitions:team", code=code)


@login_required
@require_POST
def leave(request: HttpRequest, code: str) -> HttpResponse:
    found = by_code(visible_teams(request.user), code)
    domain.leave_team(actor=request.user, team=found)
    told(request, _("You have left the team."))
    return redirect("competitions:teams")


@never_cache
@require_safe
def invitation(request: HttpRequest, key: str) -> HttpResponse:
    """Whoever holds the link reads whom it invites where; answering needs an account."""
    found = domain.find_invitation(key=key)
    return render(
        request,
        "competitions/invitation.html",
        {
            "invitation": found,
            "key": key,
            "open": found.state == InvitationState.OPEN and clock.now() < found.expires_at,
            "member": found.team_id in member_team_ids(request.user),
            "trail": [("", _("Invitation"))],
        },
    )


@login_required
@require_POST
def accept(request: HttpRequest, key: str) -> HttpResponse:
    membership = domain.accept_invitation(actor=request.user, key=key)
    told(request, _("You are of the team now."))
    return redirect("competitions:team", code=membership.team.code)


@login_required
@require_POST
def decline(request: HttpRequest, key: str) -> HttpResponse:
    domain.decline_invitation(actor=request.user, key=key)
    told(request, _("You have declined the invitation."))
    return redirect("competitions:teams")
