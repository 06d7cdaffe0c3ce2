"""What the API takes and gives. Moments are aware, in UTC; digests are SHA-256 in hex."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import AfterValidator, StrictBool, StringConstraints

from concours.platform.competitions.models import Entry, Submission, Team, Track
from concours.platform.core.access import permitted


def _printable(text: str) -> str:
    if "\0" in text:
        raise ValueError("no null characters")
    return text


Printable = AfterValidator(_printable)
Name = Annotated[str, StringConstraints(min_length=1, max_length=100), Printable]
Title = Annotated[str, StringConstraints(min_length=1, max_length=200), Printable]
Short = Annotated[str, StringConstraints(max_length=500), Printable]
Slug = Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]*$", max_length=80)]
Paragraphs = Annotated[str, StringConstraints(max_length=5_000), Printable]
Long = Annotated[str, StringConstraints(max_length=20_000), Printable]
Rules = Annotated[str, StringConstraints(max_length=100_000), Printable]


class BatchOut(Schema):
    number: int
    title: str
    title_zh: str
    starts_at: datetime
    final_at: datetime


class SeasonOut(Schema):
    slug: str
    title: str
    title_zh: str
    summary: str
    summary_zh: str
    state: str
    starts_at: datetime
    ends_at: datetime
    proposals_open_at: datetime | None
    proposals_close_at: datetime | None


class PhaseOut(Schema):
    position: int
    kind: str
    starts_at: datetime
    ends_at: datetime
    may_submit: bool
    may_review: bool
    scores_visible: bool
    names_visible: bool


class RulesOut(Schema):
    number: int
    digest: str
    published_at: datetime | None
    text: str
    text_zh: str


class RulesIn(Schema):
    text: Rules
    text_zh: Rules = ""


class AdvanceIn(Schema):
    leaving: int
    """The position of the phase that is seen as active."""


class TrackOut(Schema):
    season: str
    slug: str
    batch: int
    title: str
    title_zh: str
    summary: str
    summary_zh: str
    category: str
    technical_area: str
    owner: str
    state: str
    phase: PhaseOut | None
    starts_at: datetime
    registration_opens_at: datetime
    registration_closes_at: datetime
    teams_freeze_at: datetime | None
    team_size_min: int
    team_size_max: int
    reviews_per_entry: int
    finalists: int
    rubric: str
    weight_machine: int
    weight_peer: int
    weight_jury: int
    publish_source_days: int | None

    @staticmethod
    def resolve_season(track: Track) -> str:
        return track.season.slug

    @staticmethod
    def resolve_batch(track: Track) -> int:
        return track.batch.number


class ProposalIn(Schema):
    batch: int
    """The number of a batch of the season."""
    topic: Title
    category: Name
    owner: Title
    description: Long
    rules: Rules
    format: Long
    prizes: Paragraphs = ""
    technical_area: Slug = ""


class CommentIn(Schema):
    text: Paragraphs


class CommentOut(Schema):
    author: str
    text: str
    at: datetime

    @staticmethod
    def resolve_author(comment: Any) -> str:
        return str(comment.author.display_name)


class ProposalOut(Schema):
    code: str
    batch: int
    topic: str
    category: str
    technical_area: str
    owner: str
    proposer: str
    state: str
    proposed_at: datetime
    decided_at: datetime | None
    decision_reason: str

    @staticmethod
    def resolve_batch(proposal: Any) -> int:
        return int(proposal.batch.number)

    @staticmethod
    def resolve_proposer(proposal: Any) -> str:
        return str(proposal.proposer.display_name)


class ProposalDetail(ProposalOut):
    description: str
    rules: str
    format: str
    prizes: str
    comments: list[CommentOut]

    @staticmethod
    def resolve_comments(proposal: Any) -> Any:
        return proposal.comments.select_related("author")


class TeamIn(Schema):
    season: str
    name: Name


class InviteIn(Schema):
    email: Annotated[str, StringConstraints(max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]


class InvitationOut(Schema):
    code: str
    email: str
    state: str
    expires_at: datetime


class MemberOut(Schema):
    code: str
    name: str
    captain: bool

    @staticmethod
    def resolve_code(membership: Any) -> str:
        return str(membership.user.code)

    @staticmethod
    def resolve_name(membership: Any) -> str:
        return str(membership.user.display_name)


class TeamOut(Schema):
    code: str
    season: str
    name: str
    members: list[MemberOut]

    @staticmethod
    def resolve_season(team: Team) -> str:
        return team.season.slug

    @staticmethod
    def resolve_members(team: Team) -> Any:
        return team.memberships.all()


class EntryIn(Schema):
    team: str
    title: Title
    abstract: Paragraphs = ""
    accept_rules: int
    """The number of the rules that the team has read and accepts."""
    reviewer: str = ""
    """The code of the member who reviews on the entry's behalf; the caller unless given."""
    llm_used: StrictBool | None = None
    """Whether a language model was used; asked for where the track's rules ask."""
    llm_text: Paragraphs = ""
    """Which, and for what."""


class EntryOut(Schema):
    """`team` is empty where the reader may not know whose entry it is."""

    code: str
    season: str
    track: str
    title: str
    abstract: str
    state: str
    rules: int
    team: str = ""

    @classmethod
    def of(cls, entry: Entry, *, reader: Any) -> EntryOut:
        named = permitted(reader, "competitions.view_entry_name", entry)
        return cls(
            code=entry.code,
            season=entry.track.season.slug,
            track=entry.track.slug,
            title=entry.title,
            abstract=entry.abstract,
            state=entry.state,
            rules=entry.rules_version.number,
            team=entry.team.name if named else "",
        )


class EntryPage(Schema):
    items: list[EntryOut]
    next: int | None
    """Give it as `cursor` for the next page; null on the last."""


class GitIn(Schema):
    url: Short
    revision: Title
    note: Short = ""


class SubmissionOut(Schema):
    code: str
    entry: str
    number: int
    kind: str
    state: str
    size: int
    file_count: int
    digest: str
    content_digest: str
    git_url: str
    git_revision: str
    git_commit: str
    refusal_code: str
    refusal_message: str
    submitted_at: datetime

    @staticmethod
    def resolve_entry(submission: Submission) -> str:
        return submission.entry.code


class WithdrawIn(Schema):
    reason: Paragraphs = ""
