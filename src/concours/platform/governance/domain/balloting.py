"""Casting a ballot, changing it, and standing aside."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.governance import (
    Aside,
    LateBallots,
    Rule,
    Voter,
    commitment,
    why_no_voter,
)
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.core.sealed import decrypt, encrypt
from concours.platform.core.wording import passage
from concours.platform.governance.domain.calling import locked, note, open_vote, rule_of
from concours.platform.governance.domain.words import (
    MOST_NOTE,
    MOST_REASON,
    digest_of_text,
    needed,
)
from concours.platform.governance.enums import LIVE_STATES, Choice, VoteState
from concours.platform.governance.models import Ballot, Recusal, Vote
from concours.platform.record import domain as record

PURPOSE = "ballot"
_NO_VOTE = {
    Aside.RECUSED: _("You stand aside from this vote."),
    Aside.SUSPENDED: _("Missed meetings suspend you from voting."),
    Aside.LOST_ROLE: _("You have lost the role by which you had a vote."),
}


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What a ballot says: for the voter alone, or of an open vote for everyone."""

    choice: int
    reason: str
    salt: str
    tracker: str


@transaction.atomic
def cast_ballot(*, actor: Any, vote: Vote, choice: int, reason: str = "") -> Ballot:
    """Cast a ballot, or change it where the rule allows that; the one before is kept.

    Raises NotPermitted for whoever is not of the electorate. Raises Refused outside the window, for
    those who stand aside or are suspended, for a -1 without the reason that the rule asks for, for
    a change that it forbids, and when the project has moved meanwhile.
    """
    vote, moment = locked(vote), clock.now()
    if vote.state == VoteState.CALLED and moment >= vote.opens_at:
        vote = locked(open_vote(vote=vote))
    require(actor, "governance.cast", vote)
    rule = rule_of(vote)
    _require_window(vote, rule)
    _require_vote(actor, vote, rule)
    if choice not in Choice.values:
        raise Refused("no-ballot", _("A ballot says +1, 0 or −1."))
    reason = passage(reason.strip(), most=MOST_REASON)
    if rule.reasons_for_no and choice == Choice.NO and not reason:
        raise Refused("reason-needed", _("A −1 needs its reason here."))
    standing = vote.ballots.filter(voter=actor, current=True)
    if standing.exists():
        if not rule.may_change or moment >= vote.closes_at:
            raise Refused("cast-already", _("Your ballot stands; it cannot be changed."))
        standing.update(current=False)
    opened = Opened(
        choice=choice,
        reason=reason,
        salt=secrets.token_hex(32),
        tracker=secrets.token_hex(8) if rule.secret else "",
    )
    return _keep(actor, vote, opened, moment)


@transaction.atomic
def stand_aside(*, actor: Any, vote: Vote, reason: str) -> Recusal:
    """Declare that one stands aside; it cannot be taken back, and a ballot cast before falls.

    Raises Refused where the rule does not know it, and once the vote has ended.
    """
    vote = locked(vote)
    require(actor, "governance.stand_aside", vote)
    if vote.state not in LIVE_STATES or clock.now() >= vote.closes_at:
        raise Refused("vote-ended", _("This vote has ended."))
    if vote.state == VoteState.OPEN:
        require(actor, "governance.cast", vote)
    if not rule_of(vote).recusal.declared:
        raise Refused("no-recusal", _("The charter lets nobody stand aside by their own word."))
    if vote.recusals.filter(user=actor).exists():
        raise Refused("aside-already", _("You stand aside from this vote already."))
    reason = needed(reason, most=MOST_NOTE)
    recusal = Recusal.objects.create(vote=vote, user=actor, reason=reason, declared_at=clock.now())
    name = record.name_of(actor)
    for one in vote.electorate:
        if one["voter"] == name:
            one["recused"] = sorted({*one["recused"], "declared"})
    vote.save(update_fields=["electorate"])
    note(actor=actor, verb="vote.recused", vote=vote, voter=name, digest=digest_of_text(reason))
    return recusal


def opened(ballot: Ballot) -> Opened:
    """What a ballot says. Whom it may be told, `rules.visible_ballots` decides."""
    if ballot.sealed:
        return Opened(**json.loads(decrypt(PURPOSE, ballot.sealed)))
    return Opened(
        choice=ballot.choice if ballot.choice is not None else 0,
        reason=ballot.reason,
        salt=ballot.salt,
        tracker="",
    )


def without_words(ballot: Ballot, *, instead: str) -> None:
    """Put `instead` in place of a ballot's reason, where it has one; its commitment still holds."""
    said = opened(ballot)
    if not said.reason:
        return
    if ballot.sealed:
        ballot.sealed = encrypt(PURPOSE, json.dumps({**vars(said), "reason": instead}))
        vote = lock(ballot.vote)
        for one in vote.listed:
            if one["tracker"] == said.tracker:
                one["reason"] = instead
        vote.save(update_fields=["listed"])
    else:
        ballot.reason = instead
    ballot.save(update_fields=["sealed", "reason"])


def voters_of(vote: Vote) -> list[Voter]:
    """The frozen electorate, as the engine takes it."""
    return [
        Voter(
            name=one["voter"],
            role=one["role"],
            recused=tuple(one["recused"]),
            suspended=one["suspended"],
            lost_role=one["lost_role"],
        )
        for one in vote.electorate
    ]


def no_vote_of(*, user: Any, vote: Vote) -> Any | None:
    """Why somebody of the electorate has no vote, as a sentence; None for one who has."""
    name = record.name_of(user)
    for voter in voters_of(vote):
        if voter.name == name:
            why = why_no_voter(rule_of(vote), voter)
            return _NO_VOTE[why] if why is not None else None
    return None


def _keep(actor: Any, vote: Vote, said: Opened, moment: Any) -> Ballot:
    name = record.name_of(actor)
    held = commitment(
        vote=vote.code,
        name=said.tracker or name,
        choice=said.choice,
        reasoned=bool(said.reason),
        salt=said.salt,
    )
    ballot = Ballot(vote=vote, voter=actor, commitment=held, cast_at=moment)
    told: dict[str, Any] = {"commitment": held}
    if vote.secret:
        ballot.sealed = encrypt(PURPOSE, json.dumps(vars(said)))
    else:
        ballot.choice, ballot.reason, ballot.salt = said.choice, said.reason, said.salt
        told |= {
            "choice": said.choice,
            "reasoned": bool(said.reason),
            "salt": said.salt,
            "reason": digest_of_text(said.reason),
        }
    ballot.save()
    note(actor=actor, verb="ballot.cast", vote=vote, **told)
    return ballot


def _require_window(vote: Vote, rule: Rule) -> None:
    moment = clock.now()
    if vote.state == VoteState.CALLED or moment < vote.opens_at:
        raise Refused("too-early", _("The vote does not open yet."))
    over = moment >= vote.closes_at and rule.late is LateBallots.REFUSED
    if vote.state != VoteState.OPEN or over:
        raise Refused("vote-ended", _("This vote has ended."))
    if vote.review.project.stage != vote.review.origin:
        raise Refused("project-moved", _("The project changed its stage meanwhile."))


def _require_vote(actor: Any, vote: Vote, rule: Rule) -> None:
    sentence = no_vote_of(user=actor, vote=vote)
    if sentence is not None:
        raise Refused("no-vote", sentence)
