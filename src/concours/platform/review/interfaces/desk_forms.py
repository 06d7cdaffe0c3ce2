"""The desk's forms as they stand for a track or a round."""

from __future__ import annotations

from typing import Any

from concours.platform.accounts.domain.lookups import organisation_names
from concours.platform.review.domain import oversight
from concours.platform.review.domain.rounds import methods_for
from concours.platform.review.domain.rubrics import rubric_by_slug
from concours.platform.review.interfaces.plan_forms import AssignForm, PlanForm
from concours.platform.review.models import ReviewRound


def plan_form(track: Any, data: Any = None) -> PlanForm:
    """Filled with the track's numbers and the dates of its first phase that takes reviews."""
    phase = track.phases.filter(may_review=True).order_by("position").first()
    return PlanForm(
        data,
        initial={
            "rubric": rubric_by_slug(slug=track.rubric),
            "opens_at": phase.starts_at if phase else None,
            "closes_at": phase.ends_at if phase else None,
            "reviews_per_entry": track.reviews_per_entry,
            "finalists": track.finalists,
            **methods_for(track).as_json(),
        },
    )


def assign_form(round: ReviewRound, data: Any = None) -> AssignForm:  # noqa: A002
    """With the organisations that several entries share as the assignment would find them."""
    sizes = oversight.expected_organisations(track=round.track)
    names = organisation_names(ids=[key for key, _size in sizes])
    return AssignForm(
        data,
        organisations=[(key, f"{names.get(key, key)} ({size})") for key, size in sizes],
        initial={"reviews_per_entry": round.reviews_per_entry},
    )
