"""The public call for tracks: anyone proposes, all discuss, staff decide with reasons."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.domain.tracks import create_track_from_proposal
from concours.platform.competitions.enums import ProposalState, SeasonState
from concours.platform.competitions.models import Batch, ProposalComment, Season, TrackProposal
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.digests import keyed_digest
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.core.wording import one_line, passage
from concours.platform.record import domain as record

MOST_WAITING = 20
MOST_COMMENTS = 50
"""Of one person within a day."""


@transaction.atomic
def propose_track(
    *,
    actor: Any,
    season: Season,
    batch: Batch,
    topic: str,
    category: str,
    owner: str,
    description: str,
    rules: str,
    format: str,  # noqa: A002
    prizes: str = "",
    technical_area: str = "",
) -> TrackProposal:
    """Answer the season's call.

    Raises Refused outside its window or the season's batches, and while MOST_WAITING proposals of
    `actor` wait for a decision.
    """
    season = lock(season)
    require(actor, "competitions.propose_track", season)
    moment = clock.now()
    opens = season.proposals_open_at or season.starts_at
    closes = season.proposals_close_at or season.ends_at
    if season.state != SeasonState.OPEN or not opens <= moment < closes:
        raise Refused("call-closed", _("The call for tracks is not open now."))
    if batch.season_id != season.pk:
        raise Refused("other-season", _("Choose a batch of this season."))
    waiting = season.proposals.filter(proposer=actor, state=ProposalState.SUBMITTED).count()
    if waiting >= MOST_WAITING:
        raise Refused("too-many-proposals", _("Wait until your other proposals are decided."))
    topic, category = one_line(topic, most=200), one_line(category, most=100)
    owner = one_line(owner, most=200)
    proposal = TrackProposal.objects.create(
        season=season,
        batch=batch,
        proposer=actor,
        topic=topic,
        category=category,
        technical_area=one_line(technical_area, most=80),
        owner=owner,
        description=passage(description, most=20_000),
        rules=passage(rules, most=100_000),
        format=passage(format, most=20_000),
        prizes=passage(prizes, most=5_000),
        proposed_at=moment,
    )
    record.append(
        actor=actor,
        verb="proposal.submitted",
        subject=proposal,
        season=season.slug,
        data={
            "topic_digest": keyed_digest("topic", topic),
            "category": category,
            "owner_digest": keyed_digest("owner", owner),
            "batch": batch.number,
        },
    )
    return proposal


@transaction.atomic
def comment_on_proposal(*, actor: Any, proposal: TrackProposal, text: str) -> ProposalComment:
    """Add to the discussion.

    Raises Refused for an empty comment, a decided proposal, and beyond MOST_COMMENTS a day.
    """
    proposal = lock(proposal)
    require(actor, "competitions.discuss_proposal", proposal)
    _require_undecided(proposal)
    if not text.strip():
        raise Refused("empty", _("Write something first."))
    lock(actor)  # so that a person's comments are counted one after the other
    moment = clock.now()
    recent = ProposalComment.objects.filter(author=actor, at__gt=moment - timedelta(days=1))
    if recent.count() >= MOST_COMMENTS:
        raise Refused("too-many-comments", _("You have said much today; go on tomorrow."))
    comment = ProposalComment.objects.create(
        proposal=proposal, author=actor, text=passage(text.strip(), most=5_000), at=moment
    )
    record.append(
        actor=actor,
        verb="proposal.discussed",
        subject=proposal,
        season=proposal.season.slug,
        data={"text_digest": keyed_digest("comment", comment.text)},
    )
    return comment


@transaction.atomic
def decide_proposal(
    *, actor: Any, proposal: TrackProposal, approve: bool, reason: str, slug: str = ""
) -> TrackProposal:
    """Approve (which drafts the track under `slug`) or decline, with reasons.

    Raises Refused without a reason, on a second decision, or for a slug that is taken.
    """
    proposal = lock(proposal)
    require(actor, "competitions.decide_proposal", proposal)
    _require_undecided(proposal)
    if not reason.strip():
        raise Refused("reason-needed", _("Give the reasons of the decision; they are published."))
    if approve:
        proposal.track = create_track_from_proposal(actor=actor, proposal=proposal, slug=slug)
    proposal.state = ProposalState.APPROVED if approve else ProposalState.DECLINED
    proposal.decision_reason = passage(reason.strip(), most=5_000)
    proposal.decided_by = actor
    proposal.decided_at = clock.now()
    proposal.save()
    record.append(
        actor=actor,
        verb=f"proposal.{proposal.state}",
        subject=proposal,
        season=proposal.season.slug,
        data={
            "reason_digest": keyed_digest("reason", proposal.decision_reason),
            "track": slug if approve else "",
        },
    )
    return proposal


@transaction.atomic
def withdraw_proposal(*, actor: Any, proposal: TrackProposal) -> TrackProposal:
    """Take one's own proposal back before it is decided."""
    proposal = lock(proposal)
    require(actor, "competitions.withdraw_proposal", proposal)
    _require_undecided(proposal)
    proposal.state = ProposalState.WITHDRAWN
    proposal.save(update_fields=["state"])
    record.append(
        actor=actor, verb="proposal.withdrawn", subject=proposal, season=proposal.season.slug
    )
    return proposal


def _require_undecided(proposal: TrackProposal) -> None:
    if proposal.state != ProposalState.SUBMITTED:
        raise Refused("already-decided", _("This proposal has been decided or withdrawn already."))
