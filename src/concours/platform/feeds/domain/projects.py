"""What is new of the foundation's projects, as items of feeds: what everyone may read anyhow."""

from __future__ import annotations

import json
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from concours.platform.feeds.domain.news import MOST, Item, sealed
from concours.platform.record import domain as record
from concours.platform.register.domain import project_names
from concours.platform.register.enums import Stage

STAGE_CHANGED = "project.stage-changed"
_TITLES: dict[str, str | Promise] = {
    "vote.called": gettext_lazy("%(project)s: a vote was called"),
    "vote.closed": gettext_lazy("%(project)s: a vote was counted"),
    "report.submitted": gettext_lazy("%(project)s: a periodic report was handed in"),
    "annual-review.decided": gettext_lazy("%(project)s: the annual review was decided"),
}
_PAGES = {
    "vote.called": "governance:vote",
    "vote.closed": "governance:vote",
    "report.submitted": "incubation:report",
    "annual-review.decided": "incubation:review",
}
VERBS = (STAGE_CHANGED, *_TITLES)


def projects_of() -> list[Item]:
    """The newest changes of stage, votes, reports and reviews of the foundation's projects."""
    found = record.of_verbs(season="", verbs=VERBS, most=MOST)
    names = project_names(slugs={_slug_in(event) for event in found})
    return [_item(event, names) for event in found]


def last_of_projects() -> int:
    """The number of the newest event of `projects_of`; 0 where there is none."""
    found = record.of_verbs(season="", verbs=VERBS, most=1)
    return found[0].seq if found else 0


def _item(event: Any, names: dict[str, str]) -> Item:
    slug = _slug_in(event)
    title, text, path = _told(event, slug, names.get(slug, slug))
    return Item(
        seq=event.seq,
        at=event.at,
        title=title,
        text=text,
        path=path,
        digest=event.digest,
        verb=event.verb,
    )


def _told(event: Any, slug: str, name: str) -> tuple[str, str, str]:
    """(title, text, page) of an event."""
    if event.verb != STAGE_CHANGED:
        page = reverse(_PAGES[event.verb], args=[event.subject.partition(":")[2]])
        return str(_TITLES[event.verb]) % {"project": name}, sealed(event), page
    data = json.loads(event.data)
    title = _("%(project)s is now: %(stage)s") % {
        "project": name,
        "stage": Stage(data["to"]).label,
    }
    text = "\n".join(part for part in (data["on"], data["reason"], data["decision"]) if part)
    return title, text, reverse("register:project", args=[slug])


def _slug_in(event: Any) -> str:
    """The short name of the project that the event is of."""
    if event.verb == STAGE_CHANGED:
        return str(event.subject.partition(":")[2])
    return str(json.loads(event.data)["project"])
