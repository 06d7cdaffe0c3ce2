"""Winners handed over, at each step, made through the domain functions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from concours.platform.accounts.models import User
from concours.platform.competitions.models import Entry, Track
from concours.platform.core import clock
from concours.platform.handover import domain
from concours.platform.handover.models import Handover
from concours.platform.review.models import Assignment
from tests.factories import awards
from tests.factories.competitions import ACTOR, captain_of, day

AFTER = day(2023, 7, 20)
"""In the result phase, when nobody can appeal any more."""


def settled(*, folder: Path, **fields: Any) -> Track:
    """A track whose result is published, and that takes no appeals."""
    track: Track = awards.published(folder=folder, **fields).track
    track.refresh_from_db()
    return track


def winner(track: Track) -> Entry:
    """The entry in the first place."""
    return domain.desk_rows(track=track)[0].win.entry


def asked(*, folder: Path, of: Track | None = None, **fields: Any) -> Handover:
    with clock.frozen_at(AFTER):
        return domain.ask(actor=ACTOR, entry=winner(of or settled(folder=folder, **fields)))


def agreed(*, folder: Path, repository_shown: bool = False, **fields: Any) -> Handover:
    handover = asked(folder=folder, **fields)
    with clock.frozen_at(AFTER):
        return domain.agree(
            actor=captain(handover), handover=handover, repository_shown=repository_shown
        )


def done(*, folder: Path, leaves: int = 0, **fields: Any) -> Handover:
    """Handed over, as many reviewers as asked for having given their leave."""
    handover = agreed(folder=folder, **fields)
    for user in reviewers(handover)[:leaves]:
        with clock.frozen_at(AFTER):
            domain.give_leave(actor=user, handover=handover)
    return act(handover)


def act(handover: Handover, **fields: Any) -> Handover:
    with clock.frozen_at(fields.pop("at", AFTER)):
        return domain.hand_over(
            actor=fields.pop("actor", ACTOR),
            handover=handover,
            slug=fields.pop("slug", "winning-work"),
            name=fields.pop("name", "Winning work"),
            **fields,
        )


def captain(handover: Handover) -> User:
    return captain_of(handover.entry.team)


def reviewers(handover: Handover) -> list[User]:
    """Who reviewed the entry."""
    duties = Assignment.objects.filter(entry=handover.entry, review__isnull=False)
    return [one.reviewer for one in duties.select_related("reviewer").order_by("pk")]
