"""One track of a season's data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from concours.platform.awards import domain as awards
from concours.platform.competitions import domain as competitions
from concours.platform.competitions.domain.phases import PhasePlan
from concours.platform.competitions.enums import PhaseKind, TrackState
from concours.platform.core import clock
from concours.platform.review.domain.rounds import plan_round
from concours.platform.seasons.schema import PoolData, TrackData

if TYPE_CHECKING:
    from concours.platform.competitions.models import Batch, Track

DETAILS = (
    "title_zh", "summary", "summary_zh", "category_zh", "technical_area", "owner", "owner_zh",
    "team_size_min", "team_size_max", "reviews_per_entry", "finalists", "rubric",
    "weight_machine", "weight_peer", "weight_jury", "review_methods",
    "publish_source_days", "teams_freeze_at", "llm_policy",
)  # fmt: skip


def draft_track(*, actor: Any, batch: Batch, data: TrackData) -> Track:
    """The track with its rules, phases and prize pool, not started."""
    track = competitions.create_track(
        actor=actor,
        batch=batch,
        slug=data.slug,
        title=data.title,
        category=data.category,
        starts_at=data.starts_at,
        registration_opens_at=data.registration_opens_at,
        registration_closes_at=data.registration_closes_at,
        **{name: getattr(data, name) for name in DETAILS},
    )
    competitions.publish_rules(actor=actor, track=track, text=data.rules, text_zh=data.rules_zh)
    competitions.plan_phases(
        actor=actor,
        track=track,
        phases=[
            PhasePlan(**{**vars(phase), "kind": PhaseKind(phase.kind)}) for phase in data.phases
        ],
    )
    for pool in data.pools:
        awards.fund_pool(
            actor=actor,
            track=track,
            title=pool.title,
            title_zh=pool.title_zh,
            currency=pool.currency,
            total_minor=pool.total_minor,
            prizes=prize_plans(pool),
        )
    return track


def prize_plans(pool: PoolData) -> list[awards.PrizePlan]:
    """The pool's prizes by place: the first `count` places get the first prize, and so on."""
    plans, place = [], 1
    for prize in pool.prizes:
        plans.append(
            awards.PrizePlan(
                place_from=place,
                place_to=place + prize.count - 1,
                amount_minor=prize.amount_minor,
                title=prize.title,
                title_zh=prize.title_zh,
            )
        )
        place += prize.count
    return plans


def renew_rules(*, actor: Any, track: Track, data: TrackData) -> bool:
    """Give the track the data's rules as its next version, unless they are its latest already."""
    latest = track.rules_versions.order_by("-number").first()
    if latest is not None and (latest.text, latest.text_zh) == (data.rules, data.rules_zh):
        return False
    competitions.publish_rules(actor=actor, track=track, text=data.rules, text_zh=data.rules_zh)
    return True


def start_track(*, actor: Any, track: Track) -> bool:
    """Start a drafted track whose start has come and whose registration is open; whether it did.

    One whose registration is over stays a draft: nobody could enter it any more.
    """
    if (
        track.state != TrackState.DRAFT
        or not track.starts_at <= clock.now() < track.registration_closes_at
    ):
        return False
    started = competitions.start_track(actor=actor, track=track)
    track.state = started.state
    return True


def plan_peer_review(
    *, actor: Any, track: Track, data: TrackData, rubric: Any, seed: bytes | None = None
) -> bool:
    """Plan the review of a running track, once, while its seed can still be committed.

    Reviews are written during the first phase that allows it.
    """
    phase = next((phase for phase in data.phases if phase.may_review), None)
    if (
        phase is None
        or rubric is None
        or track.state != TrackState.STARTED
        or clock.now() >= track.registration_closes_at
        or hasattr(track, "review_round")
    ):
        return False
    plan_round(
        actor=actor,
        track=track,
        rubric=rubric,
        opens_at=phase.starts_at,
        closes_at=phase.ends_at,
        seed=seed,
    )
    return True
