"""What runs left behind, for those who may have it.

A replay is a page made from what a stranger's program did. It is shown in a sandbox of the
browser: an origin of its own, without our cookies, and nothing that it loads or sends.
"""

from __future__ import annotations

from pathlib import Path

from csp.decorators import csp
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from concours.platform.evaluations.domain import places
from concours.platform.evaluations.interfaces.support import the_evaluation
from concours.platform.evaluations.models import CaseResult, Evaluation
from concours.platform.web.interfaces.shared import or_hidden

REPLAY = "replay.html"
SANDBOX = {
    "default-src": ["'none'"],
    "script-src": ["'unsafe-inline'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "font-src": ["data:"],
    "connect-src": ["'none'"],
    "form-action": ["'none'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    "sandbox": ["allow-scripts"],
}


@login_required
@never_cache
@require_safe
def download(request: HttpRequest, code: str, case: str, name: str) -> HttpResponseBase:
    """A file to save: never shown, never run, by no browser."""
    path = _file(request, code, case, name)
    response = FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=f"{code}-{case}-{name}",
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
@never_cache
@require_safe
def replay(request: HttpRequest, code: str, case: str) -> HttpResponseBase:
    """The replay, shut into a sandbox."""
    path = _file(request, code, case, REPLAY)
    response: HttpResponseBase = _sandboxed(request, path)
    return response


@csp(SANDBOX)  # type: ignore[untyped-decorator]
def _sandboxed(request: HttpRequest, path: Path) -> HttpResponseBase:
    response = FileResponse(path.open("rb"), content_type="text/html; charset=utf-8")
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _file(request: HttpRequest, code: str, case: str, name: str) -> Path:
    """The stored file, if it is one of the run's and the reader may see its cases."""
    found = the_evaluation(request, code)
    or_hidden(request.user, "evaluations.view_cases", found)
    return stored_file(found, case, name)


def stored_file(evaluation: Evaluation, case: str, name: str) -> Path:
    """Raises Http404 for what the run did not leave, or what is no longer on the disk."""
    row = CaseResult.objects.filter(evaluation=evaluation, case=case).first()
    if row is None or name not in {file["name"] for file in row.artefacts}:
        raise Http404
    path: Path = places.artefacts() / row.folder / name
    if not path.is_file() or path.is_symlink():
        raise Http404
    return path
