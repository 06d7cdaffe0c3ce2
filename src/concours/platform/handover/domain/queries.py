"""Handovers and dossiers as pages, the API and the command line read them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from concours.platform.awards.domain import Win, win_of, winners_in
from concours.platform.competitions.enums import EntryState
from concours.platform.handover.enums import HandoverState
from concours.platform.handover.models import Dossier, Handover, MemberWish, ReviewLeave
from concours.platform.handover.rules import visible_handovers
from concours.platform.review.domain.onward import onward_reviews


@dataclass(frozen=True, kw_only=True)
class DeskRow:
    """A winner with its handover, if one was begun; `leaves` of `reviews` may go along."""

    win: Win
    handover: Handover | None
    reviews: int
    leaves: int


def desk_rows(*, track: Any) -> list[DeskRow]:
    """The track's winners, best first, those out of the competition left out."""
    wins = [one for one in winners_in(track=track) if one.entry.state == EntryState.ENTERED]
    held = {
        one.entry_id: one
        for one in Handover.objects.filter(entry__in=[win.entry for win in wins])
        .select_related("project")
        .order_by("pk")
    }
    return [_desk_row(win, held.get(win.entry.pk)) for win in wins]


def live_handover(*, user: Any, entry: Any) -> Handover | None:
    """The entry's handover that `user` may see and that was not taken back."""
    rows = visible_handovers(user).filter(entry=entry).exclude(state=HandoverState.TAKEN_BACK)
    return rows.select_related("project").first()


def dossier_of(*, user: Any, project: Any) -> Dossier | None:
    """The dossier by which the project came in, if `user` may see it."""
    rows = visible_handovers(user).filter(project=project, state=HandoverState.DONE)
    handover = rows.select_related("entry__track__season", "dossier").first()
    return None if handover is None else handover.dossier


def parts_of(dossier: Dossier) -> dict[str, Any]:
    """The dossier's content, read."""
    parts: dict[str, Any] = json.loads(dossier.content)
    return parts


def own_wish(*, user: Any, handover: Handover) -> MemberWish | None:
    return MemberWish.objects.filter(handover=handover, user_id=user.pk).first()


def leave_given(*, user: Any, handover: Handover) -> bool:
    """Whether the reader's own reviews of the entry go along."""
    rows = ReviewLeave.objects.filter(handover=handover, withdrawn_at__isnull=True)
    return user.pk is not None and rows.filter(reviewer_id=user.pk).exists()


def replaced_since(dossier: Dossier) -> bool:
    """Whether the track's published result is no longer the one that the dossier tells of."""
    win = win_of(entry=dossier.handover.entry)
    told: str = parts_of(dossier)["result"]["inputs_digest"]
    return win is None or win.result.inputs_digest != told


def reviewers_of(handover: Handover) -> set[int]:
    """Those whose leave a dossier would need: for telling them, never for showing them."""
    return {one.reviewer_id for one in onward_reviews(entry=handover.entry)}


def _desk_row(win: Win, handover: Handover | None) -> DeskRow:
    reviews = onward_reviews(entry=win.entry)
    given = (
        handover.leaves.filter(
            withdrawn_at__isnull=True, duty__in=[one.duty for one in reviews]
        ).count()
        if handover is not None
        else 0
    )
    return DeskRow(win=win, handover=handover, reviews=len(reviews), leaves=given)
