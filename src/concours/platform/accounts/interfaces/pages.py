"""One's own account: profile and keys; and the page that others see."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from concours.platform.accounts import domain
from concours.platform.accounts.enums import Scope
from concours.platform.accounts.interfaces.forms import AgeForm, ProfileForm, TokenForm
from concours.platform.accounts.interfaces.support import refusals_on, signed_in_user
from concours.platform.accounts.rules import (
    visible_people,
    visible_tokens,
    waits_for_second_factor,
)
from concours.platform.core import clock


def trail(*rest: tuple[str, str]) -> list[tuple[str, str]]:
    return [("/", _("Home")), (reverse("accounts:overview"), _("Account")), *rest]


@require_safe
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    user = signed_in_user(request)
    context = {
        "trail": [("/", _("Home")), ("", _("Account"))],
        "affiliations": user.affiliations.select_related("organisation"),
        "waits_for_consent": domain.waits_for_consent(user=user),
        "waits_for_second_factor": waits_for_second_factor(user),
        "providers": bool(settings.OIDC_PROVIDERS),
        "staff": user.is_superuser or user.staff_roles.exists(),
    }
    return render(request, "accounts/overview.html", context)


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    user = signed_in_user(request)
    form = ProfileForm(
        request.POST or None,
        initial={"name": user.name, "biography": user.biography, "language": user.language},
    )
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            domain.edit_profile(actor=user, **form.cleaned_data)
            messages.success(request, _("Your profile was saved."))
            return redirect("accounts:profile")
    context = {
        "form": form,
        "age_form": AgeForm(initial={"under_age": user.under_age}),
        "waits": domain.waits_for_consent(user=user),
        "trail": trail(("", _("Profile"))),
    }
    return render(request, "accounts/profile.html", context)


@login_required
@require_POST
def age(request: HttpRequest) -> HttpResponse:
    """What they say of their age: under age or not, nothing more."""
    form = AgeForm(request.POST)
    if form.is_valid():
        domain.say_under_age(actor=signed_in_user(request), **form.cleaned_data)
        messages.success(request, _("Your profile was saved."))
    return redirect("accounts:profile")


@require_safe
def person(request: HttpRequest, code: str) -> HttpResponse:
    """What everyone may see of somebody: name, text and affiliations."""
    shown = get_object_or_404(visible_people(request.user), code=code)
    context = {
        "person": shown,
        "affiliations": shown.affiliations.select_related("organisation").order_by("pk"),
        "trail": [("/", _("Home")), ("", shown.display_name)],
    }
    return render(request, "accounts/person.html", context)


@never_cache
@login_required
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]
@sensitive_variables("key")
def keys(request: HttpRequest) -> HttpResponse:
    """List the keys and make one. The new key is on the answer to this POST and nowhere else."""
    user = signed_in_user(request)
    form = TokenForm(request.POST or None)
    key = ""
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            _token, key = domain.create_token(
                actor=user,
                name=form.cleaned_data["name"],
                scopes=[Scope(scope) for scope in form.cleaned_data["scopes"]],
                days=form.cleaned_data["days"],
            )
            form = TokenForm()
    tokens = list(visible_tokens(user))
    moment = clock.now()
    context = {
        "form": form,
        "key": key,
        "tokens": [(token, token.valid_at(moment), _labels(token.scopes)) for token in tokens],
        "trail": trail(("", _("API keys"))),
    }
    return render(request, "accounts/keys.html", context)


@require_POST
@login_required
def revoke_key(request: HttpRequest, code: str) -> HttpResponse:
    user = signed_in_user(request)
    token = get_object_or_404(visible_tokens(user), code=code)
    domain.revoke_token(actor=user, token=token)
    messages.success(request, _("The key was revoked; it opens nothing any more."))
    return redirect("accounts:keys")


def _labels(scopes: list[str]) -> list[str]:
    return [str(Scope(scope).label) for scope in scopes]
