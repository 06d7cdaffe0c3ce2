"""Each request measured and logged by its view's name, never by what stood in its address."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

from concours.platform.operating import metrics

log = logging.getLogger("concours.request")
request_id: ContextVar[str] = ContextVar("request_id", default="")
_GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")


class WatchMiddleware:
    """Gives each request a number, counts and times it, and logs a line about it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        number = given if _GIVEN.fullmatch(given) else secrets.token_hex(8)
        token = request_id.set(number)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            seconds = time.perf_counter() - started
            view = view_name(request)
            response["X-Request-ID"] = number
            metrics.observe(view=view, status=response.status_code, seconds=seconds)
            log.info(
                "request",
                extra={
                    "told": {
                        "view": view,
                        "method": request.method if request.method in _METHODS else "other",
                        "status": response.status_code,
                        "ms": round(seconds * 1000, 1),
                    }
                },
            )
            return response
        finally:
            request_id.reset(token)


_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def view_name(request: HttpRequest) -> str:
    """The view's name as the addresses have it; "none" for an address of no view."""
    match = request.resolver_match
    if match is None:
        return "none"
    return match.view_name or "unnamed"
