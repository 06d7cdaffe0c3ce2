"""Who must not review whom, for whole teams: shared people, shared organisations, declarations.

A conflict is kept and computed as a group of entries. The pairs of a group grow with the square of
its size; the groups themselves only with the number of memberships.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.domain import EntryFacts
from concours.platform.core.access import require
from concours.platform.core.digests import keyed_digest
from concours.platform.core.errors import Refused
from concours.platform.record import domain as record
from concours.platform.review.domain.rounds import lock_round
from concours.platform.review.enums import ConflictKind, RoundState
from concours.platform.review.models import Conflict, ConflictParty, ReviewRound

BATCH = 5_000


@dataclass(frozen=True, kw_only=True)
class ConflictGroup:
    """Entries (at least two, ascending) that must not review one another, and why.

    `key` is the person's, the organisation's or the declared conflict's own key.
    """

    kind: ConflictKind
    key: int
    entry_ids: tuple[int, ...]


def shared_groups(
    facts: Iterable[EntryFacts], *, ignored_organisations: Collection[int] = ()
) -> list[ConflictGroup]:
    """The groups that share a person or an organisation; O(memberships), in a fixed order.

    The named reviewer counts as a person of the team whether or not they are a member.
    """
    people: defaultdict[int, set[int]] = defaultdict(set)
    organisations: defaultdict[int, set[int]] = defaultdict(set)
    for fact in facts:
        for user in fact.member_ids | {fact.reviewer_id}:
            people[user].add(fact.id)
        for organisation in fact.organisation_ids:
            if organisation not in ignored_organisations:
                organisations[organisation].add(fact.id)
    return [
        ConflictGroup(kind=kind, key=key, entry_ids=tuple(sorted(entries)))
        for kind, found in (
            (ConflictKind.PERSON, people),
            (ConflictKind.ORGANISATION, organisations),
        )
        for key, entries in sorted(found.items())
        if len(entries) > 1
    ]


def stored_groups(round: ReviewRound, *kinds: ConflictKind) -> list[ConflictGroup]:  # noqa: A002
    """The groups that the round holds, in the order of `shared_groups`, declared ones last."""
    parties: defaultdict[int, list[int]] = defaultdict(list)
    rows = ConflictParty.objects.filter(conflict__round=round).order_by("entry_id")
    for conflict_id, entry_id in rows.values_list("conflict_id", "entry_id"):
        parties[conflict_id].append(entry_id)
    order = {kind: number for number, kind in enumerate(_ORDER)}
    groups = [
        ConflictGroup(
            kind=ConflictKind(row.kind),
            key=row.person_id or row.organisation_id or row.pk,
            entry_ids=tuple(parties[row.pk]),
        )
        for row in Conflict.objects.filter(round=round, kind__in=kinds or _ORDER)
    ]
    return sorted(groups, key=lambda group: (order[group.kind], group.key))


_ORDER = (ConflictKind.PERSON, ConflictKind.ORGANISATION, ConflictKind.DECLARED)


def store_groups(round: ReviewRound, groups: Sequence[ConflictGroup]) -> None:  # noqa: A002
    """Write computed groups (of persons and organisations) as the round's conflicts."""
    conflicts = Conflict.objects.bulk_create(
        [
            Conflict(
                round=round,
                kind=group.kind,
                person_id=group.key if group.kind == ConflictKind.PERSON else None,
                organisation_id=group.key if group.kind == ConflictKind.ORGANISATION else None,
            )
            for group in groups
        ],
        batch_size=BATCH,
    )
    ConflictParty.objects.bulk_create(
        [
            ConflictParty(conflict=conflict, entry_id=entry_id)
            for conflict, group in zip(conflicts, groups, strict=True)
            for entry_id in group.entry_ids
        ],
        batch_size=BATCH,
    )


def organisation_names(round: ReviewRound, ids: Collection[int]) -> list[str]:  # noqa: A002
    """How those organisations, whose conflicts the round holds, are called; in the order given."""
    rows = Conflict.objects.filter(
        round=round, kind=ConflictKind.ORGANISATION, organisation_id__in=ids
    ).select_related("organisation")
    names = {row.organisation_id: str(row.organisation) for row in rows}
    return [names[key] for key in ids if key in names]


def group_columns(
    groups: Sequence[ConflictGroup], *, index: dict[int, int]
) -> npt.NDArray[np.int64] | None:
    """(n, g) the engine's groupings: in each column an entry has one group at most, -1 = none.

    Two entries share a group exactly if some column gives them the same number. Each group takes
    the first column in which none of its entries has one yet. O(memberships * g).
    """
    columns: list[npt.NDArray[np.int64]] = []
    for number, group in enumerate(groups):
        rows = np.array([index[entry] for entry in group.entry_ids if entry in index])
        if len(rows) < 2:
            continue
        for column in columns:
            if bool(np.all(column[rows] < 0)):
                column[rows] = number
                break
        else:
            fresh = np.full(len(index), -1, dtype=np.int64)
            fresh[rows] = number
            columns.append(fresh)
    return np.stack(columns, axis=1) if columns else None


@transaction.atomic
def declare_between(
    *,
    actor: Any,
    round: ReviewRound,  # noqa: A002
    first: Any,
    second: Any,
    detail: str,
) -> Conflict:
    """Staff note that the teams of two entries must not review each other, before the assignment.

    Raises Refused afterwards, without a reason, or for entries that are not two of this track.
    """
    locked = lock_round(round)
    require(actor, "review.run_round", locked)
    if locked.state != RoundState.PLANNED:
        raise Refused("assigned-already", _("Reviews are assigned already."))
    if first.pk == second.pk or {first.track_id, second.track_id} != {locked.track_id}:
        raise Refused("not-two-entries", _("Name two entries of this track."))
    if not detail.strip():
        raise Refused("reason-needed", _("Give the reason for the conflict."))
    conflict = Conflict.objects.create(
        round=locked, kind=ConflictKind.DECLARED, detail=detail.strip()[:500]
    )
    ConflictParty.objects.bulk_create(
        ConflictParty(conflict=conflict, entry=entry) for entry in (first, second)
    )
    digest = keyed_digest("conflict", conflict.detail)
    record.append(
        actor=actor,
        verb="conflict.declared",
        subject=locked,
        season=locked.track.season.slug,
        data={"entries": sorted([first.code, second.code]), "detail_digest": digest},
    )
    return conflict
