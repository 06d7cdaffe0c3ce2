"""What it means to open votes that somebody leaves a body."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from concours.platform.core.locking import lock
from concours.platform.governance.enums import VoteState
from concours.platform.governance.models import Body, Vote
from concours.platform.record import domain as record


def lock_open_votes(body: Body) -> list[Vote]:
    """The body's open votes, locked: before the first event of the act."""
    rows = Vote.objects.filter(body=body, state=VoteState.OPEN).order_by("pk")
    return [vote for vote in map(lock, rows) if vote.state == VoteState.OPEN]


def note_lost_role(*, actor: Any, votes: Iterable[Vote], user: Any) -> int:
    """Note in each of those open votes that `user` has lost the role; returns in how many.

    Within the caller's transaction, with the votes locked. Whether their ballot still counts, the
    vote's rule says.
    """
    name, noted = record.name_of(user), 0
    for vote in votes:
        found = [one for one in vote.electorate if one["voter"] == name and not one["lost_role"]]
        if not found:
            continue
        found[0]["lost_role"] = True
        vote.save(update_fields=["electorate"])
        record.append(actor=actor, verb="vote.role-lost", subject=vote, data={"voter": name})
        noted += 1
    return noted
