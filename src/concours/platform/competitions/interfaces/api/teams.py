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
from concours.platform.competitions.interfaces.api.membership_schemas import (
    MemberIn,
    MergeIn,
    MergeOut,
)
from concours.platform.competitions.interfaces.api.schemas import (
    InvitationOut,
    InviteIn,
    TeamIn,
    TeamOut,
)
from concours.platform.competitions.interfaces.tasks import mail_after_commit
from concours.platform.competitions.models import Membership, Team, TeamMerge
from concours.platform.competitions.rules import member_team_ids, visible_merges, visible_teams

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


@router.delete("/teams/{code}/members/{member}", response=TeamOut, auth=needs(Scope.ENTER))
def remove_member(request: HttpRequest, code: str, member: str) -> Any:
    """Take a member out of your team, while it is not frozen."""
    team = get_object_or_404(visible_teams(request.user), code=code)
    domain.remove_member(actor=request.user, team=team, user=_member(team, member))
    return get_object_or_404(_with_members(visible_teams(request.user)), code=code)


@router.post("/teams/{code}/captain", response=TeamOut, auth=needs(Scope.ENTER))
def pass_captaincy(request: HttpRequest, code: str, body: MemberIn) -> Any:
    """Make another member the captain in your place."""
    team = get_object_or_404(visible_teams(request.user), code=code)
    domain.pass_captaincy(actor=request.user, team=team, user=_member(team, body.member))
    return get_object_or_404(_with_members(visible_teams(request.user)), code=code)


@router.get("/merges", response=list[MergeOut], auth=needs(Scope.READ))
def my_merges(request: HttpRequest) -> Any:
    """Offers to and from your teams."""
    return [MergeOut.of(offer) for offer in visible_merges(request.user)]


@router.post("/teams/{code}/merges", response={201: MergeOut}, auth=needs(Scope.ENTER))
def offer_merge(request: HttpRequest, code: str, body: MergeIn) -> Any:
    """Offer that your team becomes part of another."""
    team = get_object_or_404(visible_teams(request.user).select_related("season"), code=code)
    into = get_object_or_404(Team, code=body.into, season=team.season)
    offer = domain.offer_merge(actor=request.user, team=team, into=into)
    return Status(201, MergeOut.of(offer))


@router.post("/merges/{code}/accept", response=TeamOut, auth=needs(Scope.ENTER))
def accept_merge(request: HttpRequest, code: str) -> Any:
    """Make the two teams one, for good."""
    into = domain.accept_merge(actor=request.user, offer=_offer(request, code))
    return get_object_or_404(_with_members(visible_teams(request.user)), pk=into.pk)


@router.post("/merges/{code}/decline", response=MergeOut, auth=needs(Scope.ENTER))
def decline_merge(request: HttpRequest, code: str) -> Any:
    return MergeOut.of(domain.decline_merge(actor=request.user, offer=_offer(request, code)))


@router.post("/merges/{code}/withdraw", response=MergeOut, auth=needs(Scope.ENTER))
def withdraw_merge(request: HttpRequest, code: str) -> Any:
    return MergeOut.of(domain.withdraw_merge(actor=request.user, offer=_offer(request, code)))


def _offer(request: HttpRequest, code: str) -> TeamMerge:
    return get_object_or_404(visible_merges(request.user), code=code)


def _member(team: Team, code: str) -> Any:
    return get_object_or_404(
        Membership.objects.select_related("user"), team=team, user__code=code
    ).user
