from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Status

from concours.platform.accounts.enums import Scope
from concours.platform.api.auth import needs
from concours.platform.competitions import domain
from concours.platform.competitions.interfaces.api.lookups import season_of
from concours.platform.competitions.interfaces.api.schemas import (
    InvitationOut,
    InviteIn,
    TeamIn,
    TeamOut,
)
from concours.platform.competitions.interfaces.tasks import mail_after_commit
from concours.platform.competitions.models import Membership, Team
from concours.platform.competitions.rules import member_team_ids, visible_teams

router = Router(tags=["teams"])


def _with_members(teams: QuerySet[Team]) -> QuerySet[Team]:
    members = Prefetch("memberships", queryset=Membership.objects.select_related("user"))
    return teams.select_related("season").prefetch_related(members)


@router.get("/teams", response=list[TeamOut], auth=needs(Scope.READ))
def my_teams(request: HttpRequest) -> Any:
    return _with_members(Team.objects.filter(pk__in=member_team_ids(request.user)))


@router.post("/teams", response={201: TeamOut}, auth=needs(Scope.ENTER))
def create_team(request: HttpRequest, body: TeamIn) -> Any:
    season = season_of(request, body.season)
    return Status(201, domain.create_team(actor=request.user, season=season, name=body.name))


@router.get("/teams/{code}", response=TeamOut, auth=needs(Scope.READ))
def get_team(request: HttpRequest, code: str) -> Any:
    return get_object_or_404(_with_members(visible_teams(request.user)), code=code)


@router.post("/teams/{code}/invitations", response={201: InvitationOut}, auth=needs(Scope.ENTER))
def invite(request: HttpRequest, code: str, body: InviteIn) -> Any:
    """Invite an address; the link goes out by e-mail and is nowhere else."""
    team = get_object_or_404(visible_teams(request.user), code=code)
    invitation, _key = domain.invite(actor=request.user, team=team, email=body.email)
    mail_after_commit(invitation, site=request.build_absolute_uri("/"))
    return Status(201, invitation)
