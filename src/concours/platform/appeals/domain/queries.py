"""Appeals and changes as a reader may see them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from concours.platform.appeals.domain.windows import Window, window_of
from concours.platform.appeals.enums import (
    ENDED_STATES,
    JURY_KINDS,
    OPEN_STATES,
    AppealState,
    ChangeState,
    Outcome,
)
from concours.platform.appeals.models import Appeal, Attachment, Change, ChangeSet
from concours.platform.appeals.rules import visible_appeals, visible_change_sets
from concours.platform.core.access import permitted


@dataclass(frozen=True, kw_only=True)
class ShownAppeal:
    """An appeal for one reader. Where it is not `whole`, only what follows is theirs: kind, entry,
    state, outcome and the written decision. `team` and `judge` are "" where names are hidden."""

    appeal: Appeal
    whole: bool
    own: bool
    team: str
    judge: str
    attachments: tuple[Attachment, ...]

    @property
    def subject(self) -> str:
        return self.appeal.subject if self.whole else ""

    @property
    def reason(self) -> str:
        return self.appeal.reason if self.whole else ""

    @property
    def about(self) -> str:
        return self.appeal.about if self.whole else ""

    @property
    def hearing(self) -> str:
        return self.appeal.hearing if self.whole else ""


@dataclass(frozen=True, kw_only=True)
class ShownChange:
    """A change for one reader; who the juror is, is for organisers."""

    change: Change
    juror: str


def appeals_by_end(*, user: Any, track: Any) -> dict[str, int]:
    """How many of the track's appeals that `user` may see ended how, by outcome or "dismissed"."""
    ended = visible_appeals(user).filter(track=track, state__in=ENDED_STATES)
    counted = Counter(outcome or state for state, outcome in ended.values_list("state", "outcome"))
    return {str(name): counted[name] for name in (*Outcome, AppealState.DISMISSED)}


def applied_changes(*, user: Any, track: Any) -> int:
    """How many sets of changes that `user` may see were applied in the track."""
    return visible_change_sets(user).filter(track=track, state=ChangeState.APPLIED).count()


@dataclass(frozen=True, kw_only=True)
class Unsettled:
    """What may still move a track's result: open appeals, drafted changes, a window to come."""

    appeals: int
    drafts: int
    window: Window | None

    def __bool__(self) -> bool:
        return bool(self.appeals or self.drafts or self.window)


def unsettled(*, track: Any) -> Unsettled:
    """What of appeals is not over in the track, whoever asks; false where nothing is."""
    window = window_of(track=track)
    return Unsettled(
        appeals=Appeal.objects.filter(track=track, state__in=OPEN_STATES).count(),
        drafts=ChangeSet.objects.filter(track=track, state=ChangeState.DRAFT).count(),
        window=window if window is not None and not window.over else None,
    )


def with_parts(appeals: Any) -> Any:
    """Appeals with all that `appeals_shown` reads, in two queries."""
    return appeals.select_related(
        "track__season",
        "track__phase",
        "entry__team",
        "entry__track__season",
        "entry__track__phase",
        "ended_by",
    ).prefetch_related("attachments")


def appeals_shown(*, user: Any, appeals: Iterable[Appeal]) -> list[ShownAppeal]:
    """Those appeals as `user` may read them; they come from `rules.visible_appeals`."""
    return [_shown(user, appeal) for appeal in appeals]


def changes_shown(*, user: Any, change_set: ChangeSet) -> list[ShownChange]:
    """The changes of a set that `user` may see."""
    staff = permitted(user, "appeals.apply_changes", change_set)
    return [
        ShownChange(
            change=change,
            juror=change.juror.display_name
            if staff and change.kind in JURY_KINDS and change.juror
            else "",
        )
        for change in change_set.changes.select_related("entry", "juror")
    ]


def _shown(user: Any, appeal: Appeal) -> ShownAppeal:
    entry = appeal.entry
    whole = permitted(user, "appeals.read_whole", appeal)
    phase = appeal.track.phase
    names = phase is not None and phase.names_visible
    told = names or permitted(user, "appeals.see_judges", appeal)
    return ShownAppeal(
        appeal=appeal,
        whole=whole,
        own=user.pk is not None and permitted(user, "appeals.withdraw", appeal),
        team=entry.team.name if permitted(user, "competitions.view_entry_name", entry) else "",
        judge=appeal.ended_by.display_name if told and appeal.ended_by else "",
        attachments=tuple(appeal.attachments.all()) if whole else (),
    )
