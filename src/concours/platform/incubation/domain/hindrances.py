"""Who must not mentor a project: computed from affiliations and donors, and declared."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from concours.platform.criteria.domain import maintainers_of
from concours.platform.governance.domain import conflicts_with
from concours.platform.incubation.enums import Hindrance
from concours.platform.incubation.models import DeclaredConflict, Mentor


def hindrances_of(*, project: Any, mentors: Collection[Mentor]) -> dict[int, list[Hindrance]]:
    """{mentor's key: hindrances}, as they are now; whoever has none is left out.

    The same computation as for votes, with the project's maintainers for those who speak for it.
    """
    users = [mentor.user for mentor in mentors]
    computed = conflicts_with(
        project=project, speaking=maintainers_of(project=project), users=users
    )
    declared = set(
        DeclaredConflict.objects.filter(project=project, mentor__in=mentors).values_list(
            "mentor_id", flat=True
        )
    )
    found: dict[int, list[Hindrance]] = {}
    for mentor in mentors:
        all_of = [Hindrance(one.value) for one in computed.get(mentor.user_id, [])]
        if mentor.pk in declared:
            all_of.append(Hindrance.DECLARED)
        if all_of:
            found[mentor.pk] = all_of
    return found
