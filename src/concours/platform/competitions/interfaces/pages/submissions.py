"""Submissions: taking them in and giving them back to those who may have them."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from django.contrib.auth.decorators import login_required
from django.core.files import File
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from concours.platform.competitions import domain
from concours.platform.competitions.enums import SubmissionState
from concours.platform.competitions.interfaces.forms import GitForm, UploadForm
from concours.platform.competitions.interfaces.pages.entries import (
    own_entry,
    show_entry,
    submission_rows,
    the_entry,
)
from concours.platform.competitions.interfaces.phrases import explain
from concours.platform.competitions.interfaces.support import by_code, told
from concours.platform.competitions.interfaces.tasks import fetch_after_commit
from concours.platform.competitions.interfaces.uploads import the_upload
from concours.platform.competitions.models import Entry, Submission
from concours.platform.competitions.rules import visible_submissions
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.web.interfaces.shared import attempt, or_hidden

ENDINGS = (
    (b"PK", ".zip"),
    (b"\x1f\x8b", ".tar.gz"),
    (b"BZh", ".tar.bz2"),
    (b"\xfd7zXZ", ".tar.xz"),
)


@login_required
@require_POST
def upload(request: HttpRequest, code: str) -> HttpResponse:
    found = own_entry(request, code)
    form = UploadForm(request.POST, request.FILES, auto_id="id_upload_%s")
    submission = attempt(form, lambda: take_upload(request, found, note=_note(form)))
    if submission is None:
        return show_entry(request, found, upload_form=form)
    told(request, _("Submission %(number)d is in.") % {"number": submission.number})
    return redirect("competitions:entry", code=code)


def take_upload(request: HttpRequest, entry: Entry, *, note: str) -> Submission:
    """Submit the request's file. Raises Refused in the reader's own words for a bad archive."""
    archive = the_upload(request)
    try:
        return domain.submit_archive(
            actor=request.user, entry=entry, path=Path(archive.temporary_file_path()), note=note
        )
    except NotPermitted:
        raise
    except Refused as refusal:
        raise Refused(refusal.code, explain(refusal.code, str(refusal.message))) from refusal


def _note(form: UploadForm) -> str:
    # The upload's own faults are told by the_upload, in better words than the form's.
    form.errors.pop("archive", None)
    if form.errors:
        raise Refused("invalid", _("The note is too long."))
    return str(form.cleaned_data.get("note", ""))


@login_required
@require_POST
def from_git(request: HttpRequest, code: str) -> HttpResponse:
    found = own_entry(request, code)
    form = GitForm(request.POST, auto_id="id_git_%s")
    if form.is_valid():
        submission = attempt(
            form,
            lambda: domain.submit_git(actor=request.user, entry=found, **form.cleaned_data),
        )
        if submission is not None:
            fetch_after_commit(submission)
            told(request, _("The repository is being fetched; your deadline counts from now."))
            return redirect("competitions:entry", code=code)
    return show_entry(request, found, git_form=form)


@never_cache
@require_safe
def submissions(request: HttpRequest, code: str) -> HttpResponse:
    """The list alone, for the page that waits for a fetch."""
    found = the_entry(request, code)
    or_hidden(request.user, "competitions.view_submission", found)
    return render(
        request,
        "competitions/parts/submissions.html",
        {"entry": found, **submission_rows(found)},
    )


def ready_submission(request: HttpRequest, code: str) -> Submission:
    """The submission, if it is ready and the reader may have it; 404 otherwise."""
    rows = visible_submissions(request.user).filter(state=SubmissionState.READY)
    return by_code(rows.select_related("entry__track__season"), code)


@never_cache
@require_safe
def download(request: HttpRequest, code: str) -> HttpResponseBase:
    return archive_response(ready_submission(request, code))


def archive_response(submission: Submission) -> FileResponse:
    """The stored bytes as a file to save: never shown, never run, by no browser.

    404 for one that was deleted when its only author had themselves erased.
    """
    try:
        stored = submission.file.open("rb")
    except FileNotFoundError as gone:
        raise Http404 from gone
    response = FileResponse(
        stored,
        as_attachment=True,
        filename=f"{submission.entry.code}-{submission.number}{_ending(stored)}",
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Length"] = submission.size
    return response


def _ending(file: IO[bytes] | File[bytes]) -> str:
    head = file.read(8)
    file.seek(0)
    return next((ending for magic, ending in ENDINGS if head.startswith(magic)), ".tar")


@never_cache
@require_safe
def manifest(request: HttpRequest, code: str) -> HttpResponse:
    """Lines for `sha256sum --check`; their own SHA-256 is the content digest."""
    return manifest_response(ready_submission(request, code))


def manifest_response(submission: Submission) -> HttpResponse:
    text = domain.submission_manifest(submission=submission)
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    name = f"{submission.entry.code}-{submission.number}.sha256"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
