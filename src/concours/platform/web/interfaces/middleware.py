from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from concours.platform.core.errors import NotPermitted, Refused


class RefusalMiddleware:
    """Turns a domain function's refusal into what a person can read and act on.

    After a POST the reader returns to the page they came from with the message on it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and request.method == "GET" and not _is_api(request):
            return _form_page(request, response)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused) or _is_api(request):
            return None
        if isinstance(error, NotPermitted):
            status = 404 if error.hidden else 403
            return render(request, f"{status}.html", {"message": error.message}, status=status)
        back = _safe_referrer(request)
        if request.method == "POST" and back and not getattr(request, "htmx", False):
            messages.error(request, str(error.message))
            return HttpResponseRedirect(back)
        return render(request, "409.html", {"message": error.message}, status=409)


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _form_page(request: HttpRequest, refused: HttpResponse) -> HttpResponse:
    """Instead of a blank page: whoever signed in between, or changed the language of a page that
    answered a form, comes by GET to an address that takes forms alone."""
    response = render(request, "405.html", {"back": _page_above(request.path)}, status=405)
    response["Allow"] = refused.headers.get("Allow", "POST")
    return response


def _page_above(path: str) -> str:
    """The nearest address above `path` that there is."""
    parts = path.strip("/").split("/")
    for length in range(len(parts) - 1, 0, -1):
        above = f"/{'/'.join(parts[:length])}/"
        try:
            resolve(above)
        except Resolver404:
            continue
        return above
    return "/"


def _safe_referrer(request: HttpRequest) -> str:
    referrer = request.headers.get("referer", "")
    safe = url_has_allowed_host_and_scheme(
        referrer, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    parts = urlsplit(referrer)
    return f"{parts.path}?{parts.query}" if safe and parts.query else parts.path if safe else ""
