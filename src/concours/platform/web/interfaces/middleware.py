from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from concours.platform.core.errors import NotPermitted, Refused


class RefusalMiddleware:
    """Turns a domain function's refusal into what a person can read and act on.

    After a POST the reader returns to the page they came from with the message on it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused) or request.path.startswith("/api/"):
            return None
        if isinstance(error, NotPermitted):
            status = 404 if error.hidden else 403
            return render(request, f"{status}.html", {"message": error.message}, status=status)
        back = _safe_referrer(request)
        if request.method == "POST" and back and not getattr(request, "htmx", False):
            messages.error(request, str(error.message))
            return HttpResponseRedirect(back)
        return render(request, "409.html", {"message": error.message}, status=409)


def _safe_referrer(request: HttpRequest) -> str:
    referrer = request.headers.get("referer", "")
    safe = url_has_allowed_host_and_scheme(
        referrer, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    parts = urlsplit(referrer)
    return f"{parts.path}?{parts.query}" if safe and parts.query else parts.path if safe else ""
