"""Two teams of a season become one: one captain offers, the other accepts."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.domain.teams import (
    active_entries,
    require_not_frozen,
    take_part,
)
from concours.platform.competitions.enums import InvitationState
from concours.platform.competitions.models import Entry, Membership, Participation, Team, TeamMerge
from concours.platform.competitions.rules import forget_teams
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.record import domain as record


@transaction.atomic
def offer_merge(*, actor: Any, team: Team, into: Team) -> TeamMerge:
    """The captain of `team` offers that it becomes part of `into`.

    Raises Refused where the two could not be one team now, and for a second open offer.
    """
    team, into = _lock_both(team, into)
    require(actor, "competitions.manage_team", team)
    _require_one_team(team, into)
    if team.merges_offered.filter(state=InvitationState.OPEN).exists():
        raise Refused("offered-already", _("Your team has an open offer; withdraw it first."))
    offer = TeamMerge.objects.create(team=team, into=into, offered_by=actor, offered_at=clock.now())
    _note(actor, offer, "team.merge-offered", into=into.code)
    return offer


@transaction.atomic
def accept_merge(*, actor: Any, offer: TeamMerge) -> Team:
    """The captain of the other team accepts: people and entries go over, the offering team is
    empty from then on. Raises Refused where the two cannot be one team any more."""
    team, into = _lock_both(offer.team, offer.into)
    offer = lock(offer)
    require(actor, "competitions.manage_team", into)
    _require_open(offer)
    _require_one_team(team, into)
    entries = [entry.code for entry in active_entries(team)]
    joining = list(team.memberships.select_related("user"))
    known = set(into.memberships.values_list("user_id", flat=True))
    moment = clock.now()
    # Withdrawn entries stay with the team that withdrew them.
    team.entries.filter(pk__in=[entry.pk for entry in active_entries(team)]).update(team=into)
    for row in joining:
        if row.user_id not in known:
            Membership.objects.create(team=into, user=row.user, joined_at=moment)
        row.delete()
    for entry in active_entries(into):
        _let_all_take_part(entry, into)
    for row in joining:
        forget_teams(row.user)
    forget_teams(actor)
    offer.state = InvitationState.ACCEPTED
    offer.save(update_fields=["state"])
    team.invitations.filter(state=InvitationState.OPEN).update(state=InvitationState.WITHDRAWN)
    team.merges_received.filter(state=InvitationState.OPEN).update(state=InvitationState.DECLINED)
    record.append(
        actor=actor,
        verb="team.merged",
        subject=into,
        season=into.season.slug,
        data={
            "from": team.code,
            "members": sorted(row.user.code for row in joining),
            "entries": sorted(entries),
        },
    )
    return into


@transaction.atomic
def decline_merge(*, actor: Any, offer: TeamMerge) -> TeamMerge:
    """The captain of the other team says no."""
    return _end(actor, offer, by=offer.into, state=InvitationState.DECLINED)


@transaction.atomic
def withdraw_merge(*, actor: Any, offer: TeamMerge) -> TeamMerge:
    """The captain of the offering team takes the offer back."""
    return _end(actor, offer, by=offer.team, state=InvitationState.WITHDRAWN)


def _end(actor: Any, offer: TeamMerge, *, by: Team, state: InvitationState) -> TeamMerge:
    offer = lock(offer)
    require(actor, "competitions.manage_team", by)
    _require_open(offer)
    offer.state = state
    offer.save(update_fields=["state"])
    _note(actor, offer, f"team.merge-{state}")
    return offer


def _note(actor: Any, offer: TeamMerge, verb: str, **data: str) -> None:
    record.append(
        actor=actor,
        verb=verb,
        subject=offer.team,
        season=offer.team.season.slug,
        data={"offer": offer.code, **data},
    )


def _lock_both(team: Team, into: Team) -> tuple[Team, Team]:
    """Both locked, the older first, so that two who offer to each other do not wait for ever."""
    if team.pk == into.pk:
        raise Refused("same-team", _("Name another team."))
    held = {one.pk: lock(one) for one in sorted((team, into), key=lambda one: one.pk)}
    return held[team.pk], held[into.pk]


def _require_open(offer: TeamMerge) -> None:
    if offer.state != InvitationState.OPEN:
        raise Refused("offer-over", _("This offer is accepted, declined or withdrawn."))


def _require_one_team(team: Team, into: Team) -> None:
    """Raise Refused unless the two may be one team now."""
    if team.season_id != into.season_id:
        raise Refused("other-season", _("This team is of another season."))
    if not team.memberships.exists():
        raise Refused("empty-team", _("Nobody is of this team any more."))
    require_not_frozen(team)
    require_not_frozen(into)
    ours, theirs = active_entries(team), active_entries(into)
    # Also one that was withdrawn: a team stands in a track once.
    taken = set(into.entries.values_list("track_id", flat=True))
    if any(entry.track_id in taken for entry in ours):
        raise Refused("both-entered", _("Both teams are in one of the tracks; withdraw one entry."))
    size = len(set(_people(team)) | set(_people(into)))
    if any(size > entry.track.team_size_max for entry in (*ours, *theirs)):
        raise Refused("team-too-large", _("The team would be too large for one of its tracks."))


def _people(team: Team) -> list[int]:
    return list(team.memberships.values_list("user_id", flat=True))


def _let_all_take_part(entry: Entry, team: Team) -> None:
    have = set(Participation.objects.filter(entry=entry).values_list("user_id", flat=True))
    for row in team.memberships.exclude(user_id__in=have).select_related("user"):
        take_part(entry=entry, user=row.user)
