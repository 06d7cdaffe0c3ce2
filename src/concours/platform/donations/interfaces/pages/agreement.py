"""The agreement's versions, and signing the last."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from concours.platform.donations import domain
from concours.platform.donations.domain.seats import before
from concours.platform.donations.enums import DonationState
from concours.platform.donations.interfaces.forms import SignForm
from concours.platform.donations.interfaces.support import the_donation, trail_of
from concours.platform.donations.models import AgreementVersion, Donation
from concours.platform.web.interfaces.shared import attempt

READ = "donations.read_agreement"
SIGNING = frozenset({DonationState.ACCEPTED, DonationState.SIGNED})


@login_required
@never_cache
@require_safe
def agreement(request: HttpRequest, code: str, number: int | None = None) -> HttpResponse:
    """A version (the latest without a number) in both languages, and what changed."""
    donation = the_donation(request, code, permission=READ)
    return _show(request, donation, _version(donation, number))


@login_required
@never_cache
@require_safe
def printed(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A version to be printed: clause by clause in both languages, its digest on each page."""
    donation = the_donation(request, code, permission=READ)
    version = _version(donation, number)
    context = {
        "donation": donation,
        "version": version,
        "clauses": domain.clauses_of(version),
        "last": version == domain.latest_version(donation),
        "seats": domain.seats_of(donation, version),
    }
    return render(request, "donations/agreement_print.html", context)


@login_required
@require_POST
def sign(request: HttpRequest, code: str) -> HttpResponse:
    """Sign what was read: the version's digest comes with the button."""
    donation = the_donation(request, code, permission=READ)
    form = SignForm(request.POST, auto_id="id_sign_%s")
    if form.is_valid():
        data = form.cleaned_data
        signed = attempt(
            form,
            lambda: domain.sign(
                actor=request.user,
                donation=donation,
                seat=data["seat"],
                digest=data["digest"],
                proof=domain.Proof(password=data["password"], code=data["code"]),
            ),
        )
        if signed is not None:
            messages.success(request, _("You have signed. It stands in the record."))
            return redirect(reverse("donations:donation", args=[code]) + "#ceremony")
    return _show(request, donation, _version(donation, None), refused=form, status=422)


def _version(donation: Donation, number: int | None) -> AgreementVersion:
    rows = donation.versions.all()
    found = rows.last() if number is None else rows.filter(number=number).first()
    if found is None:
        raise Http404
    return found


def _show(
    request: HttpRequest,
    donation: Donation,
    version: AgreementVersion,
    *,
    refused: SignForm | None = None,
    status: int = 200,
) -> HttpResponse:
    earlier = donation.versions.filter(number__lt=version.number).last()
    seats = domain.seats_of(donation, version)
    last = version == domain.latest_version(donation)
    context: dict[str, Any] = {
        "donation": donation,
        "version": version,
        "versions": donation.versions.all(),
        "last": last,
        "earlier": earlier,
        "changes": [
            (domain.differences(earlier.text, version.text), "en"),
            (domain.differences(earlier.text_zh, version.text_zh), "zh-Hans"),
        ]
        if earlier
        else [],
        "seats": seats,
        "missing": domain.missing(donation),
        "can_prove": domain.can_prove(request.user),
        "sign_forms": _sign_forms(request, donation, version, seats, refused)
        if last and donation.state in SIGNING
        else [],
        "trail": trail_of(donation, ("", _("Agreement"))),
    }
    return render(request, "donations/agreement.html", context, status=status)


def _sign_forms(
    request: HttpRequest,
    donation: Donation,
    version: AgreementVersion,
    seats: list[domain.Seat],
    refused: SignForm | None,
) -> list[tuple[domain.Seat, list[str], forms.Form]]:
    """(seat, who signs first, form) for each seat that is the reader's and unsigned."""
    found: list[tuple[domain.Seat, list[str], forms.Form]] = []
    for seat in seats:
        if seat.signature is not None or not seat.is_for(request.user.pk or 0):
            continue
        waiting = [one.name for one in before(seat, seats, in_order=donation.in_order)]
        again = refused is not None and refused.data.get("seat") == seat.key
        form = refused if again and refused is not None else None
        initial = {"seat": seat.key, "digest": version.digest}
        blank = SignForm(initial=initial, auto_id=f"id_{len(found)}_%s")
        found.append((seat, waiting, form or blank))
    return found
