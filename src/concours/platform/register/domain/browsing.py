"""The register page by page, with how many projects stand at each stage."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from concours.platform.core.cursor import Page, page_after
from concours.platform.core.text import in_language_of
from concours.platform.register.domain.keeping import kept
from concours.platform.register.domain.searching import funnel, search
from concours.platform.register.enums import Stage
from concours.platform.register.models import Donation, Project
from concours.platform.register.rules import visible_projects
from concours.platform.register.stages import STAGES

MOST_KEPT = 20_000
"""Projects of a search that are kept; of one that finds more they are looked up each time."""


@dataclass(frozen=True, kw_only=True)
class Browsed:
    """A page of projects, and the numbers by stage without the filter of the stage itself."""

    page: Page[Project]
    funnel: list[tuple[Stage, int]]


@dataclass(frozen=True, kw_only=True)
class _Matches:
    """The keys of the projects that a search finds, in order, and the stage of each."""

    keys: array[int]
    stages: bytes

    def at(self, stage: str) -> array[int]:
        """The keys of those at the stage; of all where it is empty."""
        if not stage:
            return self.keys
        wanted = STAGES.index(stage)
        return array("q", (k for k, s in zip(self.keys, self.stages, strict=True) if s == wanted))

    def funnel(self) -> list[tuple[Stage, int]]:
        counted = Counter(self.stages)
        return [(stage, counted[STAGES.index(stage.value)]) for stage in Stage]


def browse(*, user: Any, after: int, size: int, stage: str = "", **filters: Any) -> Browsed:
    """The `size` projects after the cursor `after` that `search` finds with these filters.

    Numbers, and what the words of a search match, are kept until the register changes.
    """
    of = sorted(filters.items())
    if filters.get("text"):
        matches = kept(
            "matches",
            user=user,
            of=of,
            make=lambda: _match(user, filters),
            worth=lambda made: len(made.keys) <= MOST_KEPT,
        )
        page = _page_of(user, matches.at(stage), after=after, size=size)
        return Browsed(page=page, funnel=matches.funnel())
    numbers = kept("funnel", user=user, of=of, make=lambda: funnel(search(user=user, **filters)))
    found = search(user=user, stage=stage, **filters)
    return Browsed(page=page_after(found, field="id", after=after, size=size), funnel=numbers)


def areas_of(projects: Iterable[Project]) -> dict[int, list[str]]:
    """{key: names of its areas in the reader's language}; one query."""
    through = Project.areas.through.objects.filter(project__in=[one.pk for one in projects])
    names = through.order_by("technicalarea_id").values_list(
        "project_id", "technicalarea__name", "technicalarea__name_zh"
    )
    return _by_project(names)


def donors_of(projects: Iterable[Project]) -> dict[int, list[str]]:
    """{key: names of its donors in the reader's language, in order of name}; one query."""
    given = Donation.objects.filter(project__in=[one.pk for one in projects])
    names = given.order_by("donor__name", "pk").values_list(
        "project_id", "donor__name", "donor__name_zh"
    )
    return _by_project(names)


def _by_project(rows: Iterable[tuple[int, str, str]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for key, name, name_zh in rows:
        found[key].append(in_language_of(name, name_zh))
    return found


def _match(user: Any, filters: dict[str, Any]) -> _Matches:
    """One walk through the texts, where numbers and a page would take one each."""
    rows = list(search(user=user, **filters).values_list("pk", "stage"))
    return _Matches(
        keys=array("q", (key for key, _stage in rows)),
        stages=bytes(STAGES.index(stage) for _key, stage in rows),
    )


def _page_of(user: Any, keys: array[int], *, after: int, size: int) -> Page[Project]:
    """The page of `keys` as `page_after` cuts it."""
    start = bisect_right(keys, after)
    some = keys[start : start + size]
    before = keys[start - size - 1] if start > size else 0
    rows = visible_projects(user).filter(pk__in=list(some)).order_by("pk") if some else []
    return Page(
        items=list(rows),
        next=some[-1] if len(keys) > start + size else None,
        previous=before if after > 0 else None,
    )
