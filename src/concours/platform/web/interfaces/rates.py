"""How often one caller may ask. The rates stand in settings.ACCOUNT_RATE_LIMITS, by action.

The counting is allauth's own, which limits sign-ins and mails as well; this is the one place that
reaches into it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.internal.ratelimit import consume, respond_429
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def may_ask(request: HttpRequest, action: str) -> bool:
    """Count the request. False where its caller, a person or else an address, asked too often."""
    if request.user.is_authenticated:
        who = f"user {request.user.pk}"
    else:
        who = f"address {get_adapter().get_client_ip(request)}"
    used = consume(request, app="allauth.account", action=action, key=who, limit_get=True)
    return used is not None


def limited(action: str) -> Callable[[View], View]:
    """A view that answers 429 to who asks more often than `action` allows."""

    def around(view: View) -> View:
        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if may_ask(request, action):
                return view(request, *args, **kwargs)
            answer: HttpResponse = respond_429(request)
            answer["Retry-After"] = "60"
            return answer

        return asked

    return around
