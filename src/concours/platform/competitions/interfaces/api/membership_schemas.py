"""Shapes of what captains do about their team's people."""

from __future__ import annotations

from typing import Annotated

from ninja import Schema
from pydantic import StringConstraints

from concours.platform.competitions.models import TeamMerge


class MemberIn(Schema):
    """The code of a member."""

    member: Annotated[str, StringConstraints(max_length=12)]


class MergeIn(Schema):
    """The code of the team to become part of; its captain has it."""

    into: Annotated[str, StringConstraints(max_length=12)]


class MergeOut(Schema):
    """An offer of one team to become part of another, each by its code."""

    code: str
    team: str
    into: str
    state: str

    @classmethod
    def of(cls, offer: TeamMerge) -> MergeOut:
        return cls(code=offer.code, team=offer.team.code, into=offer.into.code, state=offer.state)
