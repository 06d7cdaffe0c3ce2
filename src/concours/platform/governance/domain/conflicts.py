"""Who stands aside from a vote: computed from affiliations and donors, and declared."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from concours.platform.accounts.domain.lookups import all_organisation_names, organisations_of
from concours.platform.core.wording import spelling
from concours.platform.donations.domain import parties_of
from concours.platform.governance.enums import Conflict
from concours.platform.governance.models import AccessReview

ENGINE = {
    Conflict.OWN: "affiliation",
    Conflict.AFFILIATION: "affiliation",
    Conflict.DONOR: "donor",
    Conflict.DECLARED: "declared",
}
"""What the engine calls each of them: speaking for a project is the closest affiliation."""


def conflicts_of(*, review: AccessReview, users: Collection[Any]) -> dict[int, list[Conflict]]:
    """{key: conflicts} of those people with the project; whoever has none is left out."""
    speaking = [review.spokesperson_id] if review.spokesperson_id else []
    return conflicts_with(project=review.project, speaking=speaking, users=users)


def conflicts_with(
    *, project: Any, speaking: Collection[int], users: Collection[Any]
) -> dict[int, list[Conflict]]:
    """{key: conflicts} of those people with a project for which others (keys) are `speaking`.

    Somebody is of a donor when they are it, by name, belong to an organisation of its name, or
    proposed the donation or acted for a donor in it. Whoever has no conflict is left out.
    """
    people = {user.pk: user for user in users}
    organisations = organisations_of(user_ids=[*people, *speaking])
    theirs = {one for key in speaking for one in organisations.get(key, ())}
    entities, persons = _donors(project)
    giving = parties_of(project).people
    names = all_organisation_names(ids={one for found in organisations.values() for one in found})
    spelt = {key: {spelling(name) for name in found} for key, found in names.items()}
    found: dict[int, list[Conflict]] = {}
    for key, user in people.items():
        own = organisations.get(key, frozenset())
        conflicts = []
        if key in speaking:
            conflicts.append(Conflict.OWN)
        elif own & theirs:
            conflicts.append(Conflict.AFFILIATION)
        named = spelling(user.name) in persons or any(spelt[one] & entities for one in own)
        if named or key in giving:
            conflicts.append(Conflict.DONOR)
        if conflicts:
            found[key] = conflicts
    return found


def _donors(project: Any) -> tuple[set[str], set[str]]:
    """(names of legal entities, names of persons) that gave the project, in both languages."""
    entities: set[str] = set()
    persons: set[str] = set()
    for donor in project.donors.all():
        names = {spelling(name) for name in (donor.name, donor.name_zh) if name}
        (persons if donor.kind == "person" else entities).update(names)
    return entities, persons
