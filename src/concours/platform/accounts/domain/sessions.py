"""Ending sessions."""

from __future__ import annotations

from collections.abc import Iterable

from allauth.usersessions.models import UserSession
from django.db import transaction

from concours.platform.accounts.models import User
from concours.platform.core.access import require
from concours.platform.record import domain as record


@transaction.atomic
def end_sessions(*, actor: User, sessions: Iterable[UserSession]) -> int:
    """Sign `actor` out where those sessions are. Returns how many ended.

    The record tells the number, neither browser nor address. Raises NotPermitted for another's.
    """
    ended = 0
    for session in sessions:
        require(actor, "accounts.end_session", session)
        session.end()
        ended += 1
    if ended:
        record.append(actor=actor, verb="sessions.ended", subject=actor, data={"count": ended})
    return ended
