"""What somebody reads whom a provider could not vouch for."""

from __future__ import annotations

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from requests import RequestException

logger = logging.getLogger(__name__)


def trouble(request: HttpRequest, provider: Any, error: Exception | None) -> HttpResponse:
    """A page with the mend: 503 for a provider that does not answer, 401 for an answer refused.

    The log names the provider and the kind of error. What the provider said stays out of it: it may
    hold a code or a person.
    """
    down = isinstance(error, RequestException)
    kind = type(error).__name__ if error else "no sign-in was begun here"
    logger.warning("sign-in through %s failed: %s", provider.app.provider_id, kind)
    # What came back holds a code; the page's own links would carry it on.
    request.META["QUERY_STRING"] = ""
    context = {"provider": provider, "down": down}
    return render(request, "accounts/oidc_trouble.html", context, status=503 if down else 401)
