"""Where a change set leads: standings and result on changed inputs, nothing published touched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.appeals.domain.drafting import lock_draft, note
from concours.platform.appeals.domain.moves import moves_between, picture_of
from concours.platform.appeals.domain.words import digest_of
from concours.platform.appeals.enums import JURY_KINDS, REVIEW_KINDS, ChangeKind
from concours.platform.appeals.models import ChangeSet
from concours.platform.awards import domain as awards
from concours.platform.core.errors import Refused
from concours.platform.review import domain as review


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A change set as standings and result take it. `jury` by keys of entry and juror."""

    wanted: tuple[review.Wanted, ...]
    entering: frozenset[int]
    leaving: frozenset[int]
    jury: dict[tuple[int, int], int | None]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Where a change set leads. `standings` is None where they stay, `gathered` where no result
    can be computed: `missing` says why."""

    asked: Asked
    standings: review.Staged | None
    gathered: Any
    missing: str
    digest: str


def asked_by(change_set: ChangeSet) -> Asked:
    """The changes of the set. Raises Refused for a juror who was removed meanwhile."""
    jurors = {one.user_id: one.pk for one in awards.jurors_of(track=change_set.track)}
    changes = list(change_set.changes.all())
    jury: dict[tuple[int, int], int | None] = {}
    for one in changes:
        if one.kind in JURY_KINDS:
            if one.juror_id not in jurors:
                raise Refused("juror-removed", _("This person is no longer of the jury."))
            jury[one.entry_id, jurors[one.juror_id]] = one.points_milli
    return Asked(
        wanted=tuple(
            review.Wanted(
                entry_id=one.entry_id,
                alias=one.alias,
                struck=one.kind == ChangeKind.STRIKE,
                scores=one.scores,
            )
            for one in changes
            if one.kind in REVIEW_KINDS
        ),
        entering=_entries(changes, ChangeKind.REINSTATE),
        leaving=_entries(changes, ChangeKind.DISQUALIFY),
        jury=jury,
    )


def stage(change_set: ChangeSet) -> Stage:
    """Compute where the set leads. Raises Refused for an empty set, while nothing is published
    that could change, and as `review.stage_standings`. Costs what standings and result cost."""
    track = change_set.track
    asked = asked_by(change_set)
    if not (asked.wanted or asked.entering or asked.leaving or asked.jury):
        raise Refused("empty", _("There is no change in this set yet."))
    round_ = review.round_of(track=track)
    judged = bool(review.peer_results(track=track))
    if not judged and (asked.wanted or awards.published_result(track=track) is None):
        raise Refused("not-published", _("Nothing is published yet that these changes would move."))
    standings = None
    if round_ is not None and judged and (asked.wanted or asked.entering or asked.leaving):
        standings = review.stage_standings(
            round=round_, wanted=asked.wanted, entering=asked.entering, leaving=asked.leaving
        )
    gathered, missing = _gathered(track, asked, standings)
    digest = digest_of(
        {
            "standings": _name(standings) if standings else {},
            "result": gathered.digest if gathered else "",
        }
    )
    return Stage(
        asked=asked, standings=standings, gathered=gathered, missing=missing, digest=digest
    )


@transaction.atomic
def preview_changes(*, actor: Any, change_set: ChangeSet) -> ChangeSet:
    """Compute where the draft leads and who moves, and keep that with it. Refusals of `stage`."""
    change_set = lock_draft(actor, change_set)
    staged = stage(change_set)
    change_set.preview = picture_of(
        moves_between(track=change_set.track, staged=staged.standings, gathered=staged.gathered),
        missing=staged.missing,
        standings=staged.standings is not None,
    )
    change_set.preview_digest = staged.digest
    change_set.save(update_fields=["preview", "preview_digest"])
    note(actor=actor, verb="changes.previewed", change_set=change_set, digest=staged.digest)
    return change_set


def _gathered(track: Any, asked: Asked, standings: review.Staged | None) -> tuple[Any, str]:
    supposed = awards.Supposed(
        standings=standings.results if standings else review.peer_results(track=track),
        peer=_name(standings) if standings else awards.name_of(track),
        entering=asked.entering,
        leaving=asked.leaving,
        jury=asked.jury,
    )
    try:
        return awards.gather(track=track, supposed=supposed), ""
    except Refused as refusal:
        return None, str(refusal.message)


def _name(staged: review.Staged) -> dict[str, Any]:
    """As a result names the standings that it was computed from."""
    return {
        "snapshot": staged.number,
        "engine": staged.computed.engine,
        "inputs_digest": staged.inputs_digest,
        "result_digest": staged.computed.digest,
    }


def _entries(changes: list[Any], kind: ChangeKind) -> frozenset[int]:
    return frozenset(one.entry_id for one in changes if one.kind == kind)
