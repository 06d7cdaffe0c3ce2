"""Planning a round: its numbers, its dates, and the seed that nobody can choose afterwards."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.domain import current_rules
from concours.platform.competitions.enums import TrackState
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.record import domain as record
from concours.platform.review.domain.rubrics import terms
from concours.platform.review.enums import RoundState
from concours.platform.review.methods import Methods, faults_of
from concours.platform.review.models import ReviewRound, Rubric

SEED_BYTES = 32
IMPORTED = "imported"
"""The method of a round whose duties were given elsewhere: there is no draw to repeat."""

MAX_REVIEWS = 50


def commitment(secret: bytes) -> str:
    """What is published of a secret before it is revealed: its SHA-256 in hex."""
    return hashlib.sha256(secret).hexdigest()


@transaction.atomic
def plan_round(
    *,
    actor: Any,
    track: Any,
    rubric: Rubric,
    opens_at: datetime,
    closes_at: datetime,
    reviews_per_entry: int | None = None,
    finalists: int | None = None,
    methods: Mapping[str, Any] | None = None,
    seed: bytes | None = None,
) -> ReviewRound:
    """Plan the peer review of a running track and commit to its seed.

    Reviews are written in opens_at <= now < closes_at. The numbers are the track's unless given,
    and so are `methods`, settings by the keys of review.methods.Methods. `seed` is for rehearsals
    and replays: 32 bytes, drawn by the platform otherwise.
    Raises Refused once registration has closed (the seed has to be committed before), for a track
    without published rules, dates in the wrong order, unknown methods, or a second round.
    """
    track = lock(track)
    require(actor, "review.run_round", track)
    if track.state != TrackState.STARTED or current_rules(track) is None:
        raise Refused("track-not-running", _("Publish the track's rules and start it first."))
    if clock.now() >= track.registration_closes_at:
        raise Refused(
            "registration-closed",
            _("Registration has closed: the seed has to be committed before."),
        )
    if ReviewRound.objects.filter(track=track).exists():
        raise Refused("planned-already", _("The peer review of this track is planned already."))
    reviews = track.reviews_per_entry if reviews_per_entry is None else reviews_per_entry
    chosen = track.finalists if finalists is None else finalists
    _require_workable(track, opens_at, closes_at, reviews, chosen)
    by = methods_for(track, methods)
    secret = secrets.token_bytes(SEED_BYTES) if seed is None else seed
    if len(secret) != SEED_BYTES:
        raise Refused("bad-seed", _("A seed has 32 bytes."))
    # A given seed is a replay: the aliases follow from it, so that the replay repeats them too.
    alias_key = (
        secrets.token_bytes(SEED_BYTES) if seed is None else hmac.digest(seed, b"aliases", "sha256")
    )
    planned = ReviewRound.objects.create(
        track=track,
        rubric=rubric,
        reviews_per_entry=reviews,
        finalists=chosen,
        opens_at=opens_at,
        closes_at=closes_at,
        seed_secret=secret.hex(),
        seed_commitment=commitment(secret),
        alias_key=alias_key.hex(),
        alias_commitment=commitment(alias_key),
        params={"criteria": terms(rubric), "methods": by.as_json()},
        planned_at=clock.now(),
    )
    record.append(
        actor=actor,
        verb="round.planned",
        subject=planned,
        season=track.season.slug,
        data={
            "track": track.slug,
            "rubric": rubric.slug,
            "rubric_digest": rubric.digest,
            "criteria": planned.params["criteria"],
            "reviews_per_entry": reviews,
            "finalists": chosen,
            "methods": by.as_json(),
            "opens_at": opens_at.isoformat(),
            "closes_at": closes_at.isoformat(),
            "seed_commitment": planned.seed_commitment,
            "seed_given": seed is not None,
            "alias_commitment": planned.alias_commitment,
        },
    )
    return planned


def methods_for(track: Any, given: Mapping[str, Any] | None = None) -> Methods:
    """The methods of a round of `track`: as given, else its own, else the usual ones.

    Raises Refused naming the setting that cannot be.
    """
    values = {**track.review_methods, **(given or {})}
    for fault in faults_of(values):
        raise Refused(
            "bad-methods",
            _("The setting “%(key)s” of the peer review cannot be used: %(problem)s.")
            % {"key": fault.key, "problem": f"{fault.problem}; {fault.mend}"},
        )
    return Methods(**values)


@transaction.atomic
def extend_round(*, actor: Any, round: ReviewRound, closes_at: datetime) -> ReviewRound:  # noqa: A002
    """Give reviewers until a later `closes_at`, while the round has not been closed.

    Raises Refused for an earlier date or a round that is closed.
    """
    locked = lock_round(round)
    require(actor, "review.run_round", locked)
    if locked.state not in {RoundState.PLANNED, RoundState.ASSIGNED}:
        raise Refused("round-closed", _("Reviews are closed; their deadline stays."))
    if closes_at <= locked.closes_at:
        raise Refused("dates-in-wrong-order", _("A deadline moves to a later date only."))
    if locked.rebuttal_closes_at is not None and closes_at >= locked.rebuttal_closes_at:
        raise Refused(
            "dates-in-wrong-order",
            _("Answers end after the deadline of reviews, and amending after the answers."),
        )
    locked.closes_at = closes_at
    locked.save(update_fields=["closes_at"])
    record.append(
        actor=actor,
        verb="round.extended",
        subject=locked,
        season=locked.track.season.slug,
        data={"closes_at": closes_at.isoformat()},
    )
    return locked


def lock_round(round: ReviewRound) -> ReviewRound:  # noqa: A002
    """The round as stored now, locked until the transaction ends, with its track and season."""
    return (
        ReviewRound.objects.select_for_update(of=("self",), no_key=True)
        .select_related("track__season", "track__phase", "rubric")
        .get(pk=round.pk)
    )


def _require_workable(
    track: Any, opens_at: datetime, closes_at: datetime, reviews: int, finalists: int
) -> None:
    if not opens_at < closes_at:
        raise Refused("dates-in-wrong-order", _("Reviews close after they open."))
    if closes_at <= track.registration_closes_at:
        raise Refused("dates-in-wrong-order", _("Reviews close after registration does."))
    if not 1 <= reviews <= MAX_REVIEWS:
        raise Refused(
            "reviews-per-entry",
            _("An entry gets 1 to %(most)d reviews.") % {"most": MAX_REVIEWS},
        )
    if finalists < 0:
        raise Refused("finalists", _("The number of finalists is not negative."))
