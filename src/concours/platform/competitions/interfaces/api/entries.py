from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile

from concours.platform.accounts.enums import Scope
from concours.platform.api.auth import needs, public
from concours.platform.competitions import domain
from concours.platform.competitions.enums import SubmissionState
from concours.platform.competitions.interfaces.api.lookups import (
    entry_from_inside,
    entry_of,
    own_entry,
    submission_of,
)
from concours.platform.competitions.interfaces.api.schemas import (
    EntryOut,
    GitIn,
    SubmissionOut,
    WithdrawIn,
)
from concours.platform.competitions.interfaces.pages.submissions import (
    archive_response,
    manifest_response,
    take_upload,
)
from concours.platform.competitions.interfaces.tasks import fetch_after_commit
from concours.platform.competitions.models import Entry, Submission
from concours.platform.competitions.rules import member_team_ids
from concours.platform.core.errors import NotPermitted

router = Router(tags=["entries"])


@router.get("/entries", response=list[EntryOut], auth=needs(Scope.READ))
def my_entries(request: HttpRequest) -> Any:
    rows = Entry.objects.filter(team_id__in=member_team_ids(request.user)).select_related(
        "track__season", "track__phase", "team", "rules_version"
    )
    return [EntryOut.of(entry, reader=request.user) for entry in rows]


@router.get("/entries/{code}", response=EntryOut, auth=public())
def get_entry(request: HttpRequest, code: str) -> Any:
    return EntryOut.of(entry_of(request, code), reader=request.user)


@router.post("/entries/{code}/withdraw", response=EntryOut, auth=needs(Scope.ENTER))
def withdraw_entry(request: HttpRequest, code: str, body: WithdrawIn) -> Any:
    entry = domain.withdraw_entry(
        actor=request.user, entry=own_entry(request, code), reason=body.reason
    )
    return EntryOut.of(entry, reader=request.user)


@router.get("/entries/{code}/submissions", response=list[SubmissionOut], auth=needs(Scope.READ))
def list_submissions(request: HttpRequest, code: str) -> Any:
    """An entry's submissions, newest first, for its team and the staff."""
    return entry_from_inside(request, code).submissions.select_related("entry")


@router.post("/entries/{code}/submissions", response={201: SubmissionOut}, auth=needs(Scope.ENTER))
def upload_submission(
    request: HttpRequest,
    code: str,
    archive: File[UploadedFile | None] = None,
    note: str = Form("", max_length=500),  # type: ignore[type-arg]
) -> Any:
    """Submit an archive, as multipart/form-data with the field `archive`."""
    return Status(201, take_upload(request, own_entry(request, code), note=note))


@router.post(
    "/entries/{code}/submissions/git", response={202: SubmissionOut}, auth=needs(Scope.ENTER)
)
def submit_git(request: HttpRequest, code: str, body: GitIn) -> Any:
    """Submit a commit; it is fetched afterwards: look at the submission's state."""
    submission = domain.submit_git(
        actor=request.user,
        entry=own_entry(request, code),
        url=body.url,
        revision=body.revision,
        note=body.note,
    )
    fetch_after_commit(submission)
    return Status(202, submission)


@router.get("/submissions/{code}", response=SubmissionOut, auth=needs(Scope.READ))
def get_submission(request: HttpRequest, code: str) -> Any:
    return submission_of(request, code)


@router.get("/submissions/{code}/archive", auth=needs(Scope.READ))
def download_submission(request: HttpRequest, code: str) -> HttpResponseBase:
    return archive_response(_ready(request, code))


@router.get("/submissions/{code}/manifest", auth=needs(Scope.READ))
def get_manifest(request: HttpRequest, code: str) -> HttpResponseBase:
    """Lines for `sha256sum --check`; their own SHA-256 is the content digest."""
    return manifest_response(_ready(request, code))


def _ready(request: HttpRequest, code: str) -> Submission:
    found = submission_of(request, code)
    if found.state != SubmissionState.READY:
        raise NotPermitted("not-ready", "", hidden=True)
    return found
