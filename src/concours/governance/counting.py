"""Counting a vote: exact, in whatever order the ballots come, each step told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from concours.governance.ballots import ABSTAIN, CHOICES, NO, YES, Ballot, Voter
from concours.governance.errors import BadVote
from concours.governance.outcome import Aside, Outcome, Result, Step, Tally
from concours.governance.rule import Abstentions, LostRole, Measure, Rule, Tie, Veto


@dataclass(frozen=True, kw_only=True)
class Bases:
    """How many are members for shares, and for the quorum; and who is left out of them."""

    voters: int
    members: int
    quorum_of: int
    recused: int
    suspended: int
    lost: int


def count(
    *, rule: Rule, electorate: Sequence[Voter], ballots: Sequence[Ballot], chair: str = ""
) -> Outcome:
    """What the vote comes to. O(voters + ballots).

    `chair` is the name of whoever decides ties, where the rule says so. Raises BadVote for two
    ballots of one voter, a voter who is twice in the electorate, a choice other than +1, 0, -1,
    and a rule whose threshold is not set.
    """
    voters = _sound(rule, electorate)
    chairs = [ballot.choice for ballot in ballots if chair and ballot.voter == chair]
    sorted_out = _sorted_out(ballots, lambda one: why_aside(rule, voters.get(one.voter), one))
    casting = chairs[0] if chairs and chair in {one.voter for one in sorted_out[0]} else None
    return _outcome(rule, electorate, *sorted_out, casting)


def count_secret(*, rule: Rule, electorate: Sequence[Voter], ballots: Sequence[Ballot]) -> Outcome:
    """What a secret vote comes to: each ballot's `voter` is its tracker, and all listed are of
    voters who have a vote. Raises BadVote as `count`."""
    _sound(rule, electorate)
    sorted_out = _sorted_out(ballots, lambda one: _without_reason(rule, one))
    return _outcome(rule, electorate, *sorted_out, None)


def _sound(rule: Rule, electorate: Sequence[Voter]) -> dict[str, Voter]:
    """The voters by name. Raises BadVote for what cannot be counted with."""
    if rule.unset:
        raise BadVote(f"the threshold of {rule.key} is not set")
    voters = {voter.name: voter for voter in electorate}
    if len(voters) < len(electorate):
        raise BadVote("a voter is twice in the electorate")
    return voters


def _sorted_out(
    ballots: Sequence[Ballot], judge: Callable[[Ballot], Aside | None]
) -> tuple[list[Ballot], list[tuple[str, Aside]]]:
    """(the ballots that count, the names of those that do not with the reason)."""
    counted: list[Ballot] = []
    aside: list[tuple[str, Aside]] = []
    seen: set[str] = set()
    for ballot in ballots:
        if ballot.choice not in CHOICES:
            raise BadVote(f"{ballot.choice!r} is no ballot: use 1, 0 or -1")
        if ballot.voter in seen:
            raise BadVote(f"{ballot.voter} has two ballots")
        seen.add(ballot.voter)
        why = judge(ballot)
        if why is None:
            counted.append(ballot)
        else:
            aside.append((ballot.voter, why))
    return counted, aside


def _outcome(
    rule: Rule,
    electorate: Sequence[Voter],
    counted: list[Ballot],
    aside: list[tuple[str, Aside]],
    casting: int | None,
) -> Outcome:
    bases, tally = bases_of(rule, electorate), tally_of(rule, counted)
    result, steps = _decide(rule, bases, tally, len(aside), casting)
    return Outcome(
        result=result,
        tally=tally,
        members=bases.members,
        quorum_of=bases.quorum_of,
        steps=steps,
        counted=tuple(sorted(ballot.voter for ballot in counted)),
        aside=tuple(sorted(aside)),
    )


def why_aside(rule: Rule, voter: Voter | None, ballot: Ballot) -> Aside | None:
    """Why that ballot does not count; None when it does."""
    if voter is None:
        return Aside.UNKNOWN
    standing = why_no_voter(rule, voter)
    if standing is not None:
        return standing
    if ballot.late:
        return Aside.LATE
    return _without_reason(rule, ballot)


def _without_reason(rule: Rule, ballot: Ballot) -> Aside | None:
    lacking = rule.reasons_for_no and ballot.choice == NO and not ballot.reasoned
    return Aside.NO_REASON if lacking else None


def why_no_voter(rule: Rule, voter: Voter) -> Aside | None:
    """Why somebody of the electorate has no vote that counts; None when they have one."""
    if recusals_that_hold(rule, voter):
        return Aside.RECUSED
    if voter.suspended:
        return Aside.SUSPENDED
    if voter.lost_role and rule.lost_role is LostRole.DROPS:
        return Aside.LOST_ROLE
    return None


def recusals_that_hold(rule: Rule, voter: Voter) -> tuple[str, ...]:
    """Those of the voter's reasons to stand aside that the rule knows."""
    known = {
        "affiliation": rule.recusal.affiliation,
        "donor": rule.recusal.donor,
        "declared": rule.recusal.declared,
    }
    return tuple(reason for reason in voter.recused if known.get(reason))


def bases_of(rule: Rule, electorate: Iterable[Voter]) -> Bases:
    """The denominators. Whoever is suspended, or drops out with the role, is in none of them."""
    found = Counter(str(why_no_voter(rule, voter) or "full") for voter in electorate)
    full, recused = found["full"], found[Aside.RECUSED]
    return Bases(
        voters=sum(found.values()),
        members=full + (recused if rule.recusal.counts_in_members else 0),
        quorum_of=full + (recused if rule.recusal.counts_in_quorum else 0),
        recused=recused,
        suspended=found[Aside.SUSPENDED],
        lost=found[Aside.LOST_ROLE],
    )


def tally_of(rule: Rule, ballots: Iterable[Ballot]) -> Tally:
    """How many of those ballots say what."""
    found = Counter((ballot.choice, ballot.reasoned) for ballot in ballots)
    no = found[NO, True] + found[NO, False]
    vetoes = {Veto.NONE: 0, Veto.ANY: no, Veto.REASONED: found[NO, True]}
    return Tally(
        yes=found[YES, True] + found[YES, False],
        no=no,
        abstain=found[ABSTAIN, True] + found[ABSTAIN, False],
        vetoes=vetoes[rule.veto],
    )


def _decide(
    rule: Rule, bases: Bases, tally: Tally, aside: int, casting: int | None
) -> tuple[Result, tuple[Step, ...]]:
    quorum, vetoes, minimum = _quorum(rule, bases, tally), _veto(rule, tally), _minimum(rule, tally)
    measured = _measured(rule, bases, tally)
    steps = [_electorate(bases), _tally(tally, aside), *quorum, *vetoes, *minimum, measured]
    tie = (
        rule.measure is Measure.MORE_YES
        and tally.yes == tally.no
        and all(step.holds for step in minimum)
    )
    if tie:
        steps.append(_tie(rule, casting))
    if not all(step.holds for step in quorum):
        result = Result.NO_QUORUM
    elif not all(step.holds for step in vetoes):
        result = Result.VETOED
    elif tie:
        result = Result.PASSED if steps[-1].holds else Result.TIED
    elif measured.holds and all(step.holds for step in minimum):
        result = Result.PASSED
    else:
        result = Result.FAILED
    return result, tuple(steps)


def _step(code: str, held: bool | None = None, /, **values: object) -> Step:
    return Step(code=code, holds=held, values={name: str(value) for name, value in values.items()})


def _electorate(bases: Bases) -> Step:
    return _step(
        "electorate",
        members=bases.members,
        voters=bases.voters,
        recused=bases.recused,
        suspended=bases.suspended,
        lost=bases.lost,
    )


def _tally(tally: Tally, aside: int) -> Step:
    return _step("tally", yes=tally.yes, no=tally.no, abstain=tally.abstain, aside=aside)


def _quorum(rule: Rule, bases: Bases, tally: Tally) -> list[Step]:
    if not rule.quorum:
        return []
    present = tally.yes + tally.no
    if rule.abstentions is not Abstentions.ABSENT:
        present += tally.abstain
    needed = max(1, ceil(rule.quorum * bases.quorum_of))
    return [
        _step(
            "quorum",
            present >= needed,
            share=rule.quorum,
            base=bases.quorum_of,
            needed=needed,
            present=present,
        )
    ]


def _veto(rule: Rule, tally: Tally) -> list[Step]:
    if rule.veto is Veto.NONE:
        return []
    code = "veto" if rule.veto is Veto.ANY else "reasoned-veto"
    return [_step(code, tally.vetoes == 0, vetoes=tally.vetoes)]


def _minimum(rule: Rule, tally: Tally) -> list[Step]:
    if not rule.minimum_yes:
        return []
    held = tally.yes >= rule.minimum_yes
    return [_step("minimum", held, needed=rule.minimum_yes, yes=tally.yes)]


def _measured(rule: Rule, bases: Bases, tally: Tally) -> Step:
    if rule.measure is Measure.MORE_YES or rule.threshold is None:
        return _step("more-yes-than-no", tally.yes > tally.no, yes=tally.yes, no=tally.no)
    base = bases.members
    if rule.measure is Measure.CAST:
        base = tally.yes + tally.no
        if rule.abstentions is Abstentions.CAST:
            base += tally.abstain
    share = Fraction(tally.yes, base) if base else Fraction(0)
    held = share > rule.threshold if rule.strict else share >= rule.threshold
    code = f"{rule.measure}-strict" if rule.strict else str(rule.measure)
    return _step(code, held, share=rule.threshold, base=base, yes=tally.yes, exact=share)


def _tie(rule: Rule, casting: int | None) -> Step:
    decides = rule.tie is Tie.CHAIR
    held = decides and casting == YES
    if not decides:
        return _step("tie-falls", held)
    chair = "none" if casting is None else f"{casting:+d}"
    return _step("tie-chair", held, chair=chair)
