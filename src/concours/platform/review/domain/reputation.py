"""A reviewer's reputation over seasons, for themselves and for organisers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from concours.peerreview import Reputation, SeasonRecord, pairwise_agreement, reputation
from concours.platform.core.access import require
from concours.platform.review.domain.identities import aliases_of
from concours.platform.review.enums import AliasKind, AssignmentState, RoundState
from concours.platform.review.models import Assignment, Review, ReviewRound, UsefulnessRating


@dataclass(frozen=True, kw_only=True)
class SeasonPart:
    """What one season gave: its title and the counts."""

    season: Any
    record: SeasonRecord

    @property
    def mean_rating(self) -> float | None:
        ratings = self.record.ratings
        return sum(ratings) / len(ratings) if ratings else None


@dataclass(frozen=True, kw_only=True)
class OwnReputation:
    """The estimates, and the seasons that they rest on, the oldest first."""

    reputation: Reputation
    seasons: list[SeasonPart]


@dataclass(frozen=True, kw_only=True)
class AliasReputation:
    """A reviewer of a round by alias."""

    alias: str
    reputation: Reputation


def reputation_of(*, user: Any) -> OwnReputation:
    """One's own, from the rounds whose standings are published. 4 queries."""
    parts = _parts(user_ids=[user.pk]).get(user.pk, [])
    return OwnReputation(reputation=reputation([part.record for part in parts]), seasons=parts)


def reputations_in(*, actor: Any, round: ReviewRound) -> list[AliasReputation]:  # noqa: A002
    """Those of a round's reviewers from all published rounds, by alias, for who runs the round."""
    require(actor, "review.run_round", round)
    aliases = aliases_of(round=round, kind=AliasKind.REVIEWER)
    parts = _parts(user_ids=list(aliases))
    rows = [
        AliasReputation(
            alias=alias, reputation=reputation([part.record for part in parts.get(user_id, [])])
        )
        for user_id, alias in aliases.items()
    ]
    return sorted(rows, key=lambda row: row.alias)


def review_records_in(*, track: Any) -> dict[int, tuple[int, SeasonRecord]]:
    """What a track's published round tells of each reviewer: {person: (their entry, counts)}."""
    round_ = ReviewRound.objects.filter(track=track, state=RoundState.PUBLISHED).first()
    if round_ is None:
        return {}
    duties = Assignment.objects.filter(round=round_).order_by("-pk")
    entries = dict(duties.values_list("reviewer_id", "reviewer_entry_id"))
    records = _records(round_ids=[round_.pk])
    return {user: (entries[user], told) for user, told in records.items()}


def _parts(*, user_ids: Collection[int]) -> dict[int, list[SeasonPart]]:
    """The seasons of each person, the oldest first; tracks of one season are one."""
    rounds = ReviewRound.objects.filter(
        state=RoundState.PUBLISHED, assignments__reviewer_id__in=user_ids
    ).select_related("track__season")
    by_season: defaultdict[int, list[ReviewRound]] = defaultdict(list)
    for round_ in rounds.distinct():
        by_season[round_.track.season.pk].append(round_)
    ordered = sorted(by_season.values(), key=lambda found: _start(found[0]))
    parts: defaultdict[int, list[SeasonPart]] = defaultdict(list)
    wanted = set(user_ids)
    for found in ordered:
        season = found[0].track.season
        for user_id, record in _records(round_ids=[one.pk for one in found]).items():
            if user_id in wanted:
                parts[user_id].append(SeasonPart(season=season, record=record))
    return parts


def _start(round_: ReviewRound) -> datetime:
    start: datetime = round_.track.season.starts_at
    return start


def _records(*, round_ids: Collection[int]) -> dict[int, SeasonRecord]:
    """3 queries, O(reviews) but for the pairs of each reviewer's own."""
    owed: defaultdict[int, int] = defaultdict(int)
    kept: defaultdict[int, int] = defaultdict(int)
    duties = Assignment.objects.filter(round_id__in=round_ids).exclude(state=AssignmentState.LIFTED)
    for reviewer, state in duties.order_by().values_list("reviewer_id", "state"):
        owed[reviewer] += 1
        kept[reviewer] += state == AssignmentState.SUBMITTED
    ratings: defaultdict[int, list[int]] = defaultdict(list)
    rated = UsefulnessRating.objects.filter(review__assignment__round_id__in=round_ids)
    for reviewer, rating in rated.order_by("pk").values_list(
        "review__assignment__reviewer_id", "rating"
    ):
        if rating is not None:
            ratings[reviewer].append(rating)
    beside = _beside(round_ids)
    records = {}
    for reviewer in owed:
        agreeing, pairs, reviews = beside.get(reviewer, (0, 0, 0))
        records[reviewer] = SeasonRecord(
            kept=kept[reviewer],
            owed=owed[reviewer],
            ratings=tuple(ratings[reviewer]),
            agreeing=agreeing,
            pairs=pairs,
            reviews=reviews,
        )
    return records


def _beside(round_ids: Collection[int]) -> dict[int, tuple[int, int, int]]:
    """The agreement of each reviewer with the mean of the others, round by round added up."""
    rows = Review.objects.filter(assignment__round_id__in=round_ids).values_list(
        "assignment__round_id", "assignment__reviewer_id", "assignment__entry_id", "points_milli"
    )
    sums: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
    own: defaultdict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for round_id, reviewer, entry, points in rows:
        sums[entry][0] += points
        sums[entry][1] += 1
        own[round_id, reviewer].append((entry, points))
    found: defaultdict[int, tuple[int, int, int]] = defaultdict(lambda: (0, 0, 0))
    for (_round_id, reviewer), given in own.items():
        beside = [
            (float(points), (sums[entry][0] - points) / (sums[entry][1] - 1))
            for entry, points in given
            if sums[entry][1] > 1
        ]
        added = pairwise_agreement(beside)
        known = found[reviewer]
        found[reviewer] = (known[0] + added[0], known[1] + added[1], known[2] + added[2])
    return found
