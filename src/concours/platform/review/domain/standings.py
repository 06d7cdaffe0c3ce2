"""Standings: computed from the stored reviews, kept as a snapshot, published, computed again."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from concours.peerreview import BadInput
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.record import domain as record
from concours.platform.review.domain import inputs as judged
from concours.platform.review.domain.answering import require_answers_heard
from concours.platform.review.domain.computing import Computed, compute
from concours.platform.review.domain.rounds import lock_round
from concours.platform.review.enums import RoundState
from concours.platform.review.methods import REVIEWS_ALONE
from concours.platform.review.models import (
    ReviewerCalibration,
    ReviewRound,
    Standing,
    StandingSnapshot,
)

BATCH = 5_000


@transaction.atomic
def compute_standings(*, actor: Any, round: ReviewRound) -> StandingSnapshot:  # noqa: A002
    """Compute ranks with intervals, finalists and calibration from all reviews of a closed round.

    The record notes digests; the inputs themselves follow with the publication. May be repeated
    until a snapshot is published. Raises Refused before the round is closed, while teams may answer
    their reviews or reviewers amend them, after publication, when no entry is left, and where the
    methods cannot judge such reviews.
    """
    locked = lock_round(round)
    require(actor, "review.run_round", locked)
    if locked.state == RoundState.PUBLISHED:
        raise Refused("published-already", _("The standings are published; they stay as they are."))
    if locked.state not in {RoundState.CLOSED, RoundState.COMPUTED}:
        raise Refused("round-not-closed", _("Close the reviews before computing standings."))
    require_answers_heard(locked)
    inputs, entries, reviewers = judged.gather(locked)
    if not entries:
        raise Refused("no-entries", _("No entry is left in this round."))
    if "machine" in inputs and inputs["selection"] in REVIEWS_ALONE:
        raise Refused(
            "reviews-alone",
            _(
                "The machine counts in this track, and the round’s way to choose finalists counts "
                "reviews alone."
            ),
        )
    seed = judged.seed_for(inputs, revealed=locked.revealed_seed)
    try:
        computed = compute(inputs, seed=seed)
    except BadInput as error:
        raise Refused(
            "cannot-compute",
            _("The round’s methods cannot judge these reviews: %(why)s") % {"why": error},
        ) from error
    snapshot = store_snapshot(
        round=locked,
        inputs=inputs,
        computed=computed,
        seed=seed,
        entries=entries,
        reviewers=reviewers,
    )
    locked.state = RoundState.COMPUTED
    locked.save(update_fields=["state"])
    record.append(
        actor=actor,
        verb="standings.computed",
        subject=locked,
        season=locked.track.season.slug,
        data={
            "number": snapshot.number,
            "engine": snapshot.engine,
            "seed": snapshot.seed,
            "inputs_digest": snapshot.inputs_digest,
            "result_digest": snapshot.result_digest,
        },
    )
    return snapshot


@transaction.atomic
def publish_standings(*, actor: Any, snapshot: StandingSnapshot) -> StandingSnapshot:
    """Publish the latest snapshot; everyone sees it in phases that show scores.

    The record's event holds all inputs, so that the record alone is enough to compute it again.
    Raises Refused for a snapshot that is not the latest, when entries or reviews have changed since
    it was computed, and after another was published.
    """
    locked = lock_round(snapshot.round)
    require(actor, "review.run_round", locked)
    if locked.state == RoundState.PUBLISHED:
        raise Refused("published-already", _("The standings are published already."))
    latest = locked.snapshots.order_by("-number").first()
    if latest is None or latest.pk != snapshot.pk:
        raise Refused("not-the-latest", _("These standings were computed anew. Look again."))
    inputs, _entries, _reviewers = judged.gather(locked, standing=latest)
    if judged.digest_of(inputs) != latest.inputs_digest:
        raise Refused(
            "inputs-changed", _("Entries have changed since. Compute the standings anew.")
        )
    latest.published, latest.published_at = True, clock.now()
    latest.save(update_fields=["published", "published_at"])
    locked.state = RoundState.PUBLISHED
    locked.save(update_fields=["state"])
    record.append(
        actor=actor,
        verb="standings.published",
        subject=locked,
        season=locked.track.season.slug,
        data={
            "number": latest.number,
            "engine": latest.engine,
            "seed": latest.seed,
            "inputs": inputs,
            "inputs_digest": latest.inputs_digest,
            "result_digest": latest.result_digest,
        },
    )
    return latest


def _params(inputs: judged.Inputs) -> dict[str, Any]:
    """Beside what was asked for, the number of the board's snapshot where a machine counted."""
    asked: dict[str, Any] = {
        "size": inputs["size"],
        "level": inputs["level"],
        "draws": inputs["draws"],
        "selection": inputs["selection"],
    }
    if "machine" in inputs:
        asked["machine"] = inputs["machine"]["snapshot"]
        asked["weights"] = inputs["machine"]["weights"]
    return asked


def store_snapshot(
    *,
    round: ReviewRound,  # noqa: A002
    inputs: judged.Inputs,
    computed: Computed,
    seed: bytes,
    entries: list[int],
    reviewers: list[int],
    **more: Any,
) -> StandingSnapshot:
    """Keep what was computed under the round's next number. Call with the round locked."""
    snapshot = StandingSnapshot.objects.create(
        round=round,
        number=next_number(round),
        engine=computed.engine,
        method=inputs["method"],
        selection=computed.selection,
        impartial=computed.impartial,
        params=_params(inputs),
        seed=seed.hex(),
        inputs_digest=judged.digest_of(inputs),
        result_digest=computed.digest,
        entry_count=len(entries),
        review_count=len(inputs["reviews"]),
        converged=computed.converged,
        reliability=computed.reliability,
        components=computed.components,
        variance=computed.variance,
        turnover=computed.turnover,
        recall=computed.recall,
        folds=computed.folds,
        computed_at=clock.now(),
        **more,
    )
    _store(snapshot, computed, entries=entries, reviewers=reviewers)
    return snapshot


def next_number(round: ReviewRound) -> int:  # noqa: A002
    """The number of the round's next snapshot."""
    latest: int | None = round.snapshots.aggregate(latest=models.Max("number"))["latest"]
    return (latest or 0) + 1


def _store(
    snapshot: StandingSnapshot, computed: Computed, *, entries: list[int], reviewers: list[int]
) -> None:
    Standing.objects.bulk_create(
        [
            Standing(
                snapshot=snapshot,
                position=row.position,
                entry_id=entries[row.index],
                points_milli=row.points_milli,
                estimate=row.estimate,
                standard_error=row.standard_error,
                rank=row.rank,
                rank_low=row.rank_low,
                rank_high=row.rank_high,
                chance=row.chance,
                reviews=row.reviews,
                finalist=row.finalist,
                duty_fulfilled=row.duty_fulfilled,
                reason=row.reason,
            )
            for row in computed.rows
        ],
        batch_size=BATCH,
    )
    ReviewerCalibration.objects.bulk_create(
        [
            ReviewerCalibration(
                snapshot=snapshot,
                reviewer_id=reviewers[one.index],
                bias=one.bias,
                standard_error=one.standard_error,
                reviews=one.reviews,
                spread=one.spread,
            )
            for one in computed.calibrations
        ],
        batch_size=BATCH,
    )
