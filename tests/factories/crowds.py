"""Many entries of a track at once, written in bulk: for what is slow only when there are many."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from concours.platform.accounts.models import User
from concours.platform.competitions.models import Entry, Team

BATCH = 5_000


def crowd(*, track: Any, count: int, moment: datetime, first: int = 0) -> list[Entry]:
    """`count` teams of one, numbered from `first`, each with its entry in the track.

    Nothing is recorded.
    """
    numbers = range(first, first + count)
    users = User.objects.bulk_create(
        (
            User(email=f"p{n}-of-{count}@example.org", name=f"Person {n}", password="!")
            for n in numbers
        ),
        BATCH,
    )
    teams = Team.objects.bulk_create(
        (
            Team(season=track.season, name=f"Team {n}", name_key=f"team {n}", created_at=moment)
            for n in numbers
        ),
        BATCH,
    )
    rules = track.rules_versions.get()
    return Entry.objects.bulk_create(
        (
            Entry(
                track=track,
                team=team,
                title=f"Entry of {team.name}",
                reviewer=user,
                rules_version=rules,
                entered_by=user,
                entered_at=moment,
            )
            for team, user in zip(teams, users, strict=True)
        ),
        BATCH,
    )
