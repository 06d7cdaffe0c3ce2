"""Which organisations one is of."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from concours.platform.accounts import domain
from concours.platform.accounts.enums import OrganisationKind
from concours.platform.accounts.interfaces.forms import AffiliationForm, OrganisationForm
from concours.platform.accounts.interfaces.pages import trail
from concours.platform.accounts.interfaces.support import refusals_on, signed_in_user
from concours.platform.accounts.models import User
from concours.platform.accounts.rules import visible_affiliations


@login_required
def affiliations(request: HttpRequest) -> HttpResponse:
    """One's affiliations, a search for more (a fragment for htmx), and adding one found."""
    user = signed_in_user(request)
    form = AffiliationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            domain.affiliate(actor=user, **form.cleaned_data)
            messages.success(request, _("The affiliation was added."))
            return redirect("accounts:affiliations")
    text = request.GET.get("q", "")[:200]
    mine = list(visible_affiliations(user).select_related("organisation").order_by("pk"))
    context = {
        "form": form,
        "affiliations": mine,
        "mine": {affiliation.organisation_id for affiliation in mine},
        "text": text,
        "found": domain.search_organisations(text=text),
        "trail": trail(("", _("Affiliations"))),
    }
    only_results = getattr(request, "htmx", False) and request.method == "GET"
    template = "accounts/parts/organisations.html" if only_results else "accounts/affiliations.html"
    return render(request, template, context)


@login_required
def new_organisation(request: HttpRequest) -> HttpResponse:
    """Add an organisation that nobody has named yet, and be of it."""
    user = signed_in_user(request)
    form = OrganisationForm(
        request.POST or None, initial={"name": request.GET.get("name", "")[:200], "where": "home"}
    )
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            _found_and_join(user, form)
            messages.success(request, _("The organisation was added, and you to it."))
            return redirect("accounts:affiliations")
    back = (reverse("accounts:affiliations"), _("Affiliations"))
    context = {"form": form, "trail": trail(back, ("", _("New organisation")))}
    return render(request, "accounts/new_organisation.html", context)


@transaction.atomic
def _found_and_join(user: User, form: OrganisationForm) -> None:
    """Both or neither: a refused affiliation leaves no organisation behind."""
    wanted = form.cleaned_data
    organisation = domain.create_organisation(
        actor=user,
        name=wanted["name"],
        name_zh=wanted["name_zh"],
        kind=OrganisationKind(wanted["kind"]),
        abroad=wanted["where"] == "abroad",
    )
    domain.affiliate(actor=user, organisation=organisation, title=wanted["title"])


@require_POST
@login_required
def remove_affiliation(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in_user(request)
    affiliation = get_object_or_404(visible_affiliations(user), pk=pk)
    domain.leave_affiliation(actor=user, affiliation=affiliation)
    messages.success(request, _("The affiliation was removed."))
    return redirect("accounts:affiliations")
