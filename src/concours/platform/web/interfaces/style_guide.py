"""Every component on one page, with made-up contents. Routed in debug and rehearsal only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from concours.platform.core import clock
from concours.platform.web.charts import Lane, Mark, Span
from concours.platform.web.icons import ICONS
from concours.platform.web.templatetags import concours as tags

START = datetime(2022, 12, 1, tzinfo=UTC)
END = datetime(2024, 1, 1, tzinfo=UTC)
NOW = datetime(2023, 5, 12, 9, 30, tzinfo=UTC)

PROSE = """# A heading a writer chose

Entries are judged by *distributed peer review*. 参赛作品由**同行分布式评审**，每个结论都可以
*重新计算*。See [the rules](https://example.org/rules) and `concours record verify`.

- one reviewer from each team
- five reviews owed by each entry

> A verdict that cannot be computed again is an opinion.
"""


class SampleForm(forms.Form):
    """One field of each kind, two of them filled in wrongly."""

    title = forms.CharField(max_length=80, help_text="As it appears in the standings.")
    email = forms.EmailField(label="E-mail")
    area = forms.ChoiceField(
        label="Technical area", choices=[("os", "Operating system"), ("ai", "Intelligence")]
    )
    summary = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 4}), help_text="Markdown is read."
    )
    kind = forms.ChoiceField(
        label="What you submit",
        choices=[("archive", "An archive"), ("git", "A git commit")],
        widget=forms.RadioSelect,
    )
    archive = forms.FileField(required=False, help_text="A .tar.gz or .zip of 100 MiB or less.")
    rules = forms.BooleanField(label="I accept rules version 2 of this track")


@dataclass(frozen=True)
class SamplePhase:
    """Stands in for a track's phase."""

    position: int
    name: str
    starts_at: datetime
    ends_at: datetime

    def __str__(self) -> str:
        return self.name


def _phases() -> list[SamplePhase]:
    names = ("registration", "practice", "peer review", "final", "appeal", "result")
    step = timedelta(days=28)
    begin = clock.now() - timedelta(days=28 * 2 + 9)
    return [
        SamplePhase(at, name, begin + at * step, begin + (at + 1) * step)
        for at, name in enumerate(names)
    ]


def _lanes() -> list[Lane]:
    def batch(number: int, month: int, final: int) -> Lane:
        opens = datetime(2023, month, 1, tzinfo=UTC)
        closes = datetime(2023, month + 2, 1, tzinfo=UTC)
        last = datetime(2023, final, 15, tzinfo=UTC)
        spans = (
            Span(START, closes, "registration open", "soft"),
            Span(opens, last, "tracks running", "plain"),
        )
        return Lane(f"Batch {number}", f"{number * 4} tracks", "#", spans, (Mark(last, "final"),))

    call = Lane(
        "Call for tracks",
        "",
        "",
        (Span(START, datetime(2023, 2, 1, tzinfo=UTC), "call open", "accent"),),
    )
    return [call, batch(1, 2, 7), batch(2, 7, 12)]


def _standings() -> list[dict[str, Any]]:
    teams = ("Lantern", "Winter Plum", "北斗七星", "Null Island", "Tongsuo Fans", "Heap of Sand")
    return [
        {
            "rank": at + 1,
            "low": max(1, at + 1 - (at % 3) - 1),
            "high": min(40, at + 2 + at * 2),
            "team": team,
            "score": f"{87.4 - 3.17 * at:.1f}",
            "reviews": 5 - at % 2,
            "mine": at == 3,
        }
        for at, team in enumerate(teams)
    ]


def style_guide(request: HttpRequest) -> HttpResponse:
    """Shows all components, in rehearsals; nothing on it comes from the database."""
    if not settings.REHEARSAL:
        raise Http404
    if request.headers.get("HX-Request"):
        return HttpResponse(tags.moment(clock.now()))
    wrong = SampleForm({"title": "", "email": "nobody", "area": "os", "kind": "git"})
    return render(
        request,
        "web/style_guide.html",
        {
            "wrong": wrong,
            "phases": _phases(),
            "current": _phases()[2],
            "lanes": _lanes(),
            "start": START,
            "end": END,
            "today": NOW,
            "standings": _standings(),
            "prose": PROSE,
            "icons": sorted(ICONS),
            "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "trail": [("/seasons/", "Seasons"), ("#", "Open Atom 2022–2023"), ("", "Autonomy")],
            "facts": [("Owner", "CARSMOS"), ("Team size", "1–5"), ("Rules", "version 2")],
            "pills": ["open", "active", "fetching", "submitted", "declined", "closed"],
            "in_a_while": clock.now() + timedelta(hours=19),
        },
    )
