"""A small world for the pages and the API: two teams in one track, staff, strangers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from concours.platform.accounts.domain import create_token
from concours.platform.accounts.enums import Scope
from concours.platform.accounts.models import User
from concours.platform.competitions.models import Entry, Season, Submission, Team, Track
from tests.factories import competitions as make
from tests.factories.people import organiser, person


@dataclass(frozen=True)
class World:
    """Ours is the team asked for, theirs the one that tries; both are in the same track."""

    season: Season
    track: Track
    captain: User
    member: User
    team: Team
    entry: Entry
    submission: Submission
    other: User
    other_team: Team
    other_entry: Entry
    staff: User
    staff_elsewhere: User


@pytest.fixture
def world(db: None, spring: datetime, tmp_path: Path) -> World:
    batch = make.batch()
    season = batch.season
    track = make.track(of=batch, slug="kernel", title="Kernel")
    captain = person(name="Ada")
    team = make.team(of=season, captain=captain, members=2, name="Bait Difference Engines")
    entry = make.entry(in_track=track, by=team, title="An engine")
    other = person(name="Eve")
    other_team = make.team(of=season, captain=other, name="Others")
    return World(
        season=season,
        track=track,
        captain=captain,
        member=team.memberships.get(captain=False).user,
        team=team,
        entry=entry,
        submission=make.submission(of=entry, folder=tmp_path),
        other=other,
        other_team=other_team,
        other_entry=make.entry(in_track=track, by=other_team, title="Another engine"),
        staff=organiser(season=season),
        staff_elsewhere=organiser(season=make.season()),
    )


def signed_in(user: User | None, **options: Any) -> Client:
    """A browser of that person; of nobody without one."""
    client = Client(**options)
    if user is not None:
        client.force_login(user)
    return client


def keyed(user: User, *scopes: Scope) -> dict[str, dict[str, str]]:
    """Arguments for a test client's request with a key of `user`."""
    _token, key = create_token(actor=user, name="a key", scopes=scopes or tuple(Scope), days=1)
    return {"headers": {"Authorization": f"Bearer {key}"}}
