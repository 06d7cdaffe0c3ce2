"""Who has judged an entry before, for those who must not judge it twice."""

from __future__ import annotations

from typing import Any

from concours.platform.review.domain.identities import aliases_of
from concours.platform.review.enums import AliasKind
from concours.platform.review.models import Assignment, Review, ScreeningFlag


def earlier_judgements(*, user: Any, entry: Any) -> frozenset[str]:
    """What `user` did about `entry`: "reviewed" it, "screened" a flag about it; empty for nothing.

    A flag is about an entry where it names the entry, who reviewed it, or who reviews for it.
    """
    found = set()
    if Review.objects.filter(assignment__entry=entry, assignment__reviewer_id=user.pk).exists():
        found.add("reviewed")
    flags = ScreeningFlag.objects.filter(
        decided_by_id=user.pk, screening__round__track_id=entry.track_id
    ).select_related("screening__round")
    if any(_is_about(flag, entry) for flag in flags):
        found.add("screened")
    return frozenset(found)


def _is_about(flag: ScreeningFlag, entry: Any) -> bool:
    round_ = flag.screening.round
    people = Assignment.objects.filter(round=round_, entry=entry).values_list("reviewer_id")
    reviewers = {key for (key,) in people} | {entry.reviewer_id}
    aliases = aliases_of(round=round_, kind=AliasKind.REVIEWER, subject_ids=reviewers)
    own = aliases_of(round=round_, kind=AliasKind.ENTRY, subject_ids=[entry.pk])
    return bool(
        set(flag.reviewers) & set(aliases.values()) or set(flag.entries) & set(own.values())
    )
