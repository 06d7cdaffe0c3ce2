"""One way to vote: who counts, what passes, and what is refused. All figures are exact."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Any


class Measure(StrEnum):
    """What the +1 are measured against."""

    CAST = "cast"
    MEMBERS = "members"
    MORE_YES = "more-yes-than-no"


class Abstentions(StrEnum):
    """What a 0 is: a vote in the denominator and the quorum, in the quorum alone, or no vote."""

    CAST = "cast"
    PRESENT = "present"
    ABSENT = "absent"


class Veto(StrEnum):
    """Whether one -1 stops what is voted on: never, always, or when it gives a reason."""

    NONE = "none"
    ANY = "any"
    REASONED = "reasoned"


class Tie(StrEnum):
    """As many +1 as -1: what is voted on falls, or the chair's own vote decides."""

    FALLS = "falls"
    CHAIR = "chair"


class LateBallots(StrEnum):
    REFUSED = "refused"
    ADVISORY = "advisory"


class LostRole(StrEnum):
    """Who loses the role in mid-vote: the ballot stands, or the voter leaves the count whole."""

    STANDS = "stands"
    DROPS = "drops"


@dataclass(frozen=True, kw_only=True)
class RecusalRule:
    """Who stands aside, and whether those still count in the quorum's base and among members."""

    affiliation: bool = True
    donor: bool = True
    declared: bool = True
    counts_in_quorum: bool = False
    counts_in_members: bool = False


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule of voting.

    `threshold` is in (0, 1], None where the measure needs none or it is still to be set; `strict`
    asks for more than the threshold rather than as much. `quorum` is a share of the members in
    [0, 1]. `minimum_yes` counts binding +1. `unset` says that the foundation must set the threshold
    before anything can be voted on.
    """

    key: str
    title: str
    title_zh: str
    body: str
    secret: bool
    measure: Measure
    threshold: Fraction | None
    strict: bool
    unset: bool
    minimum_yes: int
    quorum: Fraction
    abstentions: Abstentions
    veto: Veto
    reasons_for_no: bool
    open_hours: int
    comment_days: int
    may_change: bool
    late: LateBallots
    tie: Tie
    lost_role: LostRole
    recusal: RecusalRule

    @property
    def open_for(self) -> timedelta:
        return timedelta(hours=self.open_hours)

    @property
    def comment_for(self) -> timedelta:
        return timedelta(days=self.comment_days)


def facts_of(rule: Rule) -> dict[str, Any]:
    """The rule as JSON can carry it, fractions as "2/3"; `rule_from` makes it again."""
    found: dict[str, Any] = {}
    for field in fields(rule):
        value = getattr(rule, field.name)
        if isinstance(value, Fraction):
            value = str(value)
        elif isinstance(value, RecusalRule):
            value = {part.name: getattr(value, part.name) for part in fields(value)}
        elif isinstance(value, StrEnum):
            value = str(value)
        found[field.name] = value
    return found


def rule_from(facts: dict[str, Any]) -> Rule:
    """The rule of those facts. Raises ValueError, KeyError or TypeError for anything else."""
    values = dict(facts)
    for name, kind in _ENUMS.items():
        values[name] = kind(values[name])
    values["quorum"] = _exact(values["quorum"])
    if values["threshold"] is not None:
        values["threshold"] = _exact(values["threshold"])
    values["recusal"] = RecusalRule(**values["recusal"])
    return Rule(**values)


def _exact(text: object) -> Fraction:
    """As `facts_of` writes it, in [0, 1]: what else Fraction reads can take for ever."""
    match = _EXACT.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError("a share is a whole number or a fraction such as 2/3")
    found = Fraction(int(match[1]), int(match[2] or 1))
    if found > 1:
        raise ValueError("a share is at most 1")
    return found


_EXACT = re.compile(r"(\d{1,9})(?:/([1-9]\d{0,8}))?", re.ASCII)
_ENUMS = {
    "measure": Measure,
    "abstentions": Abstentions,
    "veto": Veto,
    "late": LateBallots,
    "tie": Tie,
    "lost_role": LostRole,
}
