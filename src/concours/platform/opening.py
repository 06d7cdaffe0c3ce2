"""The first opening of an installation for rehearsal: a season, an operator, a clock."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from concours.platform.accounts.domain.people import create_operator, operator_exists
from concours.platform.baselines import enter_baselines
from concours.platform.core import clock
from concours.platform.core.actors import System
from concours.platform.rehearsal.domain import set_clock
from concours.platform.seasons.load import load_folder

OPENER = System("opening")
EMAIL = "operator@concours.example"
INTO_REGISTRATION = timedelta(days=31)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What was set up."""

    season_title: str
    tracks: int
    baselines: int
    clock: datetime
    email: str
    password: str


def wanted() -> bool:
    """Whether this is a rehearsal that nobody has opened yet."""
    return settings.REHEARSAL and not operator_exists()


@transaction.atomic
def open_rehearsal(
    *, folder: Path, baselines: bool = True, progress: Callable[[str], None] | None = None
) -> Opened:
    """Load the season, set the clock into its first batch's registration, make an operator.

    baselines: enter them in the tracks that have some. All of it or, when interrupted, nothing.
    """
    password = secrets.token_urlsafe(12)
    loaded = load_folder(actor=OPENER, folder=folder, start_tracks=False, progress=progress)
    season = loaded.season
    first = min(track.starts_at for track in season.tracks.all())
    moment = first + INTO_REGISTRATION
    set_clock(actor=OPENER, to=moment)
    with clock.frozen_at(moment):
        load_folder(actor=OPENER, folder=folder, start_tracks=True, progress=progress)
        entered = [
            entry
            for track in (season.tracks.order_by("pk") if baselines else ())
            for entry in enter_baselines(actor=OPENER, track=track)
        ]
    create_operator(actor=OPENER, email=EMAIL, name="Operator", password=password)
    return Opened(
        season_title=season.title,
        tracks=season.tracks.count(),
        baselines=len(entered),
        clock=moment,
        email=EMAIL,
        password=password,
    )
