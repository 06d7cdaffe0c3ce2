"""Places and awards that people may show: of published results, where teams are named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from concours.platform.accounts.domain.deeds import Deed, Recorded, Section, recorded
from concours.platform.awards.enums import ResultState
from concours.platform.awards.models import Award, Result, ResultLine
from concours.platform.awards.rules import visible_results
from concours.platform.competitions.domain.permissions import visible_entries
from concours.platform.core.access import permitted
from concours.platform.record import domain as record

_PUBLIC = AnonymousUser()


def entries_of(user: Any) -> Iterator[Deed]:
    """The entries that `user` took part with, with their places, the newest first."""
    lines = list(_shown(ResultLine.objects.all(), user))
    events = _events({line.result for line in lines})
    for line in lines:
        result, entry = line.result, line.entry
        if not events[result.pk]:
            continue
        total = int(result.formula["entries"])
        told = {"place": line.place, "total": total, "team": entry.team.name}
        yield _deed(
            line,
            events=events[result.pk],
            title=entry.title,
            detail=_("Place %(place)d of %(total)d, with the team “%(team)s”") % told,
            data={"entry": entry.title, "place": line.place, "of": total, "tied": line.tied},
        )


def awards_of(user: Any) -> Iterator[Deed]:
    """The awards that entries of `user` won, the newest first. Money is not told."""
    awards = list(_shown(Award.objects.all(), user))
    events = _events({award.result for award in awards})
    for award in awards:
        if not events[award.result_id]:
            continue
        told = {"entry": award.entry.title, "team": award.entry.team.name}
        yield _deed(
            award,
            events=events[award.result_id],
            title=str(award),
            detail=_("For “%(entry)s”, with the team “%(team)s”") % told,
            data={"award": award.title, "entry": award.entry.title, "place": award.place},
        )


def _shown(rows: Any, user: Any) -> Iterable[Any]:
    """What everybody may see of the rows: results that stand, entries whose team is named."""
    public = rows.filter(
        entry__participations__user=user,
        entry__in=visible_entries(_PUBLIC),
        result__state=ResultState.PUBLISHED,
        result__in=visible_results(_PUBLIC),
    ).select_related("result__track__season", "entry__team", "entry__track__phase")
    for row in public.order_by("-result__published_at", "-pk").defer("result__inputs"):
        if permitted(_PUBLIC, "competitions.view_entry_name", row.entry):
            yield row


def _events(results: Iterable[Result]) -> dict[int, tuple[Recorded, ...]]:
    names = {result.pk: record.subject_name(result) for result in results}
    found = record.of_subjects(subjects=list(names.values()), verbs=["result.published"])
    return {pk: recorded(found.get(name, [])[-1:]) for pk, name in names.items()}


def _deed(row: Any, *, events: tuple[Recorded, ...], data: dict[str, Any], **words: str) -> Deed:
    track, published_at = row.result.track, row.result.published_at
    return Deed(
        title=words["title"],
        detail=f"{words['detail']} · {track} · {track.season}",
        at=published_at,
        href=reverse("competitions:track", args=[track.season.slug, track.slug]),
        events=events,
        data={
            **data,
            "team": row.entry.team.name,
            "track": track.title,
            "season": track.season.title,
            "published": published_at.isoformat(),
        },
    )


ENTRIES = Section(
    name="entries", label=gettext_lazy("Entries and places"), position=10, deeds=entries_of
)
AWARDS = Section(name="awards", label=gettext_lazy("Awards"), position=30, deeds=awards_of)
