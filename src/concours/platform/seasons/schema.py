"""A season's folder as typed values; see docs/reference/season-folder.md.

Reading needs no database. It finds all faults in one go and raises DataRefused with them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class BatchData:
    """A batch; times are aware and in UTC, here and below."""

    number: int
    title: str
    title_zh: str
    starts_at: datetime
    final_at: datetime


@dataclass(frozen=True, kw_only=True)
class PhaseData:
    kind: str
    starts_at: datetime
    ends_at: datetime
    may_submit: bool
    may_review: bool
    scores_visible: bool
    names_visible: bool


@dataclass(frozen=True, kw_only=True)
class PrizeData:
    """`count` prizes of `amount_minor` (fen, cents) each, given in order of rank."""

    title: str
    title_zh: str
    count: int
    amount_minor: int


@dataclass(frozen=True, kw_only=True)
class PoolData:
    title: str
    title_zh: str
    currency: str
    total_minor: int
    prizes: tuple[PrizeData, ...]


@dataclass(frozen=True, kw_only=True)
class TrackData:
    """A track. Without registration's times it runs from the season's start until two months after
    the track's. `review_methods` holds the settings that the file names, by the keys of
    review.methods.Methods."""

    file: str
    slug: str
    batch: int
    rubric: str
    evaluator: str
    title: str
    title_zh: str
    summary: str
    summary_zh: str
    category: str
    category_zh: str
    technical_area: str
    owner: str
    owner_zh: str
    starts_at: datetime | None
    registration_opens_at: datetime | None
    registration_closes_at: datetime | None
    teams_freeze_at: datetime | None
    team_size_min: int
    team_size_max: int
    reviews_per_entry: int
    finalists: int
    weight_machine: int
    weight_peer: int
    weight_jury: int
    publish_source_days: int | None
    llm_policy: str
    review_methods: dict[str, Any]
    rules: str
    rules_zh: str
    phases: tuple[PhaseData, ...]
    pools: tuple[PoolData, ...]


@dataclass(frozen=True, kw_only=True)
class LevelData:
    """What a number of points means."""

    points: int
    text: str
    text_zh: str


@dataclass(frozen=True, kw_only=True)
class CriterionData:
    key: str
    title: str
    title_zh: str
    weight: int
    max_points: int
    description: str
    description_zh: str
    levels: tuple[LevelData, ...]

    def guide(self, *, chinese: bool = False) -> str:
        """The description with its levels as a Markdown list."""
        intro = self.description_zh if chinese else self.description
        levels = [
            f"- {level.points}: {level.text_zh if chinese else level.text}" for level in self.levels
        ]
        return "\n".join([intro, "", *levels]).strip()


@dataclass(frozen=True, kw_only=True)
class RubricData:
    file: str
    slug: str
    title: str
    title_zh: str
    criteria: tuple[CriterionData, ...]


@dataclass(frozen=True, kw_only=True)
class AreaData:
    slug: str
    name: str
    name_zh: str


@dataclass(frozen=True, kw_only=True)
class DonorData:
    slug: str
    name: str
    name_zh: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class ProjectData:
    """A project; `more_donors` says that the list of donors is known not to be complete.

    `since` is the day it came to its stage, None where that is not known.
    """

    slug: str
    name: str
    name_zh: str
    summary: str
    summary_zh: str
    areas: tuple[str, ...]
    stage: str
    homepage: str
    licence: str
    donors: tuple[str, ...]
    more_donors: bool
    signed_on: date | None
    since: date | None


@dataclass(frozen=True, kw_only=True)
class RegisterData:
    areas: tuple[AreaData, ...] = ()
    donors: tuple[DonorData, ...] = ()
    projects: tuple[ProjectData, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SeasonData:
    """A whole season. `digest` names the files that it was read from."""

    slug: str
    title: str
    title_zh: str
    summary: str
    summary_zh: str
    starts_at: datetime
    ends_at: datetime
    proposals_open_at: datetime | None
    proposals_close_at: datetime | None
    batches: tuple[BatchData, ...]
    tracks: tuple[TrackData, ...]
    rubrics: tuple[RubricData, ...]
    register: RegisterData = field(default_factory=RegisterData)
    digest: str = ""
