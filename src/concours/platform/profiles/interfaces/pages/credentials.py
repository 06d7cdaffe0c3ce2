"""Credentials: one's own, one of them, its file, and taking it back."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from concours.platform.accounts.domain.deeds import sections_in_order
from concours.platform.profiles import domain
from concours.platform.profiles.interfaces.forms import IssueForm, RevokeForm
from concours.platform.profiles.models import Credential
from concours.platform.profiles.rules import own_credentials, visible_credentials
from concours.platform.web.interfaces.shared import Trail, attempt, or_hidden

MOST = 200


def _trail(*more: tuple[str, Any]) -> Trail:
    return [
        ("/", _("Home")),
        (reverse("accounts:overview"), _("Account")),
        (reverse("profiles:credentials") if more else "", _("Credentials")),
        *more,
    ]


@never_cache
@login_required
def own(request: HttpRequest) -> HttpResponse:
    """One's credentials, and a form for another."""
    form = IssueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, partial(domain.issue, actor=request.user, **form.cleaned_data))
        if made is not None:
            messages.success(request, _("The credential was signed. Keep its file."))
            return redirect("profiles:credential", made.code)
    rows = own_credentials(request.user).select_related("key")[:MOST]
    context = {
        "form": form,
        "rows": [(one, _labels(one)) for one in rows],
        "trail": _trail(),
    }
    return render(request, "profiles/credentials.html", context)


@never_cache
@require_safe
def credential(request: HttpRequest, code: str) -> HttpResponse:
    """One credential: all of it for its holder, what revoking takes for staff, 404 for others."""
    return _shown(request, _the_credential(request, code))


@never_cache
@require_safe
def file(request: HttpRequest, code: str) -> HttpResponse:
    """The signed file, for its holder."""
    found = _the_credential(request, code)
    or_hidden(request.user, "profiles.download", found)
    answer = HttpResponse(found.document, content_type="application/vc")
    answer["Content-Disposition"] = f'attachment; filename="credential-{found.code}.json"'
    return answer


@require_POST
def revoke(request: HttpRequest, code: str) -> HttpResponse:
    found = _the_credential(request, code)
    form = RevokeForm(request.POST, needed=found.user_id != request.user.pk)
    if form.is_valid():
        act = partial(
            domain.revoke,
            actor=request.user,
            credential=found,
            reason=form.cleaned_data["reason"],
        )
        if attempt(form, act) is not None:
            messages.success(request, _("The credential was revoked."))
            return redirect("profiles:credential", code)
    return _shown(request, found, form)


def _the_credential(request: HttpRequest, code: str) -> Credential:
    rows = visible_credentials(request.user).select_related("user", "key", "revoked_by")
    return get_object_or_404(rows, code=code)


def _shown(request: HttpRequest, found: Credential, form: RevokeForm | None = None) -> HttpResponse:
    mine = found.user_id == request.user.pk
    context = {
        "credential": found,
        "mine": mine,
        "labels": _labels(found) if mine else [],
        "by_staff": found.revoked_by_id is not None and found.revoked_by_id != found.user_id,
        "form": form or RevokeForm(needed=not mine),
        "trail": _trail(("", found.code)),
    }
    return render(request, "profiles/credential.html", context)


def _labels(found: Credential) -> list[str]:
    return [str(one.label) for one in sections_in_order() if one.name in found.sections]
