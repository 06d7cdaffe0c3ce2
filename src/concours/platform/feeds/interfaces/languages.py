"""The language of what programs fetch: named in the address, else asked for by the request."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation


def language_of(request: HttpRequest) -> str:
    named = request.GET.get("language", "")
    if named in dict(settings.LANGUAGES):
        return named
    return translation.get_language() or "en"
