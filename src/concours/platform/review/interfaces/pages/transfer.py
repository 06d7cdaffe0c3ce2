"""Passing an entry's duties on to another member of its team."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from concours.platform.competitions.domain.permissions import visible_entries
from concours.platform.core.access import permitted
from concours.platform.review import domain
from concours.platform.review.interfaces.duty_forms import TransferForm
from concours.platform.web.interfaces.shared import attempt, track_trail


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def transfer(request: HttpRequest, code: str) -> HttpResponse:
    entries = visible_entries(request.user).select_related(
        "track__season", "track__phase", "team", "reviewer"
    )
    entry = get_object_or_404(entries, code=code)
    round_ = domain.round_of(track=entry.track)
    if round_ is None or not permitted(request.user, "competitions.edit_entry", entry):
        raise Http404
    rows = entry.team.memberships.select_related("user").exclude(user_id=entry.reviewer_id)
    form = TransferForm(request.POST or None, members=[row.user for row in rows])
    if request.method == "POST" and form.is_valid():
        moved = attempt(
            form,
            lambda: domain.transfer_duties(
                actor=request.user,
                round=round_,
                entry=entry,
                to=form.members[form.cleaned_data["to"]],
            ),
        )
        if moved is not None:
            words = ngettext(
                "%(count)d review is passed on.", "%(count)d reviews are passed on.", moved
            )
            messages.success(request, words % {"count": moved})
            return redirect("competitions:entry", code=entry.code)
    trail = track_trail(
        entry.track,
        (reverse("competitions:entry", args=[entry.code]), entry.title),
        ("", _("Pass the reviews on")),
    )
    context = {"entry": entry, "form": form, "members": bool(form.members), "trail": trail}
    return render(request, "review/transfer.html", context)
