"""Applying a change set as one signed act, and drafting its reverse."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.appeals.domain.drafting import add_change, draft_changes, lock_draft, note
from concours.platform.appeals.domain.signing import Signature, require_signature
from concours.platform.appeals.domain.staging import Stage, stage
from concours.platform.appeals.enums import (
    ENTRY_KINDS,
    JURY_KINDS,
    REVIEW_KINDS,
    ChangeKind,
    ChangeState,
)
from concours.platform.appeals.models import Change, ChangeSet
from concours.platform.awards import domain as awards
from concours.platform.competitions import domain as competitions
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.review import domain as review

REVERSE = {
    ChangeKind.DISQUALIFY: ChangeKind.REINSTATE,
    ChangeKind.REINSTATE: ChangeKind.DISQUALIFY,
}


@transaction.atomic
def apply_changes(
    *, actor: Any, change_set: ChangeSet, expected: str, signature: Signature
) -> ChangeSet:
    """Put the set's standings and result in place of the published ones: all of it or nothing.

    `expected` is the digest of the preview that the signer saw. Earlier standings, results and
    awards are kept; the money of awards is taken back and given anew. One event holds the digests
    of before and after, with all inputs, so that the record alone is enough to compute both again;
    entries that come in or go out and payouts have their own events beside it. Raises Refused for
    a signer who is of an entry in the track, a wrong signature, without that preview, when anything
    has changed since, where a published result could not be computed any more, and where money was
    paid that an entry does not win any more.
    """
    change_set = lock_draft(actor, change_set)
    _require_outsider(actor, change_set.track)
    _lock_what_it_moves(change_set)
    require_signature(actor=actor, code=change_set.code, signature=signature)
    staged = _staged(change_set, expected)
    track = change_set.track
    before = _names(track)
    _keep_before(change_set)
    _move_entries(actor, change_set)
    snapshot = (
        review.amend_standings(actor=actor, staged=staged.standings) if staged.standings else None
    )
    seals = _correct_jury(actor, change_set)
    result = awards.supersede_result(actor=actor, track=track)
    if result is not None and result.inputs_digest != staged.gathered.digest:
        raise _changed()
    after = _names(track)
    change_set.before, change_set.after = before, after
    change_set.state, change_set.ended_at = ChangeState.APPLIED, clock.now()
    change_set.ended_by = actor if actor.pk is not None else None
    change_set.save(update_fields=["before", "after", "state", "ended_at", "ended_by"])
    note(
        actor=actor,
        verb="changes.applied",
        change_set=change_set,
        appeal=change_set.appeal.code if change_set.appeal else "",
        reverses=change_set.reverses.code if change_set.reverses else "",
        preview_digest=staged.digest,
        changes=[_as_data(change) for change in change_set.changes.select_related("entry")],
        jury_seals=seals,
        before=before,
        after=after,
        standings=review.published_inputs(snapshot=snapshot) if snapshot else {},
        result=json.loads(result.inputs) if result else {},
    )
    return change_set


@transaction.atomic
def reverse_changes(*, actor: Any, change_set: ChangeSet, reason: str) -> ChangeSet:
    """Draft the changes that undo an applied set: previewed and signed like any other.

    Raises Refused for a set that is not applied or is being reversed already, and while a later
    set has changed the same: that one is reversed first.
    """
    require(actor, "appeals.apply_changes", change_set)
    if change_set.state != ChangeState.APPLIED:
        raise Refused("not-applied", _("Only applied changes can be reversed."))
    if change_set.reversals.exclude(state=ChangeState.CANCELLED).exists():
        raise Refused("reversed-already", _("There is a reversal of these changes already."))
    changes = list(change_set.changes.select_related("entry__track", "juror"))
    if any(_changed_later(change) for change in changes):
        raise Refused(
            "changed-later", _("A later set has changed the same. Reverse that one first.")
        )
    made = draft_changes(
        actor=actor,
        track=change_set.track,
        title=str(_("Reversal: %(title)s") % {"title": change_set.title})[:200],
        reason=reason,
        appeal=change_set.appeal,
        reverses=change_set,
    )
    for change in changes:
        add_change(
            actor=actor,
            change_set=made,
            kind=ChangeKind(change.before["kind"]),
            entry=change.entry,
            alias=change.alias,
            scores=change.before.get("scores"),
            juror=change.juror,
            points_milli=change.before.get("points_milli"),
        )
    return made


def _lock_what_it_moves(change_set: ChangeSet) -> None:
    """Before the record's head, which the first event takes."""
    keys = set(change_set.changes.values_list("entry_id", flat=True))
    competitions.lock_entries(track=change_set.track, keys=keys)
    round_ = review.round_of(track=change_set.track)
    if round_ is not None:
        review.lock_round(round_)
    awards.lock_books(change_set.track_id)


def _require_outsider(actor: Any, track: Any) -> None:
    if actor.pk is not None and awards.takes_part(user=actor, track=track):
        raise Refused("takes-part", _("You are of an entry in this track; others apply changes."))


def _staged(change_set: ChangeSet, expected: str) -> Stage:
    if not change_set.preview_digest or change_set.preview_digest != expected:
        raise Refused(
            "preview-needed", _("Look at a fresh preview of these changes, and sign that one.")
        )
    staged = stage(change_set)
    if staged.digest != expected:
        raise _changed()
    if staged.gathered is None and awards.published_result(track=change_set.track) is not None:
        raise Refused(
            "result-incomplete",
            _("The published result could not be computed any more. %(why)s")
            % {"why": staged.missing},
        )
    return staged


def _changed() -> Refused:
    return Refused(
        "inputs-changed", _("Something has changed since this preview. Compute it again.")
    )


def _names(track: Any) -> dict[str, Any]:
    """What is published, by digests."""
    result = awards.published_result(track=track)
    return {
        "standings": awards.name_of(track),
        "result": {"number": result.number, "inputs_digest": result.inputs_digest}
        if result
        else {},
    }


def _keep_before(change_set: ChangeSet) -> None:
    """Note with each change what counted until now: its reverse leads back there."""
    corrected = awards.corrected_scores(track=change_set.track)
    jurors: dict[int | None, int] = {
        one.user_id: one.pk for one in awards.jurors_of(track=change_set.track)
    }
    for change in change_set.changes.select_related("entry__track"):
        kind = ChangeKind(change.kind)
        if kind in ENTRY_KINDS:
            change.before = {"kind": str(REVERSE[kind])}
        elif kind in JURY_KINDS:
            points = corrected.get((change.entry_id, jurors[change.juror_id]))
            change.before = (
                {"kind": str(ChangeKind.JURY_OWN)}
                if points is None
                else {"kind": str(ChangeKind.JURY), "points_milli": points}
            )
        else:
            change.before = _counted(change)
        change.save(update_fields=["before"])


def _counted(change: Change) -> dict[str, Any]:
    round_ = review.round_of(track=change.entry.track)
    found = review.counting_reviews(round=round_, entry=change.entry) if round_ else []
    counting = next(one for one in found if one.alias == change.alias)
    if counting.struck:
        return {"kind": str(ChangeKind.STRIKE)}
    if counting.amended:
        return {"kind": str(ChangeKind.CORRECT), "scores": counting.scores}
    return {"kind": str(ChangeKind.RESTORE)}


def _move_entries(actor: Any, change_set: ChangeSet) -> None:
    for change in change_set.changes.select_related("entry__track"):
        if change.kind == ChangeKind.DISQUALIFY:
            competitions.disqualify_entry(actor=actor, entry=change.entry, reason=change_set.reason)
        elif change.kind == ChangeKind.REINSTATE:
            competitions.reinstate_entry(actor=actor, entry=change.entry, reason=change_set.reason)


def _correct_jury(actor: Any, change_set: ChangeSet) -> list[str]:
    """Let the corrections count; their seals."""
    jurors: dict[int | None, Any] = {
        one.user_id: one for one in awards.jurors_of(track=change_set.track)
    }
    return [
        awards.correct_jury_score(
            actor=actor,
            entry=change.entry,
            juror=jurors[change.juror_id],
            points_milli=change.points_milli,
        ).seal
        for change in change_set.changes.filter(kind__in=JURY_KINDS).select_related("entry__track")
    ]


def _as_data(change: Change) -> dict[str, Any]:
    """A change as the record holds it: no juror, no juror's points, no duty's code."""
    return {
        "kind": str(change.kind),
        "entry": change.entry.code,
        "alias": change.alias,
        "scores": change.scores or {},
    }


def _changed_later(change: Change) -> bool:
    kind = ChangeKind(change.kind)
    same = next(kinds for kinds in (REVIEW_KINDS, JURY_KINDS, ENTRY_KINDS) if kind in kinds)
    return (
        Change.objects.filter(
            change_set__state=ChangeState.APPLIED,
            change_set__ended_at__gt=change.change_set.ended_at,
            entry=change.entry,
            kind__in=same,
            alias=change.alias,
            juror=change.juror,
        )
        .exclude(change_set=change.change_set)
        .exists()
    )
