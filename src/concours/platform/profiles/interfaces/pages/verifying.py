"""Verifying a credential that anyone brings."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from concours.credentials import BadDocument, Check, Verdict
from concours.platform.profiles import domain
from concours.platform.profiles.interfaces.forms import VerifyForm
from concours.platform.profiles.phrases import CHECKS, REASONS
from concours.platform.web.interfaces.shared import Trail

MOST_SHOWN = 20_000
"""Characters of a subject that are shown."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Every check with its outcome. What is brought is looked at and not kept."""
    form = VerifyForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "did": domain.did_of_site(), "trail": _trail()}
    if request.method == "POST" and form.is_valid():
        try:
            verdict = domain.check(given=form.given(), issuer=form.cleaned_data["issuer"])
        except BadDocument as error:
            form.add_error("issuer", str(REASONS[error.why]))
        else:
            context |= _told(verdict)
    return render(request, "profiles/verify.html", context)


def _trail() -> Trail:
    return [("/", _("Home")), (reverse("record:events"), _("Record")), ("", _("Credentials"))]


def _told(verdict: Verdict) -> dict[str, Any]:
    checked = {one.check: one for one in verdict.checks}
    seen = checked[Check.SIGNATURE].holds
    subject = verdict.credential.get("credentialSubject") if verdict.credential and seen else None
    return {
        "verdict": verdict,
        "unsure": verdict.holds and checked[Check.STATUS].holds is None,
        "rows": [
            (CHECKS[one.check], one.holds, REASONS[one.why] if one.why else "", one.detail[:200])
            for one in verdict.checks
        ],
        # Only what the issuer has signed: anything else would look as if it were said here.
        "subject": json.dumps(subject, ensure_ascii=False, indent=2)[:MOST_SHOWN] if seen else "",
        "issuer": _issuer(verdict) if seen else "",
    }


def _issuer(verdict: Verdict) -> str:
    issuer = verdict.credential.get("issuer") if verdict.credential else ""
    return str(issuer.get("id") if isinstance(issuer, dict) else issuer)[:200]
