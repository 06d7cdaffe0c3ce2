from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from concours.platform.core import clock
from concours.platform.record.domain import acting
from concours.platform.rehearsal.domain import current_shift


class ClockMiddleware:
    """Gives each request the installation's clock, and its events the face they came through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        via = "api" if request.path.startswith("/api/") else "web"
        with clock.shifted(current_shift()), acting(via=via):
            return self.get_response(request)
