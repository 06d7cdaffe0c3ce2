"""What watchers of the server ask for."""

from __future__ import annotations

from hmac import compare_digest
from ipaddress import ip_address
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from concours.platform.operating import metrics, readiness


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 and "ok" while this process answers at all."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when pages can be served, else 503; with ?worker only if a worker is at work too.

    What is amiss is told to those who may see the metrics, and to nobody else.
    """
    found = readiness.faults(with_worker="worker" in request.GET)
    words = f": {', '.join(found)}" if found and may_watch(request) else ""
    return HttpResponse(
        f"not ready{words}\n" if found else "ready\n",
        status=503 if found else 200,
        content_type="text/plain",
    )


@require_safe
@never_cache
def metrics_(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format, for whoever may watch; nothing is here for others."""
    if not may_watch(request):
        raise Http404
    return HttpResponse(
        metrics.exposition(), content_type="text/plain; version=0.0.4; charset=utf-8"
    )


def may_watch(request: HttpRequest) -> bool:
    """Whether the request brings the token of the settings' file, or, where there is none, comes
    from this machine itself. Behind a proxy (`https`) everything does: there a token is needed."""
    named = settings.CONFIG.metrics_token_file
    if named:
        token = _token(settings.CONFIG.data_dir / named)
        given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        return bool(token) and compare_digest(given.encode(), token)
    if settings.CONFIG.https:
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _token(path: Path) -> bytes:
    try:
        return path.read_bytes().strip()
    except OSError:
        return b""
