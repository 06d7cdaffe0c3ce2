"""A track, its rules and its entries, for everyone."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from concours.platform.competitions import domain
from concours.platform.competitions.enums import EntryState, TrackState
from concours.platform.competitions.interfaces.support import (
    pager,
    the_track,
    track_trail,
    track_url,
)
from concours.platform.competitions.models import Entry, RulesVersion, Track
from concours.platform.competitions.rules import member_team_ids, visible_entries
from concours.platform.core import clock
from concours.platform.core.access import permitted
from concours.platform.core.cursor import page_after
from concours.platform.core.text import localised
from concours.platform.web.interfaces.shared import cursor_of

ENTRIES_A_PAGE = 50
FIRST_ENTRIES = 8
PRIZES = ["awards/parts/track_prizes.html", "competitions/parts/nothing.html"]
"""The awards app shows a track's prizes here where it has something to show."""


@dataclass(frozen=True)
class Step:
    """Something the reader may do in the track now; `href` is empty for a mere fact."""

    text: str
    href: str = ""
    action: str = ""
    until: datetime | None = None


@dataclass(frozen=True)
class EntryRow:
    """An entry as listed: `team` is empty where its name is not the reader's to know."""

    entry: Entry
    team: str
    mine: bool


@require_safe
def track(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = the_track(request, season, track)
    listed = visible_entries(request.user).filter(track=found)
    mine = list(listed.filter(team_id__in=member_team_ids(request.user)).select_related("team"))
    rules = domain.current_rules(found)
    first = listed.select_related("team").order_by("pk")[:FIRST_ENTRIES]
    rows = entry_rows(request.user, first, found)
    return render(
        request,
        "competitions/track.html",
        {
            "track": found,
            "trail": [*track_trail(found)[:2], ("", found)],
            "phases": found.phases.all(),
            "steps": _steps(request.user, found, mine),
            "mine": mine,
            "rules": rules,
            "rules_text": localised(rules, "text") if rules else "",
            "total_weight": found.weight_machine + found.weight_peer + found.weight_jury,
            "rows": rows,
            "named": any(row.team for row in rows),
            "entry_count": listed.filter(state=EntryState.ENTERED).count(),
            "organises": permitted(request.user, "competitions.run_track", found),
            "prize_slots": PRIZES,
        },
    )


def entry_rows(user: Any, entries: Iterable[Entry], track: Track) -> list[EntryRow]:
    """Entries, with the team's name where `user` may know it. No query an entry."""
    own = member_team_ids(user)
    rows = []
    for entry in entries:
        entry.track = track
        named = permitted(user, "competitions.view_entry_name", entry)
        rows.append(EntryRow(entry, entry.team.name if named else "", entry.team_id in own))
    return rows


def _steps(user: Any, track: Track, mine: list[Entry]) -> list[Step]:
    moment, phase = clock.now(), track.phase
    if track.state == TrackState.DRAFT:
        return [Step(_("The track is in preparation; it starts later."), until=track.starts_at)]
    steps = [
        Step(
            _("Your entry “%(title)s” is in.") % {"title": entry.title},
            href=reverse("competitions:entry", args=[entry.code]),
            action=_("Open your entry"),
        )
        for entry in mine
        if entry.state == EntryState.ENTERED
    ]
    if track.state == TrackState.STARTED:
        steps += _registration(track, moment, entered=bool(steps))
        if phase is not None and phase.may_submit and phase.runs_at(moment):
            steps.append(Step(_("Teams submit their work."), until=phase.ends_at))
        if phase is not None and phase.may_review and phase.runs_at(moment):
            steps.append(_reviews(_("Named reviewers review the entries of others.")))
    if permitted(user, "competitions.view_scores", track):
        steps.append(Step(_("Scores are public.")))
    return steps or [Step(_("Nothing is asked of teams now."))]


def _registration(track: Track, moment: datetime, *, entered: bool) -> list[Step]:
    if moment < track.registration_opens_at:
        return [Step(_("Registration opens later."), until=track.registration_opens_at)]
    if moment >= track.registration_closes_at:
        return [Step(_("Registration has closed."))]
    if entered:
        return []
    return [
        Step(
            _("Registration is open."),
            href=track_url(track, "enter"),
            action=_("Enter this track"),
            until=track.registration_closes_at,
        )
    ]


def _reviews(text: str) -> Step:
    try:
        return Step(text, href=reverse("review:mine"), action=_("Go to your reviews"))
    except NoReverseMatch:
        return Step(text)


@require_safe
def entries(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = the_track(request, season, track)
    page = page_after(
        visible_entries(request.user).filter(track=found).select_related("team"),
        field="pk",
        after=cursor_of(request),
        size=ENTRIES_A_PAGE,
    )
    rows = entry_rows(request.user, page.items, found)
    return render(
        request,
        "competitions/entries.html",
        {
            "track": found,
            "trail": track_trail(found, ("", _("Entries"))),
            "rows": rows,
            **pager(page),
            "named": any(row.team for row in rows),
        },
    )


@require_safe
def rules(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = the_track(request, season, track)
    versions = list(_readable_rules(request.user, found))
    if not versions:
        raise Http404
    return _show_rules(request, found, versions[0], versions)


@require_safe
def rules_version(request: HttpRequest, season: str, track: str, number: int) -> HttpResponse:
    found = the_track(request, season, track)
    versions = list(_readable_rules(request.user, found))
    for version in versions:
        if version.number == number:
            return _show_rules(request, found, version, versions)
    raise Http404


def _readable_rules(user: Any, track: Track) -> Any:
    """Published versions, newest first; staff also read what waits for the start."""
    versions = track.rules_versions.order_by("-number")
    if permitted(user, "competitions.run_track", track):
        return versions
    return versions.filter(published_at__isnull=False)


def _show_rules(
    request: HttpRequest, track: Track, version: RulesVersion, versions: list[RulesVersion]
) -> HttpResponse:
    before = next((one for one in versions if one.number < version.number), None)
    return render(
        request,
        "competitions/rules.html",
        {
            "track": track,
            "version": version,
            "versions": versions,
            "before": before,
            "text": localised(version, "text"),
            "changes": changes(before, version) if before else [],
            "trail": track_trail(track, ("", _("Rules"))),
        },
    )


def changes(before: RulesVersion, after: RulesVersion) -> list[tuple[str, str]]:
    """The lines that differ, each with "added", "removed" or "" (unchanged, for context)."""
    signs = {"+": "added", "-": "removed", " ": ""}
    lines = difflib.unified_diff(
        localised(before, "text").splitlines(),
        localised(after, "text").splitlines(),
        lineterm="",
        n=1,
    )
    return [
        (signs[line[0]], line[1:])
        for line in list(lines)[2:]
        if line[:1] in signs and line[1:].strip()
    ]
