"""One's own profile: what it shows, how others see it, on and off."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from concours.platform.accounts.domain import waits_for_consent
from concours.platform.profiles import domain
from concours.platform.profiles.interfaces.forms import ProfileForm
from concours.platform.web.interfaces.shared import attempt


@never_cache
@login_required
def own(request: HttpRequest) -> HttpResponse:
    """What is shown, to be chosen, and below it exactly what others see then."""
    profile = domain.chosen_by(request.user)
    form = ProfileForm(
        request.POST or None, initial={"sections": profile.sections, "indexed": profile.indexed}
    )
    if request.method == "POST" and form.is_valid():
        act = partial(domain.choose, actor=request.user, **form.cleaned_data)
        if attempt(form, act) is not None:
            messages.success(request, _("Your choice was saved."))
            return redirect("profiles:own")
    context = {
        "form": form,
        "profile": profile,
        "waits": waits_for_consent(user=request.user),
        "told": domain.told_of(user=request.user, sections=profile.sections),
        "trail": [
            ("/", _("Home")),
            (reverse("accounts:overview"), _("Account")),
            ("", _("What you did")),
        ],
    }
    return render(request, "profiles/own.html", context)


@require_POST
@login_required
def show(request: HttpRequest) -> HttpResponse:
    domain.show(actor=request.user)
    messages.success(request, _("Your profile is shown now."))
    return redirect("profiles:own")


@require_POST
@login_required
def hide(request: HttpRequest) -> HttpResponse:
    domain.hide(actor=request.user)
    messages.success(request, _("Your profile is gone. Nothing of it is shown."))
    return redirect("profiles:own")
