"""Teams and who is of them."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from concours.platform.accounts.domain.minors import waits_for_consent
from concours.platform.competitions.enums import EntryState, SeasonState
from concours.platform.competitions.models import Entry, Membership, Participation, Season, Team
from concours.platform.competitions.rules import forget_teams
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.digests import keyed_digest
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.core.wording import one_line
from concours.platform.record import domain as record

MOST_NAME = 100
MOST_LED = 20


@transaction.atomic
def create_team(*, actor: Any, season: Season, name: str) -> Team:
    """Found a team with `actor` as its captain.

    Raises Refused for a name that is taken, in this or another spelling, and for the captain of
    MOST_LED teams of the season.
    """
    require(actor, "competitions.create_team", season)
    if season.state != SeasonState.OPEN:
        raise Refused("season-not-open", _("This season is not open."))
    name = one_line(name, most=MOST_NAME)
    if not name:
        raise Refused("empty", _("Give the team a name."))
    lock(actor)  # so that their teams are counted one after the other
    if teams_led(actor, season) >= MOST_LED:
        raise Refused("too-many-teams", _("You lead as many teams of this season as one may."))
    moment = clock.now()
    try:
        with transaction.atomic():
            team = Team.objects.create(season=season, name=name, created_at=moment)
    except IntegrityError:
        raise Refused("name-taken", _("Another team of this season has this name.")) from None
    Membership.objects.create(team=team, user=actor, captain=True, joined_at=moment)
    forget_teams(actor)
    record.append(
        actor=actor,
        verb="team.founded",
        subject=team,
        season=season.slug,
        data={"name_digest": keyed_digest("team", name)},
    )
    return team


@transaction.atomic
def leave_team(*, actor: Any, team: Team) -> None:
    """Leave a team whose entries' registration is still open.

    Raises Refused for the captain (who passes the team on first), for a team that would fall below
    a track's smallest size, for an entry's named reviewer, and once the team is frozen.
    """
    team = lock(team)
    require(actor, "competitions.leave_team", team)
    require_not_frozen(team)
    membership = Membership.objects.get(team=team, user=actor)
    if membership.captain:
        raise Refused("captain-stays", _("The captain cannot leave; pass the team on first."))
    _require_dispensable(
        membership,
        reviewer=_("You are the named reviewer of an entry; name another first."),
    )
    _end(membership)
    record.append(actor=actor, verb="team.left", subject=team, season=team.season.slug)


@transaction.atomic
def remove_member(*, actor: Any, team: Team, user: Any) -> None:
    """The captain takes a member out of a team that is not frozen.

    Raises Refused for the captain, for a named reviewer (whose duty is passed on first), for a team
    that would fall below a track's smallest size, for somebody who is not of it, and once frozen.
    """
    team = lock(team)
    require(actor, "competitions.manage_team", team)
    require_not_frozen(team)
    membership = _membership(team, user)
    if membership.captain:
        raise Refused("captain-stays", _("The captain cannot leave; pass the team on first."))
    _require_dispensable(
        membership,
        reviewer=_("They are the named reviewer of an entry; name another first."),
    )
    _end(membership)
    record.append(
        actor=actor,
        verb="team.member-removed",
        subject=team,
        season=team.season.slug,
        data={"user": user.code},
    )


@transaction.atomic
def pass_captaincy(*, actor: Any, team: Team, user: Any) -> Membership:
    """The captain makes another member the captain, frozen or not; they stay a member themselves.

    Raises Refused for somebody who is not of the team, or is its captain.
    """
    team = lock(team)
    require(actor, "competitions.manage_team", team)
    membership = _membership(team, user)
    if membership.captain:
        raise Refused("captain-already", _("They are the captain already."))
    if not user.is_active:
        raise Refused("account-closed", _("Their account is closed."))
    lock(user)  # so that their teams are counted one after the other
    if teams_led(user, team.season) >= MOST_LED:
        raise Refused("too-many-teams", _("They lead as many teams of this season as one may."))
    team.memberships.filter(captain=True).update(captain=False)
    membership.captain = True
    membership.save(update_fields=["captain"])
    record.append(
        actor=actor,
        verb="team.captain-passed",
        subject=team,
        season=team.season.slug,
        data={"user": user.code},
    )
    return membership


def teams_led(user: Any, season: Season) -> int:
    """How many teams of the season a person is the captain of."""
    return Membership.objects.filter(user=user, captain=True, team__season=season).count()


def _membership(team: Team, user: Any) -> Membership:
    found = Membership.objects.filter(team=team, user=user).first()
    if found is None:
        raise Refused("not-a-member", _("This person is not of the team."))
    return found


def _require_dispensable(membership: Membership, *, reviewer: str | Promise) -> None:
    remaining = membership.team.memberships.count() - 1
    for entry in active_entries(membership.team):
        if entry.reviewer_id == membership.user_id:
            raise Refused("reviewer-stays", reviewer)
        if remaining < entry.track.team_size_min:
            raise Refused("team-too-small", _("The team would be too small for one of its tracks."))


def _end(membership: Membership) -> None:
    user = membership.user
    Participation.objects.filter(user=user, entry__team=membership.team).delete()
    membership.delete()
    forget_teams(user)


def add_member(*, actor: Any, team: Team, user: Any) -> Membership:
    """Make `user` a member within the caller's transaction, in every track the team has entered.

    Raises Refused when the team is frozen or full, when `user` is of it, or when `user` takes part
    in one of its tracks with another team.
    """
    entries = active_entries(team)
    _require_open_registration(entries)
    members = set(team.memberships.values_list("user_id", flat=True))
    if user.pk in members:
        raise Refused("member-already", _("You are of this team already."))
    for entry in entries:
        if len(members) >= entry.track.team_size_max:
            raise Refused("team-too-large", _("The team would be too large for one of its tracks."))
        take_part(entry=entry, user=user)
    membership = Membership.objects.create(team=team, user=user, joined_at=clock.now())
    forget_teams(user)
    record.append(
        actor=actor,
        verb="team.joined",
        subject=team,
        season=team.season.slug,
        data={"user": user.code},
    )
    return membership


def take_part(*, entry: Entry, user: Any) -> None:
    """Note that `user` takes part through `entry`; the database refuses a second entry.

    Raises Refused for a second one, and for somebody under age without a guardian's consent.
    """
    if waits_for_consent(user=user):
        # To others no more than that: why is theirs to tell.
        raise Refused(
            "not-yet",
            _("%(name)s cannot take part yet; their account page tells them why.")
            % {"name": user.display_name},
        )
    try:
        with transaction.atomic():
            Participation.objects.create(track=entry.track, user=user, entry=entry)
    except IntegrityError:
        raise Refused(
            "in-two-teams",
            _("%(name)s takes part in this track with another team already.")
            % {"name": user.display_name},
        ) from None


def require_not_frozen(team: Team) -> None:
    """Raise Refused once the teams of any track that the team entered are frozen."""
    _require_open_registration(active_entries(team))


def _require_open_registration(entries: list[Entry]) -> None:
    moment = clock.now()
    if any(moment >= entry.track.frozen_from for entry in entries):
        raise Refused("team-frozen", _("Teams of this track are frozen; the team stays as it is."))


def active_entries(team: Team) -> list[Entry]:
    """The team's entries that are in, with their tracks."""
    return list(team.entries.filter(state=EntryState.ENTERED).select_related("track"))
