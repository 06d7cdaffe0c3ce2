"""Donations for everybody, one's own, and the acts of those who take part."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from concours.platform.core.access import permitted
from concours.platform.core.cursor import page_after
from concours.platform.core.text import localised
from concours.platform.donations import domain
from concours.platform.donations.enums import UNDER_WAY, DonationState
from concours.platform.donations.interfaces.acts import ACTS, form_of
from concours.platform.donations.interfaces.forms import ProjectForm, uploaded
from concours.platform.donations.interfaces.support import the_donation, trail_of
from concours.platform.donations.models import Donation
from concours.platform.donations.rules import own_donations, visible_donations, visible_papers
from concours.platform.web.interfaces.shared import attempt, cursor_of

A_PAGE = 30
MOST_SHOWN = 200


@never_cache
@require_safe
def donations(request: HttpRequest) -> HttpResponse:
    """Completed ones; above them those in which the reader takes part, and for staff all."""
    seen = visible_donations(request.user)
    done = seen.filter(state=DonationState.COMPLETED).prefetch_related("parties")
    page = page_after(done, field="id", after=cursor_of(request), size=A_PAGE)
    staff = permitted(request.user, "donations.review", None)
    under_way = (seen if staff else own_donations(request.user)).filter(state__in=UNDER_WAY)
    context = {
        "staff": staff,
        "under_way": under_way.prefetch_related("parties")[:MOST_SHOWN],
        "page": page,
        "next": "" if page.next is None else f"?cursor={page.next}",
        "previous": "" if page.previous is None else f"?cursor={page.previous}",
        "proposes": permitted(request.user, "donations.propose"),
        "trail": [
            ("/", _("Home")),
            (reverse("register:projects"), _("Projects")),
            ("", _("Donations")),
        ],
    }
    return render(request, "donations/donations.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    form = ProjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form, lambda: domain.propose_donation(actor=request.user, **form.cleaned_data)
        )
        if made is not None:
            messages.success(request, _("The donation is begun. What it lacks is listed below."))
            return redirect("donations:donation", made.code)
    context = {
        "form": form,
        "back": reverse("donations:donations"),
        "trail": [
            ("/", _("Home")),
            (reverse("donations:donations"), _("Donations")),
            ("", _("Propose a project")),
        ],
    }
    return render(request, "donations/propose.html", context)


@never_cache
@require_safe
def donation(request: HttpRequest, code: str) -> HttpResponse:
    return show_donation(request, the_donation(request, code))


@login_required
@require_POST
def act(request: HttpRequest, code: str, act: str) -> HttpResponse:
    """One act of ACTS. A refusal stands in its form, or is a page of its own for a button."""
    found = the_donation(request, code, permission="donations.read_agreement")
    if act not in ACTS:
        raise Http404
    known = ACTS[act]
    if known.form is None:
        _press(request, found, act)
    else:
        form = form_of(act, request.user, found, request.POST, request.FILES)
        if not form.is_valid() or not attempt(form, lambda: _do(request, found, act, form)):
            return show_donation(request, found, refused={act: form}, status=422)
    messages.success(request, _("It is noted."))
    return redirect(reverse("donations:donation", args=[code]) + f"#{known.section}")


@login_required
@never_cache
@require_safe
def paper(request: HttpRequest, code: str, paper: str) -> HttpResponseBase:
    """The stored bytes as a file to save: never shown, never run, by no browser."""
    rows = visible_papers(request.user).filter(donation=the_donation(request, code))
    found = get_object_or_404(rows, code=paper)
    response = FileResponse(
        found.file.open("rb"),
        as_attachment=True,
        filename=found.name,
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def show_donation(
    request: HttpRequest,
    donation: Donation,
    *,
    refused: dict[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, as far as its reader may read it; `refused` are forms to show again."""
    user = request.user
    whole = permitted(user, "donations.read_whole", donation)
    context: dict[str, Any] = {
        "donation": donation,
        "summary": localised(donation, "summary"),
        "place": localised(donation, "place"),
        "whole": whole,
        "takes_part": permitted(user, "donations.read_agreement", donation),
        "public": domain.public_part(donation)
        if donation.state == DonationState.COMPLETED
        else None,
        "trail": trail_of(donation),
    }
    if context["takes_part"]:
        version = domain.latest_version(donation)
        seats = domain.seats_of(donation, version)
        context |= {
            "version": version,
            "seats": seats,
            "own_seats": [one for one in seats if user.pk and one.is_for(user.pk)],
        }
    if whole:
        context |= _whole(request, donation, refused or {})
    return render(request, "donations/donation.html", context, status=status)


def _whole(
    request: HttpRequest, donation: Donation, refused: dict[str, forms.Form]
) -> dict[str, Any]:
    user = request.user
    opened = {name for name, one in ACTS.items() if one.open_to(user, donation)}
    return {
        "missing": domain.missing(donation),
        "parties": donation.parties.all(),
        "assets": donation.assets.select_related("paper"),
        "terms": donation.terms.all(),
        "mandates": donation.mandates.select_related("user", "paper", "party"),
        "findings": donation.findings.all(),
        "copies": donation.papers.filter(purpose="signed-copy"),
        "papers": set(visible_papers(user).filter(donation=donation).values_list("pk", flat=True)),
        "staff": permitted(user, "donations.review", donation),
        "can": {name.replace("-", "_"): True for name in opened},
        "forms": {
            name.replace("-", "_"): refused.get(name) or form_of(name, user, donation)
            for name in opened
            if ACTS[name].form is not None
        },
    }


def _press(request: HttpRequest, donation: Donation, name: str) -> None:
    given: dict[str, Any] = {key: request.POST.get(key, "") for key in ACTS[name].names}
    if "finding" in given:
        text = given["finding"]
        given["finding"] = int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
    ACTS[name].do(actor=request.user, donation=donation, **given)


def _do(request: HttpRequest, donation: Donation, name: str, form: forms.Form) -> bool:
    ACTS[name].do(actor=request.user, donation=donation, **uploaded(form.cleaned_data))
    return True
