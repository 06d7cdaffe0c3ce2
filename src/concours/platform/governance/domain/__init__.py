"""Charters, bodies, access reviews and votes. Other apps use these functions, never the models."""

from concours.platform.governance.domain.balloting import (
    cast_ballot,
    no_vote_of,
    opened,
    stand_aside,
    voters_of,
)
from concours.platform.governance.domain.bodies import (
    described,
    find_body,
    members_at,
    note_meeting,
    seat_member,
    sits_in,
    suspended_at,
    unseat_member,
)
from concours.platform.governance.domain.calling import call_off, call_vote, open_vote, rule_of
from concours.platform.governance.domain.charters import (
    adopt_charter,
    charter_in_force,
    parsed,
)
from concours.platform.governance.domain.closing import close_vote
from concours.platform.governance.domain.commenting import write_comment
from concours.platform.governance.domain.conflicts import conflicts_with
from concours.platform.governance.domain.finding import FoundReviews, reviews_of, search_reviews
from concours.platform.governance.domain.moving import move_by_office
from concours.platform.governance.domain.queries import (
    ShownVote,
    vote_shown,
    voters_concerned,
    votes_waiting_for,
    was_reviewed,
    with_parts,
)
from concours.platform.governance.domain.reviews import (
    add_document,
    decide_by_office,
    open_review,
    votes_of,
    withdraw_review,
)
from concours.platform.governance.domain.tending import tend_votes

__all__ = [
    "FoundReviews",
    "ShownVote",
    "add_document",
    "adopt_charter",
    "call_off",
    "call_vote",
    "cast_ballot",
    "charter_in_force",
    "close_vote",
    "conflicts_with",
    "decide_by_office",
    "described",
    "find_body",
    "members_at",
    "move_by_office",
    "no_vote_of",
    "note_meeting",
    "open_review",
    "open_vote",
    "opened",
    "parsed",
    "reviews_of",
    "rule_of",
    "search_reviews",
    "seat_member",
    "sits_in",
    "stand_aside",
    "suspended_at",
    "tend_votes",
    "unseat_member",
    "vote_shown",
    "voters_concerned",
    "voters_of",
    "votes_of",
    "votes_waiting_for",
    "was_reviewed",
    "with_parts",
    "withdraw_review",
    "write_comment",
]
