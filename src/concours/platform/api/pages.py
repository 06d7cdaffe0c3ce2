from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from concours.platform.accounts.enums import Scope
from concours.platform.api.api import api
from concours.platform.api.reference import groups


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The reference of the API, made from its OpenAPI document."""
    origin = f"{request.scheme}://{request.get_host()}"
    context = {
        "groups": groups(api.get_openapi_schema(), origin=origin),
        "scopes": Scope.choices,
        "origin": origin,
        "trail": [("/", _("Home")), ("", _("API"))],
    }
    return render(request, "api/docs.html", context)
