"""People who did something, and what they show of it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from concours.platform.accounts.models import User
from concours.platform.awards.models import Result
from concours.platform.competitions.enums import PhaseKind
from concours.platform.core import clock
from concours.platform.profiles import domain
from concours.platform.profiles.models import Credential, Profile
from concours.platform.review.domain.deeds import RATED_WITHIN
from concours.platform.review.models import ReviewRound
from tests.factories import awards, competitions, governance, review

ALL = ("entries", "reviews", "awards", "committees")
LATER = governance.NOW + timedelta(days=60)
"""When results and votes are old enough for all that is told of them."""


def decided(*, folder: Path, **fields: Any) -> Result:
    """A published result of twelve entries that reviewed one another."""
    return awards.published(folder=folder, entries=12, **fields)


def winner(result: Result) -> User:
    """Whose entry has the first place."""
    return competitions.captain_of(result.lines.order_by("position")[0].entry.team)


def reviewed(*, folder: Path, entries: int = 12, **fields: Any) -> ReviewRound:
    """A round with released standings."""
    round_ = review.published(entries=entries, folder=folder, **fields).round
    round_.track = competitions.advance(round_.track, to=PhaseKind.RESULT)
    return round_


def told_at(round_: ReviewRound) -> Any:
    """A moment at which ratings of the round are told of."""
    return clock.frozen_at(review.AFTER + RATED_WITHIN + timedelta(days=1))


def shown(user: User, *sections: str, indexed: bool = False) -> Profile:
    """A profile that is on."""
    domain.choose(actor=user, sections=sections or ALL, indexed=indexed)
    return domain.show(actor=user)


def issued(user: User, *sections: str, **fields: Any) -> Credential:
    return domain.issue(actor=user, sections=sections or ALL, **fields)


def document(credential: Credential) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(credential.document)
    return found
