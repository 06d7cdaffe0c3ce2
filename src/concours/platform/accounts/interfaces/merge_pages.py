"""Making two accounts of one person one: name the other, then type the code sent to it."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from concours.platform.accounts import domain
from concours.platform.accounts.interfaces import tickets
from concours.platform.accounts.interfaces.forms import CodeForm, OtherAccountForm
from concours.platform.accounts.interfaces.pages import trail
from concours.platform.accounts.interfaces.support import refusals_on, signed_in_user


@never_cache
@login_required
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]
def begin(request: HttpRequest) -> HttpResponse:
    user = signed_in_user(request)
    form = OtherAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            tickets.require_moderation(user)
            ticket = domain.begin_merge(actor=user, email=form.cleaned_data["email"])
            tickets.keep(request, "merge", ticket)
            return redirect("accounts:merge-code")
    context = {"form": form, "trail": trail(("", _("Merge accounts")))}
    return render(request, "accounts/merge.html", context)


@never_cache
@login_required
def finish(request: HttpRequest) -> HttpResponse:
    if not tickets.waiting(request, "merge"):
        return redirect("accounts:merge")
    user = signed_in_user(request)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ticket = tickets.used(request, "merge")
        with refusals_on(form):
            assert ticket is not None  # noqa: S101  for the type checker; seen above
            domain.merge_accounts(actor=user, ticket=ticket, code=form.cleaned_data["code"])
            tickets.drop(request, "merge")
            messages.success(request, _("The two accounts are one now."))
            return redirect("accounts:overview")
    back = (reverse("accounts:merge"), _("Merge accounts"))
    context = {"form": form, "trail": trail(back, ("", _("Code from the mail")))}
    return render(request, "accounts/merge_code.html", context)
