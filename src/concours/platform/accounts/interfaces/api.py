from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from concours.platform.accounts.enums import Scope
from concours.platform.accounts.models import ApiToken
from concours.platform.api.auth import needs

router = Router(tags=["Account"])


class Me(Schema):
    """Who calls, and what the key in use may do (null for a session, which may everything)."""

    code: str
    name: str
    language: str
    scopes: list[Scope] | None


@router.get("/me", response=Me, auth=needs(Scope.READ), summary="Who I am")
def me(request: HttpRequest) -> dict[str, Any]:
    user: Any = request.user
    credential = getattr(request, "auth", None)
    scopes = credential.scopes if isinstance(credential, ApiToken) else None
    return {
        "code": user.code,
        "name": user.display_name,
        "language": user.language,
        "scopes": scopes,
    }
