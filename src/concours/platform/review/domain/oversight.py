"""What those who run a round see of it: conflicts, lifted duties, counts. People by alias."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from concours.platform.competitions.domain import entries_by_id, entry_facts
from concours.platform.review.domain.conflicts import shared_groups
from concours.platform.review.domain.identities import aliases_of
from concours.platform.review.domain.refilling import LOST, uncovered
from concours.platform.review.enums import AliasKind, AssignmentState, ConflictKind
from concours.platform.review.models import (
    Assignment,
    Conflict,
    EmergencyReviewer,
    Rebuttal,
    Review,
    ReviewRound,
    RoundEntry,
)

OFTEN = 2
MOST_ROWS = 500


@dataclass(frozen=True, kw_only=True)
class ConflictRow:
    """A conflict as listed: what is shared or declared, and how many entries it keeps apart."""

    kind: str
    label: str
    entries: int


@dataclass(frozen=True, kw_only=True)
class LiftedDuty:
    """A duty that was lost, by aliases: why, and who has it now, "" where nobody does."""

    reviewer: str
    entry: str
    state: str
    declared: str
    reason: str
    now: str


@dataclass(frozen=True, kw_only=True)
class AnswerRow:
    """A team's answer to a review, by aliases; `was_milli` are the points before amending."""

    reviewer: str
    entry: str
    text: str
    was_milli: int | None
    now_milli: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Duties of a round by state."""

    pending: int
    submitted: int
    defaulted: int
    lifted: int
    replaced: int
    excused: int

    @property
    def total(self) -> int:
        """Those that count: lifted and excused duties do not."""
        return self.pending + self.submitted + self.defaulted + self.replaced


def counts_of(*, round: ReviewRound) -> Counts:  # noqa: A002
    """How the duties stand; one query."""
    rows = Assignment.objects.filter(round=round).order_by().values_list("state")
    found = dict(rows.annotate(Count("pk")))
    return Counts(**{str(state): found.get(state, 0) for state in AssignmentState.values})


def language_models_of(*, round: ReviewRound) -> tuple[int, int]:  # noqa: A002
    """(reviews that were written with a language model, reviews that declare it); one query."""
    said = Review.objects.filter(assignment__round=round, llm_used__isnull=False)
    found = said.aggregate(used=Count("pk", filter=Q(llm_used=True)), said=Count("pk"))
    return found["used"], found["said"]


def conflict_rows(*, round: ReviewRound) -> list[ConflictRow]:  # noqa: A002
    """The largest conflicts of the round, at most MOST_ROWS."""
    rows = (
        Conflict.objects.filter(round=round)
        .select_related("person", "organisation")
        .annotate(size=Count("parties"))
        .order_by("-size", "pk")
    )
    return [
        ConflictRow(kind=row.get_kind_display(), label=_label(row), entries=row.size)
        for row in rows[:MOST_ROWS]
    ]


def expected_organisations(*, track: Any) -> list[tuple[int, int]]:
    """(key of organisation, number of its entries) as the assignment would find them now."""
    sizes = Counter(
        {
            group.key: len(group.entry_ids)
            for group in shared_groups(entry_facts(track=track))
            if group.kind == ConflictKind.ORGANISATION
        }
    )
    return sizes.most_common(50)


def lifted_duties(*, round: ReviewRound) -> list[LiftedDuty]:  # noqa: A002
    """Duties lifted, excused or given to others."""
    rows = list(
        Assignment.objects.filter(round=round, state__in=LOST).select_related("replaced_by")[
            :MOST_ROWS
        ]
    )
    reviewers = aliases_of(round=round, kind=AliasKind.REVIEWER)
    entries = aliases_of(
        round=round, kind=AliasKind.ENTRY, subject_ids={row.entry_id for row in rows}
    )
    return [
        LiftedDuty(
            reviewer=reviewers[row.reviewer_id],
            entry=entries[row.entry_id],
            state=row.get_state_display(),
            declared=row.get_declared_display() if row.declared else "",
            reason=row.lifted_reason,
            now=reviewers[row.replaced_by.reviewer_id] if hasattr(row, "replaced_by") else "",
        )
        for row in rows
    ]


def uncovered_entries(*, round: ReviewRound) -> list[tuple[str, int]]:  # noqa: A002
    """(alias of entry, reviews that nobody may write): shown, since they are simply missing."""
    missing = Counter(duty.entry_id for duty in uncovered(round))
    aliases = aliases_of(round=round, kind=AliasKind.ENTRY, subject_ids=set(missing))
    return sorted((aliases[entry], count) for entry, count in missing.items())


def declared_often(*, round: ReviewRound) -> list[tuple[str, int, int]]:  # noqa: A002
    """(alias, conflicts declared, duties had) of who declared two or more, the most first: to be
    looked at, since a declared conflict is also a way to be rid of work."""
    rows = Assignment.objects.filter(round=round).order_by().values("reviewer_id")
    counted = rows.annotate(had=Count("pk"), declared=Count("pk", filter=~Q(declared=""))).filter(
        declared__gte=OFTEN
    )
    aliases = aliases_of(round=round, kind=AliasKind.REVIEWER)
    found = [(aliases[row["reviewer_id"]], row["declared"], row["had"]) for row in counted]
    return sorted(found, key=lambda row: (-row[1], row[0]))


def answers_of(*, round: ReviewRound) -> list[AnswerRow]:  # noqa: A002
    """What teams answered to their reviews, and what followed; at most MOST_ROWS, 3 queries."""
    rows = list(
        Rebuttal.objects.filter(review__assignment__round=round)
        .select_related("review__assignment", "review__revision")
        .order_by("pk")[:MOST_ROWS]
    )
    duties = [row.review.assignment for row in rows]
    reviewers = aliases_of(
        round=round, kind=AliasKind.REVIEWER, subject_ids={duty.reviewer_id for duty in duties}
    )
    entries = aliases_of(
        round=round, kind=AliasKind.ENTRY, subject_ids={duty.entry_id for duty in duties}
    )
    found = []
    for row, duty in zip(rows, duties, strict=True):
        revision = getattr(row.review, "revision", None)
        found.append(
            AnswerRow(
                reviewer=reviewers[duty.reviewer_id],
                entry=entries[duty.entry_id],
                text=row.text,
                was_milli=revision.points_milli if revision else None,
                now_milli=row.review.points_milli,
                reason=revision.reason if revision else "",
            )
        )
    return found


def behind(*, round: ReviewRound, kind: AliasKind, subject_id: int) -> str:  # noqa: A002
    """How the entry or person is called whom `identities.reveal` has told."""
    if kind == AliasKind.ENTRY:
        entry = entries_by_id(ids=[subject_id])[subject_id]
        return f"{entry.title} ({entry.team.name})"
    row = RoundEntry.objects.filter(round=round, reviewer_id=subject_id)
    duty = Assignment.objects.filter(round=round, reviewer_id=subject_id)
    named = EmergencyReviewer.objects.filter(round=round, user_id=subject_id)
    for found in (
        row.select_related("reviewer").first(),
        duty.select_related("reviewer").first(),
    ):
        if found is not None:
            return str(found.reviewer)
    return str(named.select_related("user").get().user)


def _label(row: Conflict) -> str:
    shared = row.person or row.organisation
    return str(shared) if shared is not None else row.detail
