"""Tickets of codes that were sent, kept in the session of whoever asked for them."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from concours.platform.accounts.domain import Ticket, tried
from concours.platform.accounts.models import User
from concours.platform.core import clock
from concours.platform.core.errors import Refused

KEY = "code_tickets"
MOST_SENT = 5
PERIOD_S = 3_600


def require_moderation(user: User) -> None:
    """Count a code that `user` has sent. Raises Refused beyond MOST_SENT an hour."""
    key, moment = f"accounts/codes/{user.pk}", clock.now().timestamp()
    # Not `incr`: caches on disk give what they count the usual time to live, five minutes.
    sent = [at for at in cache.get(key, ()) if moment - PERIOD_S < at <= moment]
    if len(sent) >= MOST_SENT:
        raise Refused("too-many-codes", _("Enough codes were sent; try again in an hour."))
    cache.set(key, [*sent, moment], PERIOD_S)


def keep(request: HttpRequest, name: str, ticket: Ticket) -> None:
    request.session[KEY] = {**request.session.get(KEY, {}), name: ticket.as_json()}


def used(request: HttpRequest, name: str) -> Ticket | None:
    """The ticket with this attempt counted and stored, whatever comes of it; None without one."""
    kept = request.session.get(KEY, {}).get(name)
    if kept is None:
        return None
    ticket = tried(Ticket(**kept))
    keep(request, name, ticket)
    request.session.save()
    return ticket


def waiting(request: HttpRequest, name: str) -> bool:
    return name in request.session.get(KEY, {})


def drop(request: HttpRequest, name: str) -> None:
    request.session[KEY] = {
        kept: ticket for kept, ticket in request.session.get(KEY, {}).items() if kept != name
    }
