"""Rules, electorates and ballots made short, and a vote as the record would hold it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from concours.governance import (
    Abstentions,
    Ballot,
    LateBallots,
    LostRole,
    Measure,
    RecusalRule,
    Rule,
    Tie,
    Veto,
    Voter,
    commitment,
    count,
    count_secret,
    facts_of,
    facts_of_outcome,
    together,
)

OPENS = datetime(2024, 5, 1, 9, tzinfo=UTC)
CLOSES = OPENS + timedelta(hours=72)
PLAIN = Rule(
    key="plain",
    title="Plain",
    title_zh="",
    body="toc",
    secret=False,
    measure=Measure.CAST,
    threshold=Fraction(1, 2),
    strict=True,
    unset=False,
    minimum_yes=0,
    quorum=Fraction(0),
    abstentions=Abstentions.PRESENT,
    veto=Veto.NONE,
    reasons_for_no=False,
    open_hours=72,
    comment_days=0,
    may_change=True,
    late=LateBallots.REFUSED,
    tie=Tie.FALLS,
    lost_role=LostRole.STANDS,
    recusal=RecusalRule(),
)


def rule(**changes: Any) -> Rule:
    return replace(PLAIN, **changes)


def voters(number: int) -> list[Voter]:
    return [Voter(name=f"user:{index:05}", role="member") for index in range(number)]


def ballots(*choices: int | None) -> list[Ballot]:
    """One for each choice, of the voters in order; None is no ballot."""
    return [
        Ballot(voter=f"user:{index:05}", choice=choice)
        for index, choice in enumerate(choices)
        if choice is not None
    ]


def yes_no(yes: int, no: int, abstain: int = 0) -> list[Ballot]:
    return ballots(*[1] * yes, *[-1] * no, *[0] * abstain)


class Recording:
    """The events of one vote as an export of the record has them, without the chain."""

    def __init__(self, *, rule: Rule, electorate: Sequence[Voter], code: str = "a-vote") -> None:
        self.rule, self.electorate, self.code = rule, list(electorate), code
        self.events: list[dict[str, Any]] = []
        self.last: dict[str, dict[str, Any]] = {}
        self.note(
            "vote.opened",
            {
                "rule": facts_of(rule),
                "opens_at": OPENS.isoformat(),
                "closes_at": CLOSES.isoformat(),
                "chair": "",
                "electorate": [
                    {
                        "voter": voter.name,
                        "role": voter.role,
                        "recused": list(voter.recused),
                        "suspended": voter.suspended,
                    }
                    for voter in electorate
                ],
            },
        )

    def note(
        self, verb: str, data: Mapping[str, Any], actor: str = "system:votes", at: Any = None
    ) -> None:
        self.events.append(
            {
                "seq": len(self.events) + 1,
                "at": (at or OPENS).isoformat(),
                "actor": actor,
                "verb": verb,
                "subject": f"vote:{self.code}",
                "data": json.dumps(data, sort_keys=True),
            }
        )

    def cast(self, voter: str, choice: int, *, reasoned: bool = False, at: Any = None) -> None:
        salt, tracker = f"salt-{voter}-{len(self.events)}", f"tracker-{len(self.events):05}"
        name = tracker if self.rule.secret else voter
        held = commitment(vote=self.code, name=name, choice=choice, reasoned=reasoned, salt=salt)
        told = {} if self.rule.secret else {"choice": choice, "reasoned": reasoned, "salt": salt}
        self.note("ballot.cast", {"commitment": held, **told}, actor=voter, at=at)
        self.last[voter] = {
            "commitment": held,
            "ballot": Ballot(voter=name, choice=choice, reasoned=reasoned),
        }

    def close(self) -> None:
        found = [one["ballot"] for one in self.last.values()]
        if self.rule.secret:
            outcome = count_secret(rule=self.rule, electorate=self.electorate, ballots=found)
        else:
            outcome = count(rule=self.rule, electorate=self.electorate, ballots=found)
        data: dict[str, Any] = {
            "outcome": facts_of_outcome(outcome, secret=self.rule.secret),
            "ballots_digest": together(one["commitment"] for one in self.last.values()),
        }
        if self.rule.secret:
            data["ballots"] = [
                {"tracker": one.voter, "choice": one.choice, "reasoned": one.reasoned}
                for one in sorted(found, key=lambda ballot: ballot.voter)
            ]
        self.note("vote.closed", data, at=CLOSES)
