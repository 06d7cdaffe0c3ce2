"""A foundation with a charter, its bodies, reviews and votes, made through the domain functions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from concours.governance import preset_text, with_thresholds
from concours.platform.accounts.models import User
from concours.platform.core import clock
from concours.platform.core.actors import System
from concours.platform.governance import domain
from concours.platform.governance.models import AccessReview, Ballot, Body, Charter, Vote
from tests.factories import register
from tests.factories.people import person

ACTOR = System("tests")
NOW = datetime(2024, 5, 6, 9, tzinfo=UTC)


def charter(name: str = "openharmony", *, text: str = "", **changes: str) -> Charter:
    """A shipped charter in force; `changes` replace what stands after `key = ` in its rules."""
    text = text or with_thresholds(preset_text(name), "2/3")
    for key, value in changes.items():
        head, mark, rules = text.partition("[[rules]]")
        rows = [row for row in rules.split("\n") if not row.startswith(f"{key} = ")]
        text = "\n".join([head + mark, f"{key} = {value}", *rows])
    return domain.adopt_charter(actor=ACTOR, text=text)


def secret_charter() -> Charter:
    """Four in favour and none against, by secret ballots."""
    return charter(ballots='"secret"')


def body(slug: str = "pmc") -> Body:
    return Body.objects.get(slug=slug)


def members(number: int, *, of: str = "pmc", role: str = "member") -> list[User]:
    """People who sit in the body from NOW on, with names that show in pages."""
    people = [person(name=f"Member {index}") for index in range(number)]
    for one in people:
        domain.seat_member(actor=ACTOR, body=body(of), user=one, role=role, since=NOW)
    return people


def review(**fields: Any) -> AccessReview:
    """An open review of a project in preparation that asks to be incubated."""
    project = fields.pop("project", None) or register.project(stage="preparation")
    return domain.open_review(
        actor=ACTOR,
        project=project,
        to=fields.pop("to", "incubating"),
        summary=fields.pop("summary", "Please take us in."),
        **fields,
    )


def called(*, of: AccessReview | None = None, **fields: Any) -> Vote:
    return domain.call_vote(actor=ACTOR, review=of or review(), **fields)


def opened(*, of: AccessReview | None = None) -> Vote:
    """A vote that is open, at the moment it opens."""
    vote = called(of=of)
    with clock.frozen_at(vote.opens_at):
        return domain.open_vote(vote=vote)


def cast(vote: Vote, voter: User, choice: int = 1, **fields: Any) -> Ballot:
    """A ballot in the moment the vote opens."""
    with clock.frozen_at(fields.pop("at", vote.opens_at)):
        return domain.cast_ballot(actor=voter, vote=vote, choice=choice, **fields)


def closed(vote: Vote) -> Vote:
    with clock.frozen_at(vote.closes_at):
        return domain.close_vote(vote=vote)
