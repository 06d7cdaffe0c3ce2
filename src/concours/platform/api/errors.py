"""What the API answers when it does not do what was asked: always {"code", "message"}."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from concours.platform.core.errors import NotPermitted, Refused


def answer_errors(api: NinjaAPI) -> None:
    """Register the handlers: 401, 403, 404, 409, 413, 422, 429 and ninja's own."""

    def answer(
        request: HttpRequest, status: int, code: str, message: str, **more: Any
    ) -> HttpResponse:
        return api.create_response(
            request, {"code": code, "message": message, **more}, status=status
        )

    @api.exception_handler(Http404)
    def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
        return answer(request, 404, "not-found", _("There is nothing here that you may see."))

    @api.exception_handler(Refused)
    def refused(request: HttpRequest, error: Refused) -> HttpResponse:
        if isinstance(error, NotPermitted) and error.hidden:
            return not_found(request, Http404())
        return answer(request, error.status, error.code, str(error.message))

    @api.exception_handler(AuthenticationError)
    def unknown_caller(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        response = answer(
            request, 401, "not-signed-in", _("Send a valid key as “Authorization: Bearer <key>”.")
        )
        response["WWW-Authenticate"] = "Bearer"
        return response

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        errors = [
            {"where": [str(step) for step in item["loc"]], "what": str(item["msg"])}
            for item in error.errors
        ]
        message = _("The request does not have the form that this operation takes.")
        return answer(request, 422, "invalid", message, errors=errors)

    @api.exception_handler(RequestDataTooBig)
    def too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        return answer(request, 413, "too-large", _("The request is larger than any that is taken."))

    @api.exception_handler(Throttled)
    def too_often(request: HttpRequest, error: Throttled) -> HttpResponse:
        message = _("You ask too often. Wait a minute, or ask for more at a time.")
        response = answer(request, 429, "too-often", message)
        response["Retry-After"] = "60"
        return response

    @api.exception_handler(HttpError)
    def other(request: HttpRequest, error: HttpError) -> HttpResponse:
        return answer(request, error.status_code, f"http-{error.status_code}", str(error))
