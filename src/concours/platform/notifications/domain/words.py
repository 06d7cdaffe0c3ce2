"""What a notification says to its reader: made for each reading from what they may see then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from concours.platform.competitions.enums import PhaseKind
from concours.platform.core.moments import written_with_zone
from concours.platform.core.text import localised
from concours.platform.notifications.domain.subjects import seen_by
from concours.platform.notifications.domain.table import LINES
from concours.platform.notifications.models import Notification


@dataclass(frozen=True, kw_only=True)
class Told:
    """A notification in words. Where its reader may no longer see it, `path` is empty."""

    notification: Notification
    title: str
    text: str
    path: str
    hidden: bool = False


def told_to(user: Any, notifications: Sequence[Notification]) -> list[Told]:
    """Those notifications of `user` in words of the active language and time zone."""
    seen = seen_by(user, {one.subject for one in notifications})
    return [_told(one, seen.get(one.subject)) for one in notifications]


def _told(notification: Notification, subject: Any | None) -> Told:
    line = LINES.get(notification.verb)
    if subject is None or line is None:
        return Told(
            notification=notification,
            title=_("This is no longer yours to see"),
            text=_("What it was about was withdrawn or hidden since."),
            path="",
            hidden=True,
        )
    values = _values_of(subject) | _phase_of(subject, notification.detail)
    return Told(
        notification=notification,
        title=_one_line(str(line.title) % values),
        text=str(line.text) % values,
        path=_path_of(notification, subject),
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _values_of(subject: Any) -> dict[str, Any]:
    """What the words may say of the subject; titles that people wrote come as they are."""
    row = getattr(subject, "submission", subject)
    entry = getattr(row, "entry", row)
    track = _track_of(subject)
    values: dict[str, Any] = {
        "track": localised(track, "title") if track is not None else "",
        "season": getattr(subject, "season", ""),
        "entry": getattr(entry, "title", ""),
        "number": getattr(row, "number", ""),
        "team": getattr(getattr(subject, "team", subject), "name", ""),
        "appeal": getattr(subject, "subject", ""),
        "proposal": getattr(subject, "topic", ""),
        "project": getattr(getattr(subject, "review", subject), "project", ""),
        "donation": localised(subject, "name") if hasattr(subject, "name_zh") else "",
    }
    for name, column in (
        ("opens", "opens_at"),
        ("closes", "closes_at"),
        ("decide_by", "decide_by"),
    ):
        moment = getattr(subject, column, None)
        values[name] = written_with_zone(moment) if moment else ""
    return values


def _phase_of(subject: Any, kind: str) -> dict[str, str]:
    """The phase of that kind, as it is planned now."""
    if kind not in PhaseKind.values:
        return {"phase": "", "phase_ends": ""}
    ends = [phase.ends_at for phase in subject.phases.all() if phase.kind == kind]
    return {
        "phase": str(PhaseKind(kind).label),
        "phase_ends": written_with_zone(ends[-1]) if ends else "",
    }


def _track_of(subject: Any) -> Any | None:
    if subject._meta.model_name == "track":
        return subject
    row = getattr(subject, "submission", subject)
    row = getattr(row, "entry", row)
    row = getattr(row, "pool", row)
    return getattr(row, "track", None)


def _path_of(notification: Notification, subject: Any) -> str:
    """The page that the notification leads to."""
    sort = notification.subject.partition(":")[0]
    if sort in _ALONE:
        return reverse(_ALONE[sort])
    if sort == "submission":
        return reverse("competitions:submissions", args=[subject.entry.code])
    if sort in _BY_PROJECT:
        return reverse(_BY_PROJECT[sort], args=[subject.project.slug])
    if sort in _BY_CODE:
        return reverse(_BY_CODE[sort], args=[subject.code])
    if sort == "webhook":
        return reverse("webhooks:webhook", args=[subject.season.slug, subject.code])
    track = _track_of(subject)
    if track is None:
        return ""
    place = [track.season.slug, track.slug]
    if sort in _BELOW_TRACK:
        return reverse(_BELOW_TRACK[sort], args=[*place, subject.code])
    return reverse(_PAGE_OF_TRACK.get(notification.verb, "competitions:track"), args=place)


_ALONE = {
    "user": "accounts:sessions",
    "invitation": "competitions:teams",
    "reviewround": "review:mine",
    "mentor": "incubation:mine",
}
_BY_PROJECT = {"incubation": "incubation:project", "mentoring": "incubation:project"}
_BY_CODE = {
    "team": "competitions:team",
    "entry": "competitions:entry",
    "trackproposal": "competitions:proposal",
    "evaluation": "evaluations:run",
    "payout": "awards:won",
    "vote": "governance:vote",
    "donation": "donations:donation",
    "handover": "handover:handover",
    "periodicreport": "incubation:report",
    "annualreview": "incubation:review",
    "credential": "profiles:credential",
}
_BELOW_TRACK = {"appeal": "appeals:appeal", "changeset": "appeals:change-set"}
_PAGE_OF_TRACK = {
    "standings.published": "review:standings",
    "result.published": "awards:result",
    "board.sources-published": "leaderboards:sources",
}
