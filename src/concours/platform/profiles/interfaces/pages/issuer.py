"""What programs fetch to verify: the installation's keys and its status lists."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from concours.platform.profiles import domain

FRESH_S = 300
_JSON = {"ensure_ascii": False, "indent": 2}


@require_safe
def did(request: HttpRequest) -> HttpResponse:
    """The DID document of did:web."""
    answer = JsonResponse(
        domain.issuer_document(), content_type="application/did+json", json_dumps_params=_JSON
    )
    return _public(answer)


@require_safe
def status(request: HttpRequest, number: int) -> HttpResponse:
    """A status list, signed anew at each asking."""
    try:
        listed = domain.status_list(number=number)
    except LookupError:
        raise Http404 from None
    return _public(JsonResponse(listed, content_type="application/vc", json_dumps_params=_JSON))


def _public(answer: HttpResponse) -> HttpResponse:
    """For programs in browsers of other sites too: it is the same for everybody."""
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cache-Control"] = f"public, max-age={FRESH_S}"
    return answer
