"""How often one caller may use the API."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.throttling import BaseThrottle

from concours.platform.web.interfaces.rates import may_ask


class PerCaller(BaseThrottle):
    """By person, whatever the key; by address where nobody is signed in."""

    def allow_request(self, request: HttpRequest) -> bool:
        return may_ask(request, "api")
