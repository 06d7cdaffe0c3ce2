"""A small API of its own, mounted beside the real one's handlers, to ask `needs` and `public`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import Http404, HttpRequest
from django.test import Client
from django.urls import include, path
from ninja import NinjaAPI, Schema

from concours.platform.accounts.domain import create_token
from concours.platform.accounts.enums import Scope
from concours.platform.accounts.models import ApiToken, User
from concours.platform.api.auth import needs, public
from concours.platform.api.errors import answer_errors
from concours.platform.core.errors import NotPermitted, Refused

probe = NinjaAPI(title="Probe", urls_namespace="probe", docs_url=None)
answer_errors(probe)


class Sum(Schema):
    left: int
    right: int


def _who(request: HttpRequest) -> dict[str, str]:
    return {"who": getattr(request.user, "code", "")}


@probe.get("/public", auth=public())
def read_public(request: HttpRequest) -> dict[str, str]:
    return _who(request)


@probe.post("/public", auth=public())
def write_public(request: HttpRequest) -> dict[str, str]:
    return _who(request)


@probe.get("/read", auth=needs(Scope.READ))
def read(request: HttpRequest) -> dict[str, str]:
    return _who(request)


@probe.post("/enter", auth=needs(Scope.ENTER))
def enter(request: HttpRequest) -> dict[str, str]:
    return _who(request)


@probe.post("/sum", auth=public())
def add(request: HttpRequest, body: Sum) -> int:
    return body.left + body.right


@probe.get("/raise/{kind}", auth=public())
def raising(request: HttpRequest, kind: str) -> None:
    raise {
        "refused": Refused("too-late", "Registration has closed."),
        "forbidden": NotPermitted("not-permitted", "You may not do this."),
        "hidden": NotPermitted("secret", "Its name would tell.", hidden=True),
        "missing": Http404("the row of the other team"),
    }[kind]


# The pages too: a refusal may be one, and a page names others.
urlpatterns = [path("api/v1/", probe.urls), path("", include("concours.platform.urls"))]


@pytest.fixture
def probed(settings: Any) -> Client:
    """A browser that has the probe under /api/v1/ and enforces CSRF."""
    settings.ROOT_URLCONF = "tests.platform.api.conftest"
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def key_of() -> Callable[..., tuple[ApiToken, str]]:
    def make(user: User, *scopes: Scope, days: int = 30) -> tuple[ApiToken, str]:
        return create_token(actor=user, name="a key", scopes=scopes or tuple(Scope), days=days)

    return make
