"""For signed-in readers: how much is unread, and the time zone in which moments are written."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from concours.platform.notifications.domain import unread_count, zone_of


class ReaderMiddleware:
    """Activates the reader's time zone and leaves `unread()` on the request; asked for lazily."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/") or not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(zone_of(user=request.user)):
            request.unread_count = lambda: unread_count(user=request.user)  # type: ignore[attr-defined]
            return self.get_response(request)
