"""Seasons and what is in them, made through the domain functions."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from concours.platform.accounts.models import User
from concours.platform.competitions import domain
from concours.platform.competitions.domain.phases import PhasePlan
from concours.platform.competitions.enums import PhaseKind
from concours.platform.competitions.models import Batch, Entry, Season, Submission, Team, Track
from concours.platform.core.actors import System
from tests.factories.people import person

ACTOR = System("tests")
_numbers = count(1)


def day(year: int, month: int, number: int) -> datetime:
    return datetime(year, month, number, tzinfo=UTC)


def season(*, slug: str = "", opened: bool = True, **fields: Any) -> Season:
    """A season from December 2022 to December 2023."""
    made = domain.create_season(
        actor=ACTOR,
        slug=slug or f"season-{next(_numbers)}",
        title=fields.pop("title", "A season"),
        starts_at=day(2022, 12, 1),
        ends_at=day(2023, 12, 31),
        **fields,
    )
    return domain.open_season(actor=ACTOR, season=made) if opened else made


def batch(*, of: Season | None = None, number: int = 1) -> Batch:
    return domain.create_batch(
        actor=ACTOR,
        season=of or season(),
        number=number,
        title=f"Batch {number}",
        starts_at=day(2023, 1, 1),
        final_at=day(2023, 7, 1),
    )


PHASES = [
    PhasePlan(
        kind=PhaseKind.REGISTRATION,
        starts_at=day(2022, 12, 1),
        ends_at=day(2023, 3, 1),
        may_submit=True,
    ),
    PhasePlan(
        kind=PhaseKind.PEER_REVIEW,
        starts_at=day(2023, 3, 1),
        ends_at=day(2023, 5, 1),
        may_review=True,
    ),
    PhasePlan(kind=PhaseKind.FINAL, starts_at=day(2023, 5, 1), ends_at=day(2023, 7, 1)),
    PhasePlan(
        kind=PhaseKind.RESULT,
        starts_at=day(2023, 7, 1),
        ends_at=day(2023, 12, 1),
        scores_visible=True,
        names_visible=True,
    ),
]


def draft_track(*, of: Batch | None = None, **fields: Any) -> Track:
    """A track that has rules and phases and has not started."""
    number = next(_numbers)
    made = domain.create_track(
        actor=ACTOR,
        batch=of or batch(),
        slug=fields.pop("slug", f"track-{number}"),
        title=fields.pop("title", f"Track {number}"),
        category=fields.pop("category", "software"),
        **fields,
    )
    domain.publish_rules(actor=ACTOR, track=made, text="Be kind.", text_zh="请友善。")
    domain.plan_phases(actor=ACTOR, track=made, phases=PHASES)
    return made


def track(*, of: Batch | None = None, **fields: Any) -> Track:
    """A running track in its registration phase."""
    return domain.start_track(actor=ACTOR, track=draft_track(of=of, **fields))


def advance(track: Track, *, to: PhaseKind) -> Track:
    """The track in its phase of that kind."""
    track.refresh_from_db()
    while track.phase is not None and track.phase.kind != to:
        track = domain.advance_phase(actor=ACTOR, track=track, leaving=track.phase)
    return track


def team(*, of: Season, captain: User | None = None, members: int = 1, **fields: Any) -> Team:
    """A team of `members` people."""
    made = domain.create_team(
        actor=captain or person(), season=of, name=fields.pop("name", f"Team {next(_numbers)}")
    )
    from django.db import transaction

    from concours.platform.competitions.domain.teams import add_member

    for _ in range(members - 1):
        with transaction.atomic():
            joining = person()
            add_member(actor=joining, team=made, user=joining)
    return made


def captain_of(team: Team) -> User:
    return team.memberships.get(captain=True).user


def entry(*, in_track: Track, by: Team | None = None, **fields: Any) -> Entry:
    """An entry of a new team of one, unless `by` is given. Needs the clock in registration."""
    entering = by or team(of=in_track.season)
    rules = domain.current_rules(in_track)
    assert rules is not None
    return domain.enter_track(
        actor=captain_of(entering),
        track=in_track,
        team=entering,
        title=fields.pop("title", f"Entry {next(_numbers)}"),
        accepted_rules=rules.number,
        **fields,
    )


def zip_bytes(files: dict[str, bytes] | None = None) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (files or {"README.md": b"# Something\n"}).items():
            archive.writestr(name, content)
    return buffer.getvalue()


def submission(*, of: Entry, folder: Path, files: dict[str, bytes] | None = None) -> Submission:
    """A ready submission of a small zip, through the real inspection and storage."""
    path = folder / f"upload-{next(_numbers)}.zip"
    path.write_bytes(zip_bytes(files))
    return domain.submit_archive(actor=captain_of(of.team), entry=of, path=path)
