"""An entry: what everyone reads of it, and what its team does with it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from concours.platform.competitions import domain
from concours.platform.competitions.domain.entries import require_submissions_open
from concours.platform.competitions.enums import EntryState, SubmissionState
from concours.platform.competitions.interfaces.forms import (
    EntryForm,
    GitForm,
    ReasonForm,
    ReviewerForm,
    UploadForm,
)
from concours.platform.competitions.interfaces.support import (
    by_code,
    done,
    told,
    track_trail,
    track_url,
)
from concours.platform.competitions.models import Entry
from concours.platform.competitions.rules import visible_entries
from concours.platform.core.access import permitted, require
from concours.platform.core.errors import Refused
from concours.platform.web.interfaces.declaring import declared
from concours.platform.web.interfaces.shared import attempt, or_hidden


def the_entry(request: HttpRequest, code: str) -> Entry:
    """The entry, if it is listed for the reader; 404 otherwise."""
    rows = visible_entries(request.user).select_related(
        "track__season", "track__phase", "track__batch", "team", "reviewer", "rules_version"
    )
    return by_code(rows, code)


def own_entry(request: HttpRequest, code: str) -> Entry:
    """The entry, if the reader is of its team; 404 otherwise."""
    found = the_entry(request, code)
    or_hidden(request.user, "competitions.edit_entry", found)
    return found


@require_safe
def entry(request: HttpRequest, code: str) -> HttpResponse:
    return show_entry(request, the_entry(request, code))


def submissions_open(entry: Entry) -> bool:
    try:
        require_submissions_open(entry)
    except Refused:
        return False
    return True


def show_entry(
    request: HttpRequest,
    found: Entry,
    *,
    upload_form: UploadForm | None = None,
    git_form: GitForm | None = None,
    reason_form: ReasonForm | None = None,
) -> HttpResponse:
    """The entry's page; a form given is shown with its errors."""
    mine = permitted(request.user, "competitions.edit_entry", found)
    disqualifies = permitted(request.user, "competitions.disqualify_entry", found)
    context = {
        "entry": found,
        "track": found.track,
        "trail": track_trail(
            found.track, (track_url(found.track, "entries"), _("Entries")), ("", found.title)
        ),
        "named": permitted(request.user, "competitions.view_entry_name", found),
        "mine": mine,
        "inside": mine or disqualifies,
        "open": mine and submissions_open(found),
        "disqualifies": disqualifies and found.state == EntryState.ENTERED,
        "may_mark": not found.baseline
        and permitted(request.user, "competitions.mark_baseline", found)
        and submissions_open(found),
        "upload_form": upload_form or UploadForm(auto_id="id_upload_%s"),
        "git_form": git_form or GitForm(auto_id="id_git_%s"),
        "reason_form": reason_form or ReasonForm(),
    }
    if mine or disqualifies:
        context |= submission_rows(found)
    return render(request, "competitions/entry.html", context)


def submission_rows(entry: Entry) -> dict[str, object]:
    """Context of parts/submissions.html."""
    rows = list(entry.submissions.select_related("submitted_by"))
    ready = [row.pk for row in rows if row.state == SubmissionState.READY]
    return {
        "submissions": rows,
        "judged": ready[0] if ready else None,
        "fetching": any(row.state == SubmissionState.FETCHING for row in rows),
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    found = own_entry(request, code)
    form = EntryForm(
        request.POST or None,
        initial={"title": found.title, "abstract": found.abstract},
        track=found.track,
        said=found,
    )
    if request.method == "POST" and form.is_valid():
        act = attempt(
            form,
            lambda: _edit(request, found, dict(form.cleaned_data)),
        )
        if act is not None:
            told(request, _("Your entry is changed."))
            return redirect("competitions:entry", code=code)
    return _form_page(request, found, form, _("Edit the entry"))


@transaction.atomic
def _edit(request: HttpRequest, entry: Entry, data: dict[str, Any]) -> Entry:
    said = declared(data)
    edited = domain.edit_entry(actor=request.user, entry=entry, **data)
    return domain.declare_use(actor=request.user, entry=edited, declaration=said)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reviewer(request: HttpRequest, code: str) -> HttpResponse:
    found = own_entry(request, code)
    form = ReviewerForm(request.POST or None, entry=found)
    if request.method == "POST" and form.is_valid():
        named = form.members[form.cleaned_data["reviewer"]]
        if done(
            form,
            lambda: domain.name_reviewer(actor=request.user, entry=found, reviewer=named),
        ):
            told(request, _("The reviewer is named."))
            return redirect("competitions:entry", code=code)
    return _form_page(request, found, form, _("Name the reviewer"))


def _form_page(
    request: HttpRequest, found: Entry, form: EntryForm | ReviewerForm, title: str
) -> HttpResponse:
    trail = track_trail(found.track, (found_url(found), found.title), ("", title))
    return render(
        request,
        "competitions/entry_form.html",
        {"entry": found, "form": form, "heading": title, "trail": trail},
    )


def found_url(entry: Entry) -> str:

    return reverse("competitions:entry", args=[entry.code])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    found = own_entry(request, code)
    form = ReasonForm(request.POST or None)
    form.fields["reason"].required = False
    if (
        request.method == "POST"
        and form.is_valid()
        and done(
            form,
            lambda: domain.withdraw_entry(
                actor=request.user, entry=found, reason=form.cleaned_data["reason"]
            ),
        )
    ):
        told(request, _("The entry is withdrawn. Your people may enter with another team."))
        return redirect("competitions:entry", code=code)
    return render(
        request,
        "competitions/entry_withdraw.html",
        {
            "entry": found,
            "form": form,
            "open": submissions_open(found),
            "trail": track_trail(found.track, (found_url(found), found.title), ("", _("Withdraw"))),
        },
    )


@login_required
@require_POST
def disqualify(request: HttpRequest, code: str) -> HttpResponse:
    found = the_entry(request, code)
    require(request.user, "competitions.disqualify_entry", found)
    form = ReasonForm(request.POST)
    if form.is_valid() and done(
        form,
        lambda: domain.disqualify_entry(
            actor=request.user, entry=found, reason=form.cleaned_data["reason"]
        ),
    ):
        told(request, _("The entry is disqualified; its team reads the reason."))
        return redirect("competitions:entry", code=code)
    return show_entry(request, found, reason_form=form)


@login_required
@require_POST
def baseline(request: HttpRequest, code: str) -> HttpResponse:
    """Put an entry out of competition, for organisers."""
    found = the_entry(request, code)
    domain.mark_baseline(actor=request.user, entry=found)
    told(request, _("The entry is a baseline, out of competition."))
    return redirect("competitions:entry", code=code)
