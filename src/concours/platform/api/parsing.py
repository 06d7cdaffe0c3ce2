"""Reading what callers of the API send."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from ninja.errors import HttpError
from ninja.parser import Parser


class PlainTextParser(Parser):
    """Refuses null characters in any text, however deep: no database of ours keeps them.

    Schemas that say so themselves answer with the field's name; this is for all that do not.
    """

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        body = super().parse_body(request)
        if _holds_null(body):
            raise _refusal()
        return body

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        found = super().parse_querydict(data, list_fields, request)
        if _holds_null(found):
            raise _refusal()
        return found


def _refusal() -> HttpError:
    return HttpError(400, _("A text holds a null character; leave it out."))


def _holds_null(value: Any) -> bool:
    """Iterative: what was sent may be nested as deep as the JSON reader bears."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if "\0" in one:
                return True
        elif isinstance(one, dict):
            waiting.extend(one)
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    return False
