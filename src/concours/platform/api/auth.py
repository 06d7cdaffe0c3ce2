"""Who calls the API: a person's key in the Authorization header, or their session's cookie.

A cookie alone changes nothing: the browser sends it for any page that asks, so an unsafe method
needs the CSRF token beside it. A key is sent by its holder only and needs none; where both come,
the key counts and the cookie is not looked at.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja.errors import AuthenticationError
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from concours.platform.accounts.domain import token_of_key
from concours.platform.accounts.enums import Scope
from concours.platform.core.errors import NotPermitted


class _Credentials:
    """Leaves the acting person in `request.user`; `scope` is what a key must have, if any."""

    def __init__(self, scope: Scope | None) -> None:
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Any:
        header = request.headers.get("authorization")
        if header is not None:
            return self._by_key(request, header)
        return self._by_session(request)

    def _by_key(self, request: HttpRequest, header: str) -> Any:
        scheme, _space, key = header.partition(" ")
        token = token_of_key(key.strip()) if scheme.lower() == "bearer" else None
        if token is None:
            raise AuthenticationError
        if self.scope is None:
            request.user = token.user if Scope.READ in token.scopes else AnonymousUser()
            return token
        if self.scope not in token.scopes:
            raise NotPermitted(
                "scope-missing",
                _("This key lacks the scope “%(scope)s”; make one that has it.")
                % {"scope": self.scope.value},
            )
        request.user = token.user
        return token

    def _by_session(self, request: HttpRequest) -> Any:
        if request.user.is_authenticated:
            if check_csrf(request) is not None:
                raise NotPermitted(
                    "csrf", _("Send the CSRF token of the session, or a key instead of the cookie.")
                )
            return request.user
        if self.scope is None:
            return request.user
        return None


class OpenToAll(_Credentials):
    """The operation is open to all; with credentials it answers as to their holder."""

    def __init__(self) -> None:
        super().__init__(None)

    def __call__(self, request: HttpRequest) -> Any:
        super().__call__(request)
        return True


class _Key(_Credentials, AuthBase):
    """The operation needs a person, and of a key the scope.

    One class a scope: the OpenAPI document names a security scheme after the class.
    """

    needed: Scope
    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_description = ""

    def __init__(self) -> None:
        AuthBase.__init__(self)
        self.scope = self.needed


def _scheme(scope: Scope) -> type[_Key]:
    description = (
        f"A key with the scope “{scope.value}” (made under Account / API keys), "
        "or a session's cookie with its CSRF token."
    )
    fields = {"needed": scope, "openapi_description": description}
    return type(f"key-{scope.value}", (_Key,), fields)


SCHEMES = {scope: _scheme(scope) for scope in Scope}


def needs(scope: Scope) -> AuthBase:
    """For `auth=`: a signed-in person, and of a key that `scope`. Sets `request.user`.

    The API answers 401 without (valid) credentials, 403 for a key without the scope or a cookie
    without the CSRF token.
    """
    return SCHEMES[scope]()


def public() -> OpenToAll:
    """For `auth=`: anyone. `request.user` is anonymous unless valid credentials came along.

    An invalid key is refused (401) all the same, so that nobody takes an anonymous answer for
    their own.
    """
    return OpenToAll()
