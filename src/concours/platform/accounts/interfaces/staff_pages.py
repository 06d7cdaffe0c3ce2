"""Who runs a season: for its organisers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from concours.platform.accounts import domain
from concours.platform.accounts.enums import Role
from concours.platform.accounts.interfaces.forms import RoleForm
from concours.platform.accounts.interfaces.pages import trail
from concours.platform.accounts.interfaces.support import refusals_on, signed_in_user
from concours.platform.accounts.models import StaffRole
from concours.platform.accounts.rules import is_organiser, visible_staff_roles
from concours.platform.competitions.domain.permissions import visible_seasons


@require_safe
@login_required
def seasons(request: HttpRequest) -> HttpResponse:
    """The seasons whose staff the reader may name."""
    user = signed_in_user(request)
    mine = [season for season in visible_seasons(user) if is_organiser(user, season.pk)]
    everywhere = is_organiser(user, None)
    if not mine and not everywhere:
        raise Http404
    context = {"seasons": mine, "everywhere": everywhere, "trail": trail(("", _("Staff")))}
    return render(request, "accounts/staff_seasons.html", context)


@login_required
def staff(request: HttpRequest, season: str = "") -> HttpResponse:
    """The staff of a season (of all seasons, without one); roles are granted by address."""
    user = signed_in_user(request)
    of = _season(request, season)
    form = RoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            person = domain.person_of_address(
                actor=user, email=form.cleaned_data["email"], season=of
            )
            domain.grant_role(
                actor=user, user=person, role=Role(form.cleaned_data["role"]), season=of
            )
            messages.success(request, _("The role was granted."))
            return redirect(request.path)
    roles = visible_staff_roles(user, of.pk if of else None).select_related("user", "season")
    title = str(of) if of else _("All seasons")
    context = {
        "form": form,
        "season": of,
        "title": title,
        "roles": [
            (role, Role(role.role).label, _revoke_url(user, role))
            for role in roles.order_by("role", "user__name", "pk")
        ],
        "trail": trail((reverse("accounts:staff-seasons"), _("Staff")), ("", title)),
    }
    return render(request, "accounts/staff.html", context)


@require_POST
@login_required
def revoke(request: HttpRequest, pk: int, season: str = "") -> HttpResponse:
    user = signed_in_user(request)
    of = _season(request, season)
    role = get_object_or_404(visible_staff_roles(user, of.pk if of else None), pk=pk, season=of)
    domain.revoke_role(actor=user, role=role)
    messages.success(request, _("The role was taken back."))
    if of is None:
        return redirect("accounts:staff-everywhere")
    return redirect("accounts:staff", season=of.slug)


def _season(request: HttpRequest, slug: str) -> Any:
    """The season named, or None for all; 404 for whoever does not organise it."""
    season = get_object_or_404(visible_seasons(request.user), slug=slug) if slug else None
    if not is_organiser(request.user, season.pk if season else None):
        raise Http404
    return season


def _revoke_url(user: Any, role: StaffRole) -> str:
    """Where the role is taken back; empty where this reader may not."""
    if role.user_id == user.pk or not is_organiser(user, role.season_id):
        return ""
    if role.season is None:
        return reverse("accounts:revoke-everywhere", args=[role.pk])
    return reverse("accounts:revoke-role", args=[role.season.slug, role.pk])
