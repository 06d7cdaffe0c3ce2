"""Who may see and do what in competitions."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import rules
from django.db.models import Q, QuerySet

from concours.platform.accounts.domain.permissions import (
    is_organiser,
    organised_season_ids,
    signed_in,
)
from concours.platform.competitions.enums import EntryState, SeasonState, TrackState
from concours.platform.competitions.models import (
    Entry,
    Season,
    Submission,
    Team,
    TeamMerge,
    Track,
    TrackProposal,
)


def _season_id(subject: Any) -> int | None:
    """The season that a season, track, team, entry, submission or proposal is of."""
    if subject is None:
        return None
    if isinstance(subject, Season):
        return subject.pk
    if isinstance(subject, Entry):
        return subject.track.season_id
    if isinstance(subject, Submission):
        return subject.entry.track.season_id
    season_id: int = subject.season_id
    return season_id


@rules.predicate
def organises(user: Any, subject: Any) -> bool:
    return is_organiser(user, _season_id(subject))


@rules.predicate
def is_of_team(user: Any, subject: Any) -> bool:
    """`subject` is a Team, an Entry or a Submission."""
    if user.pk is None:
        return False
    entry = subject.entry if isinstance(subject, Submission) else subject
    team_id = entry.pk if isinstance(entry, Team) else entry.team_id
    return team_id in member_team_ids(user)


@rules.predicate
def is_captain(user: Any, team: Team) -> bool:
    return user.pk is not None and team.memberships.filter(user_id=user.pk, captain=True).exists()


@rules.predicate
def proposed(user: Any, proposal: TrackProposal) -> bool:
    return bool(user.pk is not None and proposal.proposer_id == user.pk)


@rules.predicate
def season_is_public(user: Any, season: Season) -> bool:
    return season.state != SeasonState.DRAFT


@rules.predicate
def track_is_public(user: Any, track: Track) -> bool:
    return track.state != TrackState.DRAFT and track.season.state != SeasonState.DRAFT


@rules.predicate
def names_are_public(user: Any, entry: Entry) -> bool:
    return entry.track.phase is not None and entry.track.phase.names_visible


@rules.predicate
def scores_are_public(user: Any, track: Track) -> bool:
    return track.phase is not None and track.phase.scores_visible


rules.add_perm("competitions.create_season", organises)
rules.add_perm("competitions.edit_season", organises)
rules.add_perm("competitions.view_season", season_is_public | organises)
rules.add_perm("competitions.propose_track", signed_in)
rules.add_perm("competitions.discuss_proposal", signed_in)
rules.add_perm("competitions.withdraw_proposal", proposed)
rules.add_perm("competitions.decide_proposal", organises)
rules.add_perm("competitions.run_track", organises)
rules.add_perm("competitions.view_track", track_is_public | organises)
rules.add_perm("competitions.view_scores", scores_are_public | organises)
rules.add_perm("competitions.create_team", signed_in)
rules.add_perm("competitions.view_team", is_of_team | organises)
rules.add_perm("competitions.manage_team", is_captain)
rules.add_perm("competitions.leave_team", is_of_team)
rules.add_perm("competitions.enter_track", is_captain)
rules.add_perm("competitions.edit_entry", is_of_team)
rules.add_perm("competitions.withdraw_entry", is_of_team)
rules.add_perm("competitions.disqualify_entry", organises)
rules.add_perm("competitions.mark_baseline", organises)
rules.add_perm("competitions.reinstate_entry", organises)
rules.add_perm("competitions.submit", is_of_team)
rules.add_perm("competitions.view_entry_name", names_are_public | is_of_team | organises)
rules.add_perm("competitions.view_submission", is_of_team | organises)


def member_team_ids(user: Any) -> frozenset[int]:
    """The teams that `user` is of, asked for once a request."""
    if user.pk is None:
        return frozenset()
    cached: frozenset[int] | None = getattr(user, "_member_team_ids", None)
    if cached is None:
        cached = frozenset(
            Team.objects.filter(memberships__user_id=user.pk).values_list("pk", flat=True)
        )
        user._member_team_ids = cached
    return cached


def forget_teams(user: Any) -> None:
    """Drop what `member_team_ids` keeps, after a change of membership."""
    # Not through __dict__: a request's user is a lazy object, whose own __dict__ holds nothing.
    with suppress(AttributeError):
        del user._member_team_ids


def _organised(user: Any, path: str) -> Q:
    """Rows whose season (at `path`) the user organises."""
    seasons = organised_season_ids(user)
    # An empty Q would vanish from "public or organised" and leave only what is public.
    return Q(pk__isnull=False) if seasons is None else Q(**{f"{path}__in": seasons})


def visible_seasons(user: Any) -> QuerySet[Season]:
    return Season.objects.filter(~Q(state=SeasonState.DRAFT) | _organised(user, "pk"))


def visible_tracks(user: Any) -> QuerySet[Track]:
    public = ~Q(state=TrackState.DRAFT) & ~Q(season__state=SeasonState.DRAFT)
    return Track.objects.filter(public | _organised(user, "season_id"))


def visible_proposals(user: Any) -> QuerySet[TrackProposal]:
    public = ~Q(season__state=SeasonState.DRAFT)
    return TrackProposal.objects.filter(public | _organised(user, "season_id"))


def visible_teams(user: Any) -> QuerySet[Team]:
    """Teams whose page the user may open: their own, and all for organisers."""
    return Team.objects.filter(Q(pk__in=member_team_ids(user)) | _organised(user, "season_id"))


def visible_merges(user: Any) -> QuerySet[TeamMerge]:
    """Offers to or from the user's own teams."""
    own = member_team_ids(user)
    rows = TeamMerge.objects.select_related("team__season", "into__season")
    return rows.filter(Q(team_id__in=own) | Q(into_id__in=own))


def visible_entries(user: Any) -> QuerySet[Entry]:
    """Entries that are listed for the user. Whether its team is named is asked entry by entry."""
    public = Q(state=EntryState.ENTERED) & ~Q(track__season__state=SeasonState.DRAFT)
    own = Q(team_id__in=member_team_ids(user))
    return Entry.objects.filter(public | own | _organised(user, "track__season_id"))


def visible_submissions(user: Any) -> QuerySet[Submission]:
    own = Q(entry__team_id__in=member_team_ids(user))
    return Submission.objects.filter(own | _organised(user, "entry__track__season_id"))
