"""What a count comes to, and each step of it as a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Result(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    NO_QUORUM = "no-quorum"
    VETOED = "vetoed"
    TIED = "tied"


class Aside(StrEnum):
    """Why a ballot did not count."""

    UNKNOWN = "unknown"
    RECUSED = "recused"
    SUSPENDED = "suspended"
    LOST_ROLE = "lost-role"
    LATE = "late"
    NO_REASON = "no-reason"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a count. `holds` is None for what is only stated; `values` fill the sentence."""

    code: str
    holds: bool | None
    values: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many voted how; `vetoes` are those -1 that can stop what is voted on."""

    yes: int
    no: int
    abstain: int
    vetoes: int


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`members` and `quorum_of` are the bases of shares of the members and of the quorum;
    `counted` names voters in order, `aside` (voter, why) pairs."""

    result: Result
    tally: Tally
    members: int
    quorum_of: int
    steps: tuple[Step, ...]
    counted: tuple[str, ...]
    aside: tuple[tuple[str, Aside], ...]

    @property
    def passed(self) -> bool:
        return self.result is Result.PASSED


SENTENCES = {
    "electorate": "{members} of {voters} voters count among the members: {recused} stand aside, "
    "{suspended} are suspended, {lost} lost the role.",
    "tally": "{yes} voted +1, {no} voted -1, {abstain} abstained; {aside} ballots do not count.",
    "quorum": "The quorum is {share} of {base}, so {needed}; {present} took part.",
    "veto": "A -1 is a veto here; there are {vetoes}.",
    "reasoned-veto": "A -1 with its reason is a veto here; there are {vetoes}.",
    "minimum": "At least {needed} votes of +1 are needed; there are {yes}.",
    "cast": "{share} of the {base} votes cast are needed; {yes} are +1, which is {exact}.",
    "cast-strict": "More than {share} of the {base} votes cast are needed; {yes} are +1, which is "
    "{exact}.",
    "members": "{share} of {base} members are needed; {yes} voted +1, which is {exact}.",
    "members-strict": "More than {share} of {base} members are needed; {yes} voted +1, which is "
    "{exact}.",
    "more-yes-than-no": "More +1 than -1 are needed; there are {yes} and {no}.",
    "tie-falls": "It is a tie, and in a tie what is voted on falls.",
    "tie-chair": "It is a tie, and the chair’s vote decides: {chair}.",
}
"""What each step says in English, by its code."""


def sentence(step: Step) -> str:
    return SENTENCES[step.code].format(**step.values)


def facts_of_outcome(outcome: Outcome, *, secret: bool) -> dict[str, Any]:
    """The outcome as the record carries it; whose ballots counted only where the vote was open.

    Of a secret vote it still tells who stood aside: that is the electorate, not how they voted.
    """
    tally = outcome.tally
    facts: dict[str, Any] = {
        "result": str(outcome.result),
        "yes": tally.yes,
        "no": tally.no,
        "abstain": tally.abstain,
        "vetoes": tally.vetoes,
        "members": outcome.members,
        "quorum_of": outcome.quorum_of,
        "steps": [[step.code, step.holds, step.values] for step in outcome.steps],
    }
    if not secret:
        facts["counted"] = list(outcome.counted)
        facts["aside"] = [[name, str(why)] for name, why in outcome.aside]
    return facts
