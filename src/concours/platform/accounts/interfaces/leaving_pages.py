"""Taking one's data along, and going."""

from __future__ import annotations

import tempfile

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from concours.platform.accounts import domain
from concours.platform.accounts.interfaces import tickets
from concours.platform.accounts.interfaces.forms import LastWordForm
from concours.platform.accounts.interfaces.pages import trail
from concours.platform.accounts.interfaces.support import refusals_on, signed_in_user


@never_cache
@login_required
def export(request: HttpRequest) -> HttpResponseBase:
    """A page that says what is in it; the archive on POST."""
    user = signed_in_user(request)
    if request.method != "POST":
        context = {"trail": trail(("", _("Your data")))}
        return render(request, "accounts/export.html", context)
    archive = tempfile.TemporaryFile()  # noqa: SIM115  closed by the response
    domain.export_own(actor=user, into=archive)
    archive.seek(0)
    domain.note_export(actor=user)
    return FileResponse(
        archive,
        as_attachment=True,
        filename=f"concours-{user.code}.zip",
        content_type="application/zip",
    )


@never_cache
@login_required
def begin(request: HttpRequest) -> HttpResponse:
    """What erasure means, and whether anything stands against it now."""
    user = signed_in_user(request)
    if request.method == "POST":
        tickets.require_moderation(user)
        tickets.keep(request, "erase", domain.begin_erasure(actor=user))
        return redirect("accounts:erase-code")
    context = {
        "reasons": domain.why_not_erased(user=user),
        "trail": trail(("", _("Erase the account"))),
    }
    return render(request, "accounts/erase.html", context)


@never_cache
@login_required
def finish(request: HttpRequest) -> HttpResponse:
    if not tickets.waiting(request, "erase"):
        return redirect("accounts:erase")
    user = signed_in_user(request)
    form = LastWordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ticket = tickets.used(request, "erase")
        with refusals_on(form):
            assert ticket is not None  # noqa: S101  for the type checker; seen above
            domain.erase_person(actor=user, ticket=ticket, code=form.cleaned_data["code"])
            logout(request)
            messages.success(request, _("Your account was erased."))
            return redirect("/")
    back = (reverse("accounts:erase"), _("Erase the account"))
    context = {"form": form, "trail": trail(back, ("", _("Code from the mail")))}
    return render(request, "accounts/erase_code.html", context)
