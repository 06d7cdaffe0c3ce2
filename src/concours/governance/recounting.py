"""Counting votes again from the events of an exported record, on any machine.

The events of a vote, all with the subject "vote:<code>":

- `vote.opened`: the rule, the electorate, the window, who decides ties;
- `vote.recused`, `vote.role-lost`: a voter stands aside, or left the body;
- `ballot.cast`: the commitment, and in an open vote what it commits to;
- `vote.closed`: the outcome, and of a secret vote the ballots without their voters;
- `vote.voided`: it ended without a count.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from concours.governance.ballots import Ballot, Voter, commitment, together
from concours.governance.counting import count, count_secret, why_no_voter
from concours.governance.errors import BadVote
from concours.governance.outcome import Outcome, facts_of_outcome
from concours.governance.rule import LateBallots, Rule, rule_from

VERBS = (
    "vote.opened",
    "vote.recused",
    "vote.role-lost",
    "ballot.cast",
    "vote.closed",
    "vote.voided",
)
_UNREADABLE = (
    KeyError, ValueError, TypeError, IndexError, AttributeError, ArithmeticError, RecursionError,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Cast:
    """A ballot as it was cast: the record's number and moment, and what its event says."""

    seq: int
    at: datetime
    voter: str
    commitment: str
    choice: int | None = None
    reasoned: bool = False


@dataclass
class _Vote:
    """The events of one vote, as far as they were read."""

    code: str
    rule: Rule
    opens_at: datetime
    closes_at: datetime
    chair: str
    voters: dict[str, Voter]
    casts: dict[str, Cast] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Recounted:
    """A vote counted again. `outcome` is None for one that was voided; `announced` is what the
    record says it came to. `faults` are all differences; without any the count agrees."""

    code: str
    outcome: Outcome | None
    announced: Mapping[str, Any] | None
    ballots: int
    faults: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        return not self.faults


def recount(events: Iterable[Mapping[str, Any]]) -> list[Recounted]:
    """Every vote that has ended in those events, in the order of their ends. O(events).

    An event is a mapping with `seq`, `at` (ISO 8601), `actor`, `verb`, `subject` and `data` (JSON
    text). Events of other kinds are passed over. That the chain of the record holds is a check of
    its own.
    """
    going: dict[str, _Vote] = {}
    found: list[Recounted] = []
    for event in events:
        if event["verb"] not in VERBS:
            continue
        code = str(event["subject"]).partition(":")[2]
        try:
            ended = _follow(going, code, event)
        except _UNREADABLE as error:
            problem = f"event {event.get('seq')}: cannot be read: {error!r}"
            ended = Recounted(code=code, outcome=None, announced=None, ballots=0, faults=(problem,))
        if ended is not None:
            going.pop(code, None)
            found.append(ended)
    return found


def _follow(going: dict[str, _Vote], code: str, event: Mapping[str, Any]) -> Recounted | None:
    verb, data = event["verb"], json.loads(event["data"])
    if verb == "vote.opened":
        if code in going:
            raise BadVote("the vote was opened twice")
        going[code] = _opened(code, data)
        return None
    vote = going.get(code)
    if verb == "vote.recused" and vote is None:
        return None  # before the opening: the electorate will tell it
    if verb == "vote.voided":
        ballots = len(vote.casts) if vote else 0
        return Recounted(code=code, outcome=None, announced=data, ballots=ballots, faults=())
    if vote is None:
        raise BadVote("the vote was never opened")
    if verb == "ballot.cast":
        _cast(vote, event, data)
    elif verb == "vote.recused":
        _change(vote, data["voter"], recused=True)
    elif verb == "vote.role-lost":
        _change(vote, data["voter"], recused=False)
    else:
        return _closed(vote, event, data)
    return None


def _opened(code: str, data: Mapping[str, Any]) -> _Vote:
    voters = [
        Voter(
            name=one["voter"],
            role=one["role"],
            recused=tuple(one["recused"]),
            suspended=one["suspended"],
        )
        for one in data["electorate"]
    ]
    vote = _Vote(
        code=code,
        rule=rule_from(data["rule"]),
        opens_at=datetime.fromisoformat(data["opens_at"]),
        closes_at=datetime.fromisoformat(data["closes_at"]),
        chair=data["chair"],
        voters={voter.name: voter for voter in voters},
    )
    if len(vote.voters) < len(voters):
        vote.faults.append("a voter is twice in the electorate")
    return vote


def _change(vote: _Vote, name: str, *, recused: bool) -> None:
    voter = vote.voters.get(name)
    if voter is None:
        vote.faults.append(f"{name} is not of the electorate")
    elif recused:
        vote.voters[name] = replace(voter, recused=(*voter.recused, "declared"))
    else:
        vote.voters[name] = replace(voter, lost_role=True)


def _cast(vote: _Vote, event: Mapping[str, Any], data: Mapping[str, Any]) -> None:
    cast = Cast(
        seq=event["seq"],
        at=datetime.fromisoformat(event["at"]),
        voter=event["actor"],
        commitment=data["commitment"],
        choice=data.get("choice"),
        reasoned=bool(data.get("reasoned")),
    )
    place = f"event {cast.seq}"
    if vote.rule.secret:
        if "choice" in data:
            vote.faults.append(f"{place}: a secret ballot tells its choice")
    else:
        held = commitment(
            vote=vote.code,
            name=cast.voter,
            choice=data["choice"],
            reasoned=cast.reasoned,
            salt=data["salt"],
        )
        if held != cast.commitment:
            vote.faults.append(f"{place}: the ballot is not the one that was committed to")
    late = not vote.opens_at <= cast.at < vote.closes_at
    if late and vote.rule.late is LateBallots.REFUSED:
        vote.faults.append(f"{place}: the ballot came outside the window")
    # What was cast in time stands against what comes late.
    if not (late and cast.voter in vote.casts):
        if cast.voter in vote.casts and not vote.rule.may_change:
            vote.faults.append(f"{place}: a ballot was changed, which the rule forbids")
        vote.casts[cast.voter] = cast


def _closed(vote: _Vote, event: Mapping[str, Any], data: Mapping[str, Any]) -> Recounted:
    if datetime.fromisoformat(event["at"]) < vote.closes_at:
        vote.faults.append(f"event {event['seq']}: the vote was counted before its end")
    electorate = list(vote.voters.values())
    if vote.rule.secret:
        listed = _listed(vote, data)
        outcome = count_secret(rule=vote.rule, electorate=electorate, ballots=listed)
    else:
        known = _known(vote)
        outcome = count(rule=vote.rule, electorate=electorate, ballots=known, chair=vote.chair)
    announced = data["outcome"]
    computed = facts_of_outcome(outcome, secret=vote.rule.secret)
    for name in sorted(computed.keys() | announced.keys()):
        if computed.get(name) != announced.get(name):
            vote.faults.append(
                f"{name} was announced as {announced.get(name)!r}, and is {computed.get(name)!r}"
            )
    if together(cast.commitment for cast in vote.casts.values()) != data["ballots_digest"]:
        vote.faults.append("the ballots are not those that were closed over")
    return Recounted(
        code=vote.code,
        outcome=outcome,
        announced=announced,
        ballots=len(vote.casts),
        faults=tuple(vote.faults),
    )


def _known(vote: _Vote) -> list[Ballot]:
    """The ballots of an open vote."""
    return [
        Ballot(
            voter=cast.voter,
            choice=cast.choice if cast.choice is not None else 9,
            reasoned=cast.reasoned,
            late=not vote.opens_at <= cast.at < vote.closes_at,
        )
        for cast in vote.casts.values()
    ]


def _listed(vote: _Vote, data: Mapping[str, Any]) -> list[Ballot]:
    """The ballots of a secret vote, named by their trackers.

    There must be one for each voter who cast one that counts.
    """
    listed = data["ballots"]
    trackers = [one["tracker"] for one in listed]
    if len(set(trackers)) < len(trackers):
        vote.faults.append("a tracker is there twice")
    if trackers != sorted(trackers):
        vote.faults.append("the ballots are not in the order of their trackers")
    entitled = sum(_counts(vote, cast) for cast in vote.casts.values())
    if entitled != len(listed):
        vote.faults.append(f"{len(listed)} ballots are listed, and {entitled} voters cast one")
    return [
        Ballot(voter=one["tracker"], choice=one["choice"], reasoned=one["reasoned"])
        for one in listed
    ]


def _counts(vote: _Vote, cast: Cast) -> bool:
    voter = vote.voters.get(cast.voter)
    in_time = vote.opens_at <= cast.at < vote.closes_at
    return voter is not None and in_time and why_no_voter(vote.rule, voter) is None
