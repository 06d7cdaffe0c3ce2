"""A draft of changes: what is to change, taken together. Nothing published is touched here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.appeals.domain.words import needed
from concours.platform.appeals.enums import (
    ENTRY_KINDS,
    JURY_KINDS,
    REVIEW_KINDS,
    ChangeKind,
    ChangeState,
)
from concours.platform.appeals.models import Appeal, Change, ChangeSet
from concours.platform.awards import domain as awards
from concours.platform.competitions.enums import EntryState
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.core.wording import one_line
from concours.platform.record import domain as record
from concours.platform.review import domain as review

MOST_TITLE = 200
MOST_REASON = 5_000
MOST_CHANGES = 200
MOST_POINTS_MILLI = 100_000


@transaction.atomic
def draft_changes(
    *,
    actor: Any,
    track: Any,
    title: str,
    reason: str,
    appeal: Appeal | None = None,
    reverses: ChangeSet | None = None,
) -> ChangeSet:
    """Begin a set of changes, for the appeal that asks for it if there is one.

    Raises Refused without title or reasons, and for an appeal of another track.
    """
    track = lock(track)
    require(actor, "appeals.stage_changes", track)
    title = one_line(title, most=MOST_TITLE)
    if not title:
        raise Refused("empty", _("Give the changes a title."))
    if appeal is not None and appeal.track_id != track.pk:
        raise Refused("other-track", _("This appeal is of another track."))
    made = ChangeSet.objects.create(
        track=track,
        appeal=appeal,
        reverses=reverses,
        title=title,
        reason=needed(reason, most=MOST_REASON),
        drafted_by=actor if actor.pk is not None else None,
        drafted_at=clock.now(),
    )
    note(
        actor=actor,
        verb="changes.drafted",
        change_set=made,
        appeal=appeal.code if appeal else "",
        reverses=reverses.code if reverses else "",
    )
    return made


@transaction.atomic
def add_change(
    *,
    actor: Any,
    change_set: ChangeSet,
    kind: ChangeKind,
    entry: Any,
    alias: str = "",
    scores: Mapping[str, int] | None = None,
    juror: Any = None,
    points_milli: int | None = None,
) -> Change:
    """Add a change to a draft; a preview made before is void.

    Reviews are named by `entry` and the reviewer's `alias`, jurors by their account. Raises Refused
    for what is not there, points out of range, and a second change of the same.
    """
    change_set = lock_draft(actor, change_set)
    if entry.track_id != change_set.track_id:
        raise Refused("other-track", _("This entry is of another track."))
    alias = alias.strip().upper() if kind in REVIEW_KINDS else ""
    _require_new(change_set, kind=kind, entry=entry, alias=alias, juror=juror)
    change = Change(change_set=change_set, kind=kind, entry=entry, alias=alias)
    if kind in REVIEW_KINDS:
        _of_review(change, scores)
    elif kind in JURY_KINDS:
        _of_jury(change, juror, points_milli)
    else:
        _require_entry_state(change)
    change.save()
    _void_preview(change_set)
    # The record tells that the draft changed, and what it was when it is applied: not before.
    note(actor=actor, verb="changes.edited", change_set=change_set)
    return change


@transaction.atomic
def drop_change(*, actor: Any, change: Change) -> ChangeSet:
    """Take a change out of a draft; a preview made before is void."""
    change_set = lock_draft(actor, change.change_set)
    Change.objects.filter(pk=change.pk, change_set=change_set).delete()
    _void_preview(change_set)
    note(actor=actor, verb="changes.edited", change_set=change_set)
    return change_set


@transaction.atomic
def cancel_changes(*, actor: Any, change_set: ChangeSet) -> ChangeSet:
    """Give a draft up, whole; it is kept to be looked at."""
    change_set = lock_draft(actor, change_set)
    change_set.state, change_set.ended_at = ChangeState.CANCELLED, clock.now()
    change_set.ended_by = actor if actor.pk is not None else None
    change_set.save(update_fields=["state", "ended_at", "ended_by"])
    note(actor=actor, verb="changes.cancelled", change_set=change_set)
    return change_set


def lock_draft(actor: Any, change_set: ChangeSet) -> ChangeSet:
    """The draft as it is now, locked with its track; Refused where it has ended."""
    track = lock(change_set.track)
    change_set = lock(change_set)
    change_set.track = track
    require(actor, "appeals.apply_changes", change_set)
    if change_set.state != ChangeState.DRAFT:
        raise Refused("not-a-draft", _("These changes are no draft any more."))
    return change_set


def note(*, actor: Any, verb: str, change_set: ChangeSet, **data: Any) -> None:
    """The event of a change set."""
    record.append(
        actor=actor,
        verb=verb,
        subject=change_set,
        season=change_set.track.season.slug,
        data={"track": change_set.track.slug, **data},
    )


def _of_review(change: Change, scores: Mapping[str, int] | None) -> None:
    round_ = review.round_of(track=change.entry.track)
    if round_ is None:
        raise Refused("no-such-review", _("This track has no peer review."))
    found = review.counting_reviews(round=round_, entry=change.entry)
    if change.alias not in {one.alias for one in found}:
        raise Refused(
            "no-such-review",
            _("Reviewer %(alias)s has no review of this entry.") % {"alias": change.alias},
        )
    if change.kind == ChangeKind.CORRECT:
        change.scores = review.checked_scores(round_.params["criteria"], scores or {})


def _of_jury(change: Change, juror: Any, points_milli: int | None) -> None:
    serving = {one.user_id for one in awards.jurors_of(track=change.entry.track)}
    if juror is None or juror.pk not in serving:
        raise Refused("juror-removed", _("This person is no longer of the jury."))
    change.juror = juror
    if change.kind == ChangeKind.JURY_OWN:
        return
    if points_milli is None or not 0 <= points_milli <= MOST_POINTS_MILLI:
        raise Refused("score-out-of-range", _("A score is between 0 and 100."))
    change.points_milli = points_milli


def _require_entry_state(change: Change) -> None:
    disqualify = change.kind == ChangeKind.DISQUALIFY
    if change.entry.state != (EntryState.ENTERED if disqualify else EntryState.DISQUALIFIED):
        raise Refused(
            "not-entered" if disqualify else "not-disqualified",
            _("The entry is out already.") if disqualify else _("The entry is not disqualified."),
        )


def _require_new(
    change_set: ChangeSet, *, kind: ChangeKind, entry: Any, alias: str, juror: Any
) -> None:
    changes = change_set.changes.all()
    if changes.count() >= MOST_CHANGES:
        raise Refused(
            "too-many-changes",
            _("A set has at most %(most)d changes.") % {"most": MOST_CHANGES},
        )
    same = next(kinds for kinds in (REVIEW_KINDS, JURY_KINDS, ENTRY_KINDS) if kind in kinds)
    already = changes.filter(entry=entry, kind__in=same, alias=alias)
    if kind in JURY_KINDS:
        already = already.filter(juror=juror)
    if already.exists():
        raise Refused("changed-already", _("The set changes this already; take that out first."))


def _void_preview(change_set: ChangeSet) -> None:
    change_set.preview, change_set.preview_digest = {}, ""
    change_set.save(update_fields=["preview", "preview_digest"])
