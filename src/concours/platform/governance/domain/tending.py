"""What the clock brings to votes: they open, they are counted, they end void."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import F

from concours.platform.core import clock
from concours.platform.core.errors import Refused
from concours.platform.governance.domain.calling import open_vote
from concours.platform.governance.domain.carrying import carry_stuck
from concours.platform.governance.domain.closing import close_vote
from concours.platform.governance.enums import VoteState
from concours.platform.governance.models import Vote


def tend_votes() -> int:
    """Open and count the votes whose time has come by the clock; returns how many.

    Called again it does nothing twice. A vote whose project moved ends void at once. One whose
    whole window passed unattended is opened and counted in one go: nobody could vote.
    """
    moment = clock.now()
    done = 0
    for vote in Vote.objects.filter(state=VoteState.CALLED, opens_at__lte=moment).order_by("pk"):
        done += _try(open_vote, vote)
    moved = Vote.objects.filter(state=VoteState.OPEN).exclude(
        review__project__stage=F("review__origin")
    )
    due = Vote.objects.filter(state=VoteState.OPEN, closes_at__lte=moment)
    for vote in (moved | due).select_related("review__project").order_by("pk"):
        done += _try(close_vote, vote)
    return done + carry_stuck()


def _try(act: Callable[..., Any], vote: Vote) -> int:
    """1 when it was done; 0 where somebody else did it first."""
    try:
        act(vote=vote)
    except Refused:
        return 0
    return 1
