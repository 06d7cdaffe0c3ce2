"""What the API takes and gives for appeals and staged changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Field, Schema
from pydantic import StrictInt

from concours.platform.appeals.domain.queries import ShownAppeal, ShownChange
from concours.platform.appeals.enums import AppealKind, ChangeKind, Outcome
from concours.platform.appeals.models import ChangeSet

MOST = 10_000


class WindowOut(Schema):
    """Appeals are taken in opens_at <= now < closes_at."""

    opens_at: datetime
    closes_at: datetime
    decide_by: datetime
    open: bool


class AppealBody(Schema):
    entry: str
    kind: AppealKind
    about: str = Field("", max_length=12, description="The reviewer's alias, against a review.")
    subject: str = Field(max_length=200)
    reason: str = Field(max_length=MOST)


class ReasonBody(Schema):
    reason: str = Field(max_length=5_000)


class HearingBody(Schema):
    hearing: str = Field(max_length=MOST)


class DismissBody(Schema):
    decision: str = Field(max_length=MOST)
    decision_zh: str = Field("", max_length=MOST)


class DecideBody(DismissBody):
    outcome: Outcome


class AttachmentOut(Schema):
    code: str
    name: str
    size: int
    digest: str


class AppealOut(Schema):
    """Texts of the team, the hearing and files are empty for whoever may not read them; `team` and
    `judge` where names are not shown."""

    code: str
    track: str
    entry: str
    title: str
    team: str
    kind: str
    about: str
    subject: str
    reason: str
    state: str
    filed_at: datetime
    decide_by: datetime
    hearing: str
    outcome: str
    decision: str
    decision_zh: str
    judge: str
    ended_at: datetime | None
    attachments: list[AttachmentOut]


class JudgeBody(Schema):
    user: str = Field(description="The person's code.")


class JudgeOut(Schema):
    user: str
    name: str
    appointed_at: datetime


class ChangeSetBody(Schema):
    title: str = Field(max_length=200)
    reason: str = Field(max_length=5_000)
    appeal: str = Field("", description="Code of the appeal that asks for it.")


class ChangeBody(Schema):
    kind: ChangeKind
    entry: str
    alias: str = Field("", max_length=12, description="The reviewer's, for changes of a review.")
    scores: dict[str, StrictInt] = Field({}, description="Whole points by criterion.")
    juror: str = Field("", description="The juror's code, for changes of a jury score.")
    points_milli: int | None = Field(None, ge=0, le=100_000)


class ChangeOut(Schema):
    id: int
    kind: str
    entry: str
    alias: str
    scores: dict[str, int]
    juror: str
    points_milli: int | None


class ChangeSetOut(Schema):
    """`preview` says who moves; `before` and `after` name what was published, by digests."""

    code: str
    track: str
    title: str
    reason: str
    state: str
    appeal: str
    reverses: str
    changes: list[ChangeOut]
    preview: dict[str, Any]
    preview_digest: str
    before: dict[str, Any]
    after: dict[str, Any]
    drafted_at: datetime
    ended_at: datetime | None


class SignBody(Schema):
    """`expected` is the digest of the preview that is signed; a password, or the set's code for
    accounts without one."""

    expected: str = Field(max_length=64)
    password: str = Field("", max_length=200)
    code: str = Field("", max_length=20)


def appeal_out(shown: ShownAppeal) -> AppealOut:
    appeal = shown.appeal
    return AppealOut(
        code=appeal.code,
        track=appeal.track.code,
        entry=appeal.entry.code,
        title=appeal.entry.title,
        team=shown.team,
        kind=appeal.kind,
        about=shown.about,
        subject=shown.subject,
        reason=shown.reason,
        state=appeal.state,
        filed_at=appeal.filed_at,
        decide_by=appeal.decide_by,
        hearing=shown.hearing,
        outcome=appeal.outcome,
        decision=appeal.decision,
        decision_zh=appeal.decision_zh,
        judge=shown.judge,
        ended_at=appeal.ended_at,
        attachments=[AttachmentOut.from_orm(file) for file in shown.attachments],
    )


def change_set_out(change_set: ChangeSet, rows: list[ShownChange], *, appeal: str) -> ChangeSetOut:
    """`appeal` is the code of the appeal behind it, where the reader may know of it."""
    return ChangeSetOut(
        code=change_set.code,
        track=change_set.track.code,
        title=change_set.title,
        reason=change_set.reason,
        state=change_set.state,
        appeal=appeal,
        reverses=change_set.reverses.code if change_set.reverses else "",
        changes=[_change_out(row) for row in rows],
        preview=change_set.preview,
        preview_digest=change_set.preview_digest,
        before=change_set.before,
        after=change_set.after,
        drafted_at=change_set.drafted_at,
        ended_at=change_set.ended_at,
    )


def _change_out(row: ShownChange) -> ChangeOut:
    change = row.change
    return ChangeOut(
        id=change.pk,
        kind=change.kind,
        entry=change.entry.code,
        alias=change.alias,
        scores=change.scores or {},
        juror=row.juror,
        points_milli=change.points_milli if row.juror else None,
    )
