"""Entries of a contest that was held elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.domain.entries import MOST_TITLE
from concours.platform.competitions.domain.teams import MOST_NAME
from concours.platform.competitions.domain.tracks import current_rules
from concours.platform.competitions.enums import EntryState, TrackState
from concours.platform.competitions.models import Entry, Membership, Participation, Team, Track
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.digests import keyed_digest
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.core.wording import one_line, spelling
from concours.platform.record import domain as record

BATCH = 2_000


@dataclass(frozen=True, kw_only=True)
class ImportedEntry:
    """An entry of a team of one, who is its captain and its reviewer."""

    title: str
    team: str
    person: Any


@transaction.atomic
def import_entries(
    *, actor: Any, track: Track, entries: Sequence[ImportedEntry], sources: Mapping[str, str]
) -> list[Entry]:
    """Enter all of them into a running track, in order, whatever its registration window.

    `sources` is {file name: SHA-256}, for the record. Raises Refused where a team's name or a
    person stands twice or is in the track already, and for a track that does not run.
    """
    track = lock(track)
    require(actor, "competitions.run_track", track)
    rules = current_rules(track)
    if track.state != TrackState.STARTED or rules is None:
        raise Refused("track-not-running", _("Start the track before entries are taken in."))
    _require_new(track, entries)
    moment = clock.now()
    teams = Team.objects.bulk_create(
        [
            Team(
                season_id=track.season_id,
                name=one_line(entry.team, most=MOST_NAME),
                name_key=spelling(entry.team),
                created_at=moment,
            )
            for entry in entries
        ],
        batch_size=BATCH,
    )
    Membership.objects.bulk_create(
        [
            Membership(team=team, user=entry.person, captain=True, joined_at=moment)
            for team, entry in zip(teams, entries, strict=True)
        ],
        batch_size=BATCH,
    )
    made = Entry.objects.bulk_create(
        [
            Entry(
                track=track,
                team=team,
                title=one_line(entry.title, most=MOST_TITLE),
                state=EntryState.ENTERED,
                reviewer=entry.person,
                rules_version=rules,
                entered_by=entry.person,
                entered_at=moment,
            )
            for team, entry in zip(teams, entries, strict=True)
        ],
        batch_size=BATCH,
    )
    Participation.objects.bulk_create(
        [
            Participation(track=track, user=entry.person, entry=row)
            for row, entry in zip(made, entries, strict=True)
        ],
        batch_size=BATCH,
    )
    for start in range(0, len(made), BATCH):
        record.append(
            actor=actor,
            verb="entries.imported",
            subject=track,
            season=track.season.slug,
            data={"sources": dict(sources), "entries": _facts(made[start : start + BATCH])},
        )
    return made


def _facts(entries: Sequence[Entry]) -> list[dict[str, str]]:
    return [
        {
            "entry": entry.code,
            "title_digest": keyed_digest("title", entry.title),
            "team": entry.team.code,
            "reviewer": entry.reviewer.code,
        }
        for entry in entries
    ]


def _require_new(track: Track, entries: Sequence[ImportedEntry]) -> None:
    names = {spelling(entry.team) for entry in entries}
    people = {entry.person.pk for entry in entries}
    if len(names) < len(entries) or track.season.teams.filter(name_key__in=list(names)).exists():
        raise Refused("name-taken", _("Another team of this season has this name."))
    taking_part = Participation.objects.filter(track=track).values_list("user_id", flat=True)
    if len(people) < len(entries) or not people.isdisjoint(taking_part):
        raise Refused("in-two-teams", _("A person takes part in the track once."))
