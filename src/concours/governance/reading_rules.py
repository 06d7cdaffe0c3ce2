"""The rules of voting of a charter."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from concours.governance.charter import CharterBody
from concours.governance.rule import (
    Abstentions,
    LateBallots,
    LostRole,
    Measure,
    RecusalRule,
    Rule,
    Tie,
    Veto,
)
from concours.governance.shares import share_of
from concours.tables import Table

TO_BE_SET = "to-be-set"


def rules_of(table: Table, bodies: Mapping[str, CharterBody]) -> tuple[Rule, ...]:
    """The tables under `rules`; faults are noted."""
    return tuple(_rule(part, bodies) for part in table.tables("rules", most=100))


def _rule(part: Table, bodies: Mapping[str, CharterBody]) -> Rule:
    measure = Measure(part.choice("measure", list(Measure)))
    threshold, unset = _threshold(part, measure)
    found = Rule(
        key=part.slug("key"),
        title=part.text("title"),
        title_zh=part.text("title_zh", default=""),
        body=part.slug("body"),
        secret=part.choice("ballots", ["open", "secret"]) == "secret",
        measure=measure,
        threshold=threshold,
        strict=part.boolean("strict"),
        unset=unset,
        minimum_yes=part.integer("minimum_yes", low=0, high=100_000, default=0),
        quorum=_share(part, "quorum", default=Fraction(0)),
        abstentions=Abstentions(part.choice("abstentions", list(Abstentions), default="present")),
        veto=Veto(part.choice("veto", list(Veto), default="none")),
        reasons_for_no=part.boolean("reasons_for_no"),
        open_hours=part.integer("open_hours", low=1, high=24 * 365),
        comment_days=part.integer("comment_days", low=0, high=365, default=0),
        may_change=part.boolean("may_change", default=True),
        late=LateBallots(part.choice("late", list(LateBallots), default="refused")),
        tie=Tie(part.choice("tie", list(Tie), default="falls")),
        lost_role=LostRole(part.choice("lost_role", list(LostRole), default="stands")),
        recusal=_recusal(part.table("recusal")),
    )
    part.done()
    _sound(part, found, bodies)
    return found


def _sound(part: Table, rule: Rule, bodies: Mapping[str, CharterBody]) -> None:
    """Note what does not go together."""
    body = bodies.get(rule.body)
    if body is None:
        part.fault("body", f"there is no body {rule.body!r}", "name a body of this charter")
    if rule.tie is not Tie.CHAIR:
        return
    if rule.secret:
        part.fault("tie", "the chair's vote would be told", "let ties fall in a secret vote")
    if rule.measure is not Measure.MORE_YES:
        part.fault("tie", "only more-yes-than-no has ties", "leave it out")
    if body is not None and not body.chair:
        part.fault("tie", f"{rule.body} has no chair", "name the body's chair")


def _threshold(part: Table, measure: Measure) -> tuple[Fraction | None, bool]:
    """(the threshold, whether it is still to be set)."""
    if measure is Measure.MORE_YES:
        if part.has("threshold"):
            part.know("threshold")
            part.fault("threshold", "goes with cast or members alone", "leave it out")
        return None, False
    text = part.text("threshold", most=20)
    if text == TO_BE_SET:
        return None, True
    found = share_of(text)
    if not found and text:
        part.fault("threshold", f"{text!r} is no share above 0", "write 2/3 or 55%")
    return found or Fraction(1), False


def _share(part: Table, key: str, *, default: Fraction) -> Fraction:
    text = part.text(key, most=20, default="")
    if not text:
        return default
    found = share_of(text)
    if found is None:
        part.fault(key, f"{text!r} is no share", "write 2/3 or 50%")
    return default if found is None else found


def _recusal(part: Table | None) -> RecusalRule:
    if part is None:
        return RecusalRule()
    found = RecusalRule(
        affiliation=part.boolean("affiliation", default=True),
        donor=part.boolean("donor", default=True),
        declared=part.boolean("declared", default=True),
        counts_in_quorum=part.boolean("counts_in_quorum"),
        counts_in_members=part.boolean("counts_in_members"),
    )
    part.done()
    return found
