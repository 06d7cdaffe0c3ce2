"""Teams and who is of them."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

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
    led = Membership.objects.filter(user=actor, captain=True, team__season=season).count()
    if led >= MOST_LED:
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

    Raises Refused for the captain (whose team it is), for a team that would fall below a track's
    smallest size, for an entry's named reviewer, and after registration.
    """
    team = lock(team)
    require(actor, "competitions.leave_team", team)
    require_not_frozen(team)
    membership = Membership.objects.get(team=team, user=actor)
    if membership.captain:
        raise Refused("captain-stays", _("The captain cannot leave; withdraw the entries instead."))
    remaining = team.memberships.count() - 1
    for entry in _active_entries(team):
        if entry.reviewer_id == actor.pk:
            raise Refused(
                "reviewer-stays", _("You are the named reviewer of an entry; name another first.")
            )
        if remaining < entry.track.team_size_min:
            raise Refused("team-too-small", _("The team would be too small for one of its tracks."))
    Participation.objects.filter(user=actor, entry__team=team).delete()
    membership.delete()
    forget_teams(actor)
    record.append(actor=actor, verb="team.left", subject=team, season=team.season.slug)


def add_member(*, actor: Any, team: Team, user: Any) -> Membership:
    """Make `user` a member within the caller's transaction, in every track the team has entered.

    Raises Refused when the team is frozen or full, when `user` is of it, or when `user` takes part
    in one of its tracks with another team.
    """
    entries = _active_entries(team)
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
    """Note that `user` takes part through `entry`; the database refuses a second entry."""
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
    """Raise Refused once registration of any track that the team entered has closed."""
    _require_open_registration(_active_entries(team))


def _require_open_registration(entries: list[Entry]) -> None:
    moment = clock.now()
    if any(moment >= entry.track.registration_closes_at for entry in entries):
        raise Refused("team-frozen", _("Registration has closed; the team stays as it is."))


def _active_entries(team: Team) -> list[Entry]:
    return list(team.entries.filter(state=EntryState.ENTERED).select_related("track"))
