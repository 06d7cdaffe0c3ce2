"""Appeals and staged changes through the API."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import File, Router, Status
from ninja.files import UploadedFile

from concours.platform.accounts.enums import Scope
from concours.platform.api.auth import needs, public
from concours.platform.appeals import domain
from concours.platform.appeals.domain.attaching import MOST_BYTES
from concours.platform.appeals.domain.queries import with_parts
from concours.platform.appeals.interfaces import schemas
from concours.platform.appeals.interfaces.support import desk_track, the_appeal, the_change_set
from concours.platform.appeals.models import Appeal, ChangeSet
from concours.platform.appeals.rules import serving_judges, visible_appeals, visible_change_sets
from concours.platform.competitions.domain.permissions import visible_entries
from concours.platform.web.interfaces.shared import the_track

router = Router(tags=["appeals"])

TRACK = "/{season}/{track}/"
APPEALS = TRACK + "appeals"
CHANGES = TRACK + "changes"
MOST_SHOWN = 500


def _out(request: HttpRequest, appeal: Appeal) -> schemas.AppealOut:
    row = with_parts(Appeal.objects.filter(pk=appeal.pk)).get()
    return schemas.appeal_out(domain.appeals_shown(user=request.user, appeals=[row])[0])


def _changes_out(request: HttpRequest, change_set: ChangeSet) -> schemas.ChangeSetOut:
    change_set.refresh_from_db()
    appeal = visible_appeals(request.user).filter(pk=change_set.appeal_id or 0).first()
    rows = domain.changes_shown(user=request.user, change_set=change_set)
    return schemas.change_set_out(change_set, rows, appeal=appeal.code if appeal else "")


def _appeal(request: HttpRequest, season: str, track: str, code: str) -> Appeal:
    return the_appeal(request, the_track(request, season, track), code)


def _draft(request: HttpRequest, season: str, track: str, code: str) -> ChangeSet:
    """The set for the season's staff; 404 for everybody else."""
    return the_change_set(request, desk_track(request, season, track, staff=True), code)


@router.get(TRACK + "window", response=schemas.WindowOut | None, auth=public())
def get_window(request: HttpRequest, season: str, track: str) -> Any:
    """When appeals are taken and are to be decided; null for a track that takes none."""
    return domain.window_of(track=the_track(request, season, track))


@router.get(APPEALS, response=list[schemas.AppealOut], auth=public())
def get_appeals(request: HttpRequest, season: str, track: str) -> list[schemas.AppealOut]:
    """The appeals that the reader may know of, the newest first; at most 500."""
    found = the_track(request, season, track)
    rows = with_parts(visible_appeals(request.user).filter(track=found)).order_by("-filed_at")
    shown = domain.appeals_shown(user=request.user, appeals=rows[:MOST_SHOWN])
    return [schemas.appeal_out(one) for one in shown]


@router.post(APPEALS, response={201: schemas.AppealOut}, auth=needs(Scope.ENTER))
def file_appeal(
    request: HttpRequest, season: str, track: str, body: schemas.AppealBody
) -> Status[schemas.AppealOut]:
    """Appeal for one's own entry."""
    entries = visible_entries(request.user).filter(track=the_track(request, season, track))
    data = body.dict(exclude={"entry"})
    entry = get_object_or_404(entries.select_related("track__season"), code=body.entry)
    return Status(201, _out(request, domain.file_appeal(actor=request.user, entry=entry, **data)))


@router.get(APPEALS + "/{code}", response=schemas.AppealOut, auth=public())
def get_appeal(request: HttpRequest, season: str, track: str, code: str) -> schemas.AppealOut:
    """One appeal, as far as the reader may see it."""
    return _out(request, _appeal(request, season, track, code))


@router.post(
    APPEALS + "/{code}/attachments", response={201: schemas.AttachmentOut}, auth=needs(Scope.ENTER)
)
def attach(
    request: HttpRequest, season: str, track: str, code: str, file: File[UploadedFile]
) -> Status[Any]:
    """Add a file of at most 2 MiB to one's own appeal."""
    found = _appeal(request, season, track, code)
    # One byte beyond what is taken is read, so that the refusal is the domain's.
    content = file.read(MOST_BYTES + 1)
    added = domain.attach_file(
        actor=request.user, appeal=found, name=file.name or "", content=content
    )
    return Status(201, added)


@router.post(APPEALS + "/{code}/withdraw", response=schemas.AppealOut, auth=needs(Scope.ENTER))
def withdraw(request: HttpRequest, season: str, track: str, code: str) -> schemas.AppealOut:
    """Take one's own appeal back."""
    found = _appeal(request, season, track, code)
    return _out(request, domain.withdraw_appeal(actor=request.user, appeal=found))


@router.post(APPEALS + "/{code}/admit", response=schemas.AppealOut, auth=needs(Scope.REVIEW))
def admit(request: HttpRequest, season: str, track: str, code: str) -> schemas.AppealOut:
    """Take an appeal on."""
    found = _appeal(request, season, track, code)
    return _out(request, domain.admit_appeal(actor=request.user, appeal=found))


@router.post(APPEALS + "/{code}/dismiss", response=schemas.AppealOut, auth=needs(Scope.REVIEW))
def dismiss(
    request: HttpRequest, season: str, track: str, code: str, body: schemas.DismissBody
) -> schemas.AppealOut:
    """Dismiss an appeal as inadmissible, with reasons."""
    found = _appeal(request, season, track, code)
    ended = domain.dismiss_appeal(actor=request.user, appeal=found, **body.dict())
    return _out(request, ended)


@router.post(APPEALS + "/{code}/hear", response=schemas.AppealOut, auth=needs(Scope.REVIEW))
def hear(
    request: HttpRequest, season: str, track: str, code: str, body: schemas.HearingBody
) -> schemas.AppealOut:
    """Note a hearing."""
    found = _appeal(request, season, track, code)
    return _out(request, domain.hear_appeal(actor=request.user, appeal=found, hearing=body.hearing))


@router.post(APPEALS + "/{code}/decide", response=schemas.AppealOut, auth=needs(Scope.REVIEW))
def decide(
    request: HttpRequest, season: str, track: str, code: str, body: schemas.DecideBody
) -> schemas.AppealOut:
    """Decide an appeal, with reasons."""
    found = _appeal(request, season, track, code)
    ended = domain.decide_appeal(actor=request.user, appeal=found, **body.dict())
    return _out(request, ended)


@router.post(APPEALS + "/{code}/aside", response={204: None}, auth=needs(Scope.REVIEW))
def stand_aside(
    request: HttpRequest, season: str, track: str, code: str, body: schemas.ReasonBody
) -> Status[None]:
    """Stand aside from an appeal; it cannot be taken back."""
    found = _appeal(request, season, track, code)
    domain.stand_aside(actor=request.user, appeal=found, reason=body.reason)
    return Status(204, None)


@router.get(TRACK + "judges", response=list[schemas.JudgeOut], auth=needs(Scope.ORGANISE))
def get_judges(request: HttpRequest, season: str, track: str) -> list[schemas.JudgeOut]:
    """Who is appointed to judge the track's appeals."""
    found = desk_track(request, season, track, staff=True)
    return [_judge_out(judge) for judge in serving_judges(found).select_related("user")]


@router.post(TRACK + "judges", response={201: schemas.JudgeOut}, auth=needs(Scope.ORGANISE))
def appoint_judge(
    request: HttpRequest, season: str, track: str, body: schemas.JudgeBody
) -> Status[schemas.JudgeOut]:
    """Appoint somebody."""
    found = desk_track(request, season, track, staff=True)
    person = get_object_or_404(get_user_model(), code=body.user, is_active=True)
    made = domain.appoint_judge(actor=request.user, track=found, user=person)
    return Status(201, _judge_out(made))


@router.delete(TRACK + "judges/{user}", response={204: None}, auth=needs(Scope.ORGANISE))
def remove_judge(request: HttpRequest, season: str, track: str, user: str) -> Status[None]:
    """Take the office back."""
    found = desk_track(request, season, track, staff=True)
    judge = get_object_or_404(serving_judges(found), user__code=user)
    domain.remove_judge(actor=request.user, judge=judge)
    return Status(204, None)


@router.get(CHANGES, response=list[schemas.ChangeSetOut], auth=public())
def get_change_sets(request: HttpRequest, season: str, track: str) -> list[schemas.ChangeSetOut]:
    """Applied changes for everybody while scores are shown; all of them for staff."""
    found = the_track(request, season, track)
    rows = visible_change_sets(request.user).filter(track=found)[:MOST_SHOWN]
    return [_changes_out(request, one) for one in rows]


@router.post(CHANGES, response={201: schemas.ChangeSetOut}, auth=needs(Scope.ORGANISE))
def draft_changes(
    request: HttpRequest, season: str, track: str, body: schemas.ChangeSetBody
) -> Status[schemas.ChangeSetOut]:
    """Begin a set of changes."""
    found = desk_track(request, season, track, staff=True)
    appeal = the_appeal(request, found, body.appeal) if body.appeal else None
    made = domain.draft_changes(
        actor=request.user, track=found, title=body.title, reason=body.reason, appeal=appeal
    )
    return Status(201, _changes_out(request, made))


@router.get(CHANGES + "/{code}", response=schemas.ChangeSetOut, auth=public())
def get_change_set(
    request: HttpRequest, season: str, track: str, code: str
) -> schemas.ChangeSetOut:
    """One set, with who moves or moved."""
    found = the_track(request, season, track)
    return _changes_out(request, the_change_set(request, found, code))


@router.post(
    CHANGES + "/{code}/items", response={201: schemas.ChangeSetOut}, auth=needs(Scope.ORGANISE)
)
def add_change(
    request: HttpRequest, season: str, track: str, code: str, body: schemas.ChangeBody
) -> Status[schemas.ChangeSetOut]:
    """Add a change to a draft."""
    made = _draft(request, season, track, code)
    entries = visible_entries(request.user).filter(track=made.track)
    people = get_user_model().objects.filter(code=body.juror)
    domain.add_change(
        actor=request.user,
        change_set=made,
        kind=body.kind,
        entry=get_object_or_404(entries.select_related("track__season"), code=body.entry),
        alias=body.alias,
        scores=body.scores,
        juror=people.first() if body.juror else None,
        points_milli=body.points_milli,
    )
    return Status(201, _changes_out(request, made))


@router.delete(
    CHANGES + "/{code}/items/{int:key}", response={204: None}, auth=needs(Scope.ORGANISE)
)
def drop_change(request: HttpRequest, season: str, track: str, code: str, key: int) -> Status[None]:
    """Take a change out of a draft."""
    made = _draft(request, season, track, code)
    domain.drop_change(actor=request.user, change=get_object_or_404(made.changes.all(), pk=key))
    return Status(204, None)


@router.post(CHANGES + "/{code}/preview", response=schemas.ChangeSetOut, auth=needs(Scope.ORGANISE))
def preview(request: HttpRequest, season: str, track: str, code: str) -> schemas.ChangeSetOut:
    """Compute who would move; nothing published is touched."""
    made = _draft(request, season, track, code)
    return _changes_out(request, domain.preview_changes(actor=request.user, change_set=made))


@router.post(CHANGES + "/{code}/apply", response=schemas.ChangeSetOut, auth=needs(Scope.ORGANISE))
def apply(
    request: HttpRequest, season: str, track: str, code: str, body: schemas.SignBody
) -> schemas.ChangeSetOut:
    """Apply and publish, signed: all of it or nothing."""
    made = domain.apply_changes(
        actor=request.user,
        change_set=_draft(request, season, track, code),
        expected=body.expected,
        signature=domain.Signature(password=body.password, code=body.code),
    )
    return _changes_out(request, made)


@router.post(CHANGES + "/{code}/cancel", response=schemas.ChangeSetOut, auth=needs(Scope.ORGANISE))
def cancel(request: HttpRequest, season: str, track: str, code: str) -> schemas.ChangeSetOut:
    """Give a draft up."""
    made = _draft(request, season, track, code)
    return _changes_out(request, domain.cancel_changes(actor=request.user, change_set=made))


@router.post(
    CHANGES + "/{code}/reverse", response={201: schemas.ChangeSetOut}, auth=needs(Scope.ORGANISE)
)
def reverse(
    request: HttpRequest, season: str, track: str, code: str, body: schemas.ReasonBody
) -> Status[schemas.ChangeSetOut]:
    """Draft the changes that undo an applied set."""
    made = domain.reverse_changes(
        actor=request.user,
        change_set=_draft(request, season, track, code),
        reason=body.reason,
    )
    return Status(201, _changes_out(request, made))


def _judge_out(judge: Any) -> schemas.JudgeOut:
    return schemas.JudgeOut(
        user=judge.user.code, name=judge.user.display_name, appointed_at=judge.appointed_at
    )
