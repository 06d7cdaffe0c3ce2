"""Refuses what PostgreSQL cannot even compare with: a null character in an address or a cookie."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


class NullCharacterMiddleware:
    """Stands before the session, whose cookie is the first text that meets the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        for name in [name for name, value in request.COOKIES.items() if "\0" in value]:
            del request.COOKIES[name]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Answer 400 here and not in `__call__`: by now the reader and their language are known."""
        if not _holds_null(request):
            return None
        message = _("The address holds a null character, which no text here has.")
        if request.path.startswith("/api/"):
            return JsonResponse({"code": "null-character", "message": message}, status=400)
        return render(request, "400.html", {"message": message}, status=400)


def _holds_null(request: HttpRequest) -> bool:
    return "\0" in request.path_info or any(
        "\0" in text for name, values in request.GET.lists() for text in (name, *values)
    )
