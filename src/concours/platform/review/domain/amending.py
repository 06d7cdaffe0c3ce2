"""Published standings on changed reviews: computed without touching them, then put in their place.

A review is named by its entry and its reviewer's alias, as standings publish it; the code of a duty
stands beside its reviewer in the record and would tell who wrote it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.peerreview import BadInput
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.review.domain import inputs as judged
from concours.platform.review.domain.computing import Computed, compute
from concours.platform.review.domain.identities import aliases_of
from concours.platform.review.domain.inputs import Scores
from concours.platform.review.domain.queries import PeerResult
from concours.platform.review.domain.reviewing import checked_scores
from concours.platform.review.domain.rounds import lock_round
from concours.platform.review.domain.standings import next_number, store_snapshot
from concours.platform.review.enums import AliasKind, RoundState
from concours.platform.review.models import Amendment, Review, ReviewRound, StandingSnapshot


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is to count of a review: nothing if `struck`, else `scores`, else its own again."""

    entry_id: int
    alias: str
    struck: bool = False
    scores: Scores | None = None


@dataclass(frozen=True, kw_only=True)
class Counting:
    """What counts of a review now, and whether that is what its reviewer wrote."""

    alias: str
    struck: bool
    amended: bool
    scores: Scores
    own: Scores


@dataclass(frozen=True, kw_only=True)
class Staged:
    """Standings as they would be. `number` is the one they would have, `base` what they amend;
    `amendments` are (key of the review, struck, scores)."""

    base: StandingSnapshot
    number: int
    inputs: judged.Inputs
    inputs_digest: str
    seed: bytes
    entries: list[int]
    reviewers: list[int]
    computed: Computed
    amendments: tuple[tuple[int, bool, Scores | None], ...]

    @property
    def results(self) -> dict[int, PeerResult]:
        """{key of entry: its result}, as `peer_results` would tell once this is published."""
        return {
            self.entries[row.index]: PeerResult(
                points_milli=row.points_milli,
                rank=row.rank,
                rank_low=row.rank_low,
                rank_high=row.rank_high,
                finalist=row.finalist,
            )
            for row in self.computed.rows
        }


def counting_reviews(*, round: ReviewRound, entry: Any) -> list[Counting]:  # noqa: A002
    """The entry's reviews by alias, with what counts of each."""
    rows = list(
        Review.objects.filter(assignment__round=round, assignment__entry=entry).select_related(
            "assignment"
        )
    )
    aliases = aliases_of(
        round=round,
        kind=AliasKind.REVIEWER,
        subject_ids=[row.assignment.reviewer_id for row in rows],
    )
    amended = judged.amended(round)
    found = [
        Counting(
            alias=aliases[row.assignment.reviewer_id],
            struck=row.pk in amended and amended[row.pk] is None,
            amended=row.pk in amended,
            scores=amended.get(row.pk) or row.scores,
            own=row.scores,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: one.alias)


def stage_standings(
    *,
    round: ReviewRound,  # noqa: A002
    wanted: Sequence[Wanted] = (),
    entering: Collection[int] = (),
    leaving: Collection[int] = (),
) -> Staged:
    """The published standings as they would be with those reviews and entries; nothing is stored.

    Ties, draws and seats keep the seed of the published standings. Raises Refused before standings
    are published, for a review that there is not, scores that the rubric does not have, when no
    entry is left, and where the methods cannot judge what is left. Costs what the standings cost.
    """
    base = round.snapshots.filter(published=True).first()
    if round.state != RoundState.PUBLISHED or base is None:
        raise Refused("not-published", _("The standings are not published; compute them as usual."))
    ranked = set(base.standings.order_by().values_list("entry_id", flat=True))
    amendments = _amendments(round, wanted)
    inputs, entries, reviewers = judged.gather(
        round,
        entry_ids=sorted(ranked.union(entering) - set(leaving)),
        standing=base,
        counted=_counted(amendments),
    )
    if not entries:
        raise Refused("no-entries", _("No entry is left in this round."))
    seed = bytes.fromhex(base.seed)
    try:
        computed = compute(inputs, seed=seed)
    except BadInput as error:
        raise Refused(
            "cannot-compute",
            _("The round’s methods cannot judge these reviews: %(why)s") % {"why": error},
        ) from error
    return Staged(
        base=base,
        number=next_number(round),
        inputs=inputs,
        inputs_digest=judged.digest_of(inputs),
        seed=seed,
        entries=entries,
        reviewers=reviewers,
        computed=computed,
        amendments=amendments,
    )


@transaction.atomic
def amend_standings(*, actor: Any, staged: Staged) -> StandingSnapshot:
    """Publish staged standings in place of those that they amend, which are kept.

    Who calls it appends the one event of the act, with `published_inputs` of the new snapshot.
    Raises Refused when other standings have been published since.
    """
    locked = lock_round(staged.base.round)
    require(actor, "review.amend_standings", locked)
    base = locked.snapshots.filter(published=True).first()
    if base is None or base.pk != staged.base.pk or next_number(locked) != staged.number:
        raise Refused("not-the-latest", _("These standings were computed anew. Look again."))
    base.published = False
    base.save(update_fields=["published"])
    Amendment.objects.bulk_create(
        Amendment(review_id=review, number=staged.number, struck=struck, scores=scores)
        for review, struck, scores in staged.amendments
    )
    return store_snapshot(
        round=locked,
        inputs=staged.inputs,
        computed=staged.computed,
        seed=staged.seed,
        entries=staged.entries,
        reviewers=staged.reviewers,
        amends=base,
        published=True,
        published_at=clock.now(),
    )


def _amendments(
    round: ReviewRound,  # noqa: A002
    wanted: Sequence[Wanted],
) -> tuple[tuple[int, bool, Scores | None], ...]:
    by_alias = {
        alias: reviewer
        for reviewer, alias in aliases_of(round=round, kind=AliasKind.REVIEWER).items()
    }
    rows = Review.objects.filter(assignment__round=round).values_list(
        "assignment__entry_id", "assignment__reviewer_id", "pk"
    )
    reviews = {(entry, reviewer): pk for entry, reviewer, pk in rows}
    found = []
    for one in wanted:
        review = reviews.get((one.entry_id, by_alias.get(one.alias, 0)))
        if review is None:
            raise Refused(
                "no-such-review",
                _("Reviewer %(alias)s has no review of this entry.") % {"alias": one.alias},
            )
        scores = None
        if one.scores is not None and not one.struck:
            scores = checked_scores(round.params["criteria"], one.scores)
        found.append((review, one.struck, scores))
    return tuple(found)


def _counted(
    amendments: Sequence[tuple[int, bool, Scores | None]],
) -> dict[int, Scores | None]:
    """Scores to count by key of the review; a review whose own count again needs them read."""
    own = dict(
        Review.objects.filter(
            pk__in=[pk for pk, struck, scores in amendments if not struck and scores is None]
        ).values_list("pk", "scores")
    )
    return {pk: None if struck else scores or own[pk] for pk, struck, scores in amendments}
