"""Entries: a team enters a track under its rules."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.domain.declarations import (
    NOTHING,
    Declaration,
    checked_declaration,
    declared_facts,
)
from concours.platform.competitions.domain.locks import lock_entry
from concours.platform.competitions.domain.teams import create_team, take_part
from concours.platform.competitions.domain.tracks import current_rules
from concours.platform.competitions.enums import EntryState, TrackState
from concours.platform.competitions.models import Entry, Participation, Team, Track
from concours.platform.competitions.rules import forget_teams
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.digests import keyed_digest
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.core.wording import one_line, passage
from concours.platform.record import domain as record

MOST_TITLE = 200
MOST_ABSTRACT = 5_000
MOST_REASON = 5_000


@transaction.atomic
def enter_track(
    *,
    actor: Any,
    track: Track,
    team: Team,
    title: str,
    accepted_rules: int,
    abstract: str = "",
    reviewer: Any = None,
    declaration: Declaration = NOTHING,
) -> Entry:
    """Enter `team` into `track` under the rules whose number it accepts.

    The reviewer named (the actor by default) is of the team and owes the track's reviews.
    Raises Refused outside the registration window, for rules that are not the current ones, a team
    of the wrong size or season, a second entry, a person who takes part already, or a
    declaration that its rules refuse.
    """
    track = lock(track)
    team = lock(team)
    require(actor, "competitions.enter_track", team)
    _require_registration(track)
    if team.season_id != track.season_id:
        raise Refused("other-season", _("This team is of another season."))
    rules = current_rules(track)
    if rules is None or rules.number != accepted_rules:
        raise Refused("rules-changed", _("The rules have changed. Read and accept the new ones."))
    if not title.strip():
        raise Refused("empty", _("Give the entry a title."))
    title, abstract = _texts(title, abstract)
    said = checked_declaration(declaration, track=track)
    members = [row.user for row in team.memberships.select_related("user")]
    if not track.team_size_min <= len(members) <= track.team_size_max:
        raise Refused(
            "team-size",
            _("Teams of this track have %(least)d to %(most)d people; yours has %(size)d.")
            % {"least": track.team_size_min, "most": track.team_size_max, "size": len(members)},
        )
    reviewer = reviewer or actor
    if reviewer.pk not in {member.pk for member in members}:
        raise Refused("reviewer-not-of-team", _("Name a reviewer who is of the team."))
    try:
        with transaction.atomic():
            entry = Entry.objects.create(
                track=track,
                team=team,
                title=title,
                abstract=abstract,
                reviewer=reviewer,
                rules_version=rules,
                entered_by=actor,
                entered_at=clock.now(),
                llm_used=said.used,
                llm_text=said.text,
            )
    except IntegrityError:
        raise Refused("entered-already", _("This team has entered the track already.")) from None
    for member in members:
        take_part(entry=entry, user=member)
    record.append(
        actor=actor,
        verb="entry.entered",
        subject=entry,
        season=track.season.slug,
        data={
            "track": track.slug,
            "team": team.code,
            "title_digest": keyed_digest("title", entry.title),
            "reviewer": reviewer.code,
            "rules": rules.number,
            "rules_digest": rules.digest,
            **({} if said.used is None else {"llm": declared_facts(said, policy=track.llm_policy)}),
        },
    )
    return entry


@transaction.atomic
def enter_alone(
    *,
    actor: Any,
    track: Track,
    team_name: str,
    title: str,
    accepted_rules: int,
    abstract: str = "",
    declaration: Declaration = NOTHING,
) -> Entry:
    """Found a team of one and enter it, in one step: a refused entry leaves no team behind.

    Raises as `create_team` and `enter_track` do.
    """
    # Before the record's head, which a new team's event takes: as everywhere else.
    track = lock(track)
    try:
        with transaction.atomic():
            return enter_track(
                actor=actor,
                track=track,
                team=create_team(actor=actor, season=track.season, name=team_name),
                title=title,
                accepted_rules=accepted_rules,
                abstract=abstract,
                declaration=declaration,
            )
    finally:
        forget_teams(actor)


@transaction.atomic
def edit_entry(*, actor: Any, entry: Entry, title: str, abstract: str) -> Entry:
    """Change what the entry says of itself, while its track takes submissions."""
    entry = lock_entry(entry)
    require(actor, "competitions.edit_entry", entry)
    require_submissions_open(entry)
    if not title.strip():
        raise Refused("empty", _("Give the entry a title."))
    entry.title, entry.abstract = _texts(title, abstract)
    entry.save(update_fields=["title", "abstract"])
    record.append(
        actor=actor,
        verb="entry.edited",
        subject=entry,
        season=entry.track.season.slug,
        data={
            "title_digest": keyed_digest("title", entry.title),
            "abstract_digest": keyed_digest("abstract", entry.abstract),
        },
    )
    return entry


@transaction.atomic
def name_reviewer(*, actor: Any, entry: Entry, reviewer: Any) -> Entry:
    """Name another member as the entry's reviewer, until reviews are assigned.

    Raises Refused after the phases that take submissions, or for a person not of the team.
    """
    entry = lock_entry(entry)
    require(actor, "competitions.edit_entry", entry)
    require_submissions_open(entry)
    if not entry.team.memberships.filter(user=reviewer).exists():
        raise Refused("reviewer-not-of-team", _("Name a reviewer who is of the team."))
    return _name(actor, entry, reviewer)


def pass_reviewing_on(*, actor: Any, entry: Entry, reviewer: Any) -> Entry:
    """Name another member as the reviewer of an entry under review, within the caller's
    transaction, which passes the duties on. Raises Refused for a person not of the team."""
    entry = lock_entry(entry)
    require(actor, "competitions.edit_entry", entry)
    if entry.state != EntryState.ENTERED:
        raise Refused("not-entered", _("This entry is no longer in the track."))
    if not entry.team.memberships.filter(user=reviewer).exists():
        raise Refused("reviewer-not-of-team", _("Name a reviewer who is of the team."))
    return _name(actor, entry, reviewer)


def _name(actor: Any, entry: Entry, reviewer: Any) -> Entry:
    entry.reviewer = reviewer
    entry.save(update_fields=["reviewer"])
    record.append(
        actor=actor,
        verb="entry.reviewer-named",
        subject=entry,
        season=entry.track.season.slug,
        data={"reviewer": reviewer.code},
    )
    return entry


@transaction.atomic
def withdraw_entry(*, actor: Any, entry: Entry, reason: str = "") -> Entry:
    """Take an entry out while submissions are open; its people may enter again elsewhere."""
    entry = lock_entry(entry)
    require(actor, "competitions.withdraw_entry", entry)
    require_submissions_open(entry)
    return _take_out(actor=actor, entry=entry, state=EntryState.WITHDRAWN, reason=reason)


@transaction.atomic
def disqualify_entry(*, actor: Any, entry: Entry, reason: str) -> Entry:
    """Staff take an entry out, with a reason that the team reads. Raises Refused without one."""
    entry = lock_entry(entry)
    require(actor, "competitions.disqualify_entry", entry)
    if entry.state != EntryState.ENTERED:
        raise Refused("not-entered", _("The entry is out already."))
    if not reason.strip():
        raise Refused("reason-needed", _("Give the reason; the team reads it."))
    return _take_out(actor=actor, entry=entry, state=EntryState.DISQUALIFIED, reason=reason)


@transaction.atomic
def mark_baseline(*, actor: Any, entry: Entry) -> Entry:
    """Staff put an entry out of competition, for others to be compared with; for good.

    It is still evaluated and stands on boards, without a place. It owes and gets no review, is no
    finalist and wins nothing. Raises Refused after the phases that take submissions, since then
    it may be judged already, and a second time.
    """
    entry = lock_entry(entry)
    require(actor, "competitions.mark_baseline", entry)
    require_submissions_open(entry)
    if entry.baseline:
        raise Refused("baseline-already", _("This entry is a baseline already."))
    entry.baseline = True
    entry.save(update_fields=["baseline"])
    record.append(
        actor=actor,
        verb="entry.baseline",
        subject=entry,
        season=entry.track.season.slug,
        data={"track": entry.track.slug},
    )
    return entry


@transaction.atomic
def reinstate_entry(*, actor: Any, entry: Entry, reason: str) -> Entry:
    """Staff take a disqualification back, with a reason that the team reads.

    Raises Refused without one, for an entry that is not disqualified.
    """
    entry = lock_entry(entry)
    require(actor, "competitions.reinstate_entry", entry)
    if entry.state != EntryState.DISQUALIFIED:
        raise Refused("not-disqualified", _("The entry is not disqualified."))
    if not reason.strip():
        raise Refused("reason-needed", _("Give the reason; the team reads it."))
    entry.state = EntryState.ENTERED
    entry.state_reason = passage(reason.strip(), most=MOST_REASON)
    entry.save(update_fields=["state", "state_reason"])
    record.append(
        actor=actor,
        verb="entry.reinstated",
        subject=entry,
        season=entry.track.season.slug,
        data={"reason": entry.state_reason},
    )
    return entry


def _take_out(*, actor: Any, entry: Entry, state: EntryState, reason: str) -> Entry:
    entry.state, entry.state_reason = state, passage(reason.strip(), most=MOST_REASON)
    entry.save(update_fields=["state", "state_reason"])
    if state == EntryState.WITHDRAWN:
        Participation.objects.filter(entry=entry).delete()
    record.append(
        actor=actor,
        verb=f"entry.{state}",
        subject=entry,
        season=entry.track.season.slug,
        data={"reason_digest": keyed_digest("reason", entry.state_reason)},
    )
    return entry


def _texts(title: str, abstract: str) -> tuple[str, str]:
    return one_line(title, most=MOST_TITLE), passage(abstract.strip(), most=MOST_ABSTRACT)


def _require_registration(track: Track) -> None:
    if track.state != TrackState.STARTED:
        raise Refused("track-not-running", _("This track does not take entries now."))
    moment = clock.now()
    if not track.registration_open_at(moment):
        early = moment < track.registration_opens_at
        raise Refused(
            "registration-closed",
            _("Registration has not opened yet.") if early else _("Registration has closed."),
        )


def require_submissions_open(entry: Entry) -> None:
    """Raise Refused unless the entry is in and its track's active phase takes submissions now."""
    phase = entry.track.phase
    if entry.state != EntryState.ENTERED:
        raise Refused("not-entered", _("This entry is no longer in the track."))
    if (
        entry.track.state != TrackState.STARTED
        or phase is None
        or not phase.may_submit
        or not phase.runs_at(clock.now())
    ):
        raise Refused("submissions-closed", _("The track does not take submissions now."))
