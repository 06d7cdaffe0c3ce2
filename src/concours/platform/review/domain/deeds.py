"""Reviewing that people may show, so blurred that no review can be traced to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from concours.peerreview import Blurred, SeasonRecord, blurred
from concours.platform.accounts.domain.deeds import Deed, Section, recorded
from concours.platform.competitions.domain.permissions import visible_tracks
from concours.platform.core import clock
from concours.platform.record import domain as record
from concours.platform.review.enums import AssignmentState, RoundState
from concours.platform.review.models import Assignment, ReviewRound, UsefulnessRating
from concours.platform.review.rules import visible_snapshots

RATED_WITHIN = timedelta(days=30)
"""Ratings count until so long after the standings, and are told of only then: a number that moves
when somebody rates would tell whom they rated."""
KEPT_S = 600
_PUBLIC = AnonymousUser()


def reviews_of(user: Any) -> Iterator[Deed]:
    """The rounds that `user` reviewed in, with released standings, the newest first.

    Of each, what `peerreview.blurred` allows to be told. The event that proves it is the round's:
    one of a review would name the review.
    """
    rounds = (
        ReviewRound.objects.filter(
            state=RoundState.PUBLISHED,
            assignments__reviewer=user,
            snapshots__in=visible_snapshots(_PUBLIC),
            track__in=visible_tracks(_PUBLIC),
        )
        .select_related("track__season")
        .distinct()
    )
    found = list(rounds.order_by("-closes_at", "-pk"))
    names = {round_.pk: record.subject_name(round_) for round_ in found}
    events = record.of_subjects(subjects=list(names.values()), verbs=["standings.published"])
    for round_ in found:
        published = events.get(names[round_.pk], [])
        if not published:
            continue
        told = _kept(round_, published=published[0]).get(user.pk)
        if told is not None:
            yield _deed(round_, told, published[0])


def _kept(round_: ReviewRound, *, published: Any) -> dict[int, Blurred]:
    """`_told`, kept a while: it changes only when ratings are all in, and by a merge of accounts,
    which shows a few minutes later."""
    until = published.at + RATED_WITHIN
    key = f"deeds/reviews/{published.digest}/{clock.now() >= until}"
    kept: dict[int, Blurred] | None = caches["pages"].get(key)
    if kept is None:
        kept = _told(round_, until=until)
        caches["pages"].set(key, kept, KEPT_S)
    return kept


def _told(round_: ReviewRound, *, until: datetime) -> dict[int, Blurred]:
    """{person: what may be told of their part in the round}; 2 queries, O(reviews)."""
    owed: defaultdict[int, int] = defaultdict(int)
    kept: defaultdict[int, int] = defaultdict(int)
    duties = Assignment.objects.filter(round=round_).exclude(state=AssignmentState.LIFTED)
    for reviewer, state in duties.order_by().values_list("reviewer_id", "state"):
        owed[reviewer] += 1
        kept[reviewer] += state == AssignmentState.SUBMITTED
    ratings: defaultdict[int, list[int]] = defaultdict(list)
    if clock.now() >= until:
        rated = UsefulnessRating.objects.filter(
            review__assignment__round=round_, rating__isnull=False, rated_at__lt=until
        )
        for reviewer, rating in rated.order_by().values_list(
            "review__assignment__reviewer_id", "rating"
        ):
            ratings[reviewer].append(rating or 0)
    return blurred(
        {
            reviewer: SeasonRecord(
                kept=kept[reviewer], owed=owed[reviewer], ratings=tuple(sorted(ratings[reviewer]))
            )
            for reviewer in owed
        }
    )


def _deed(round_: ReviewRound, told: Blurred, published: Any) -> Deed:
    track = round_.track
    data: dict[str, Any] = {
        "track": track.title,
        "season": track.season.title,
        "at_least": told.reviews,
        "as_reviewers": told.among,
        "released": published.at.isoformat(),
    }
    words = [
        ngettext(
            "at least %(number)d review done in time",
            "at least %(number)d reviews done in time",
            told.reviews,
        )
        % {"number": told.reviews}
    ]
    if told.usefulness is not None:
        useful = told.usefulness
        low, mean, high = (round(100 * one) for one in (useful.low, useful.mean, useful.high))
        words.append(
            _("found useful to %(mean)d %% (%(low)d–%(high)d %%)")
            % {"mean": mean, "low": low, "high": high}
        )
        data["usefulness"] = {
            "mean_percent": mean,
            "low_percent": low,
            "high_percent": high,
            "as_reviewers": useful.among,
        }
    return Deed(
        title=str(track),
        detail=" · ".join([*words, str(track.season)]),
        at=published.at,
        href=reverse("competitions:track", args=[track.season.slug, track.slug]),
        events=recorded([published]),
        data=data,
    )


REVIEWS = Section(
    name="reviews",
    label=gettext_lazy("Peer reviews"),
    position=20,
    deeds=reviews_of,
    note=gettext_lazy(
        "Told so that it holds for at least ten reviewers of the round alike: no review can be "
        "traced to its author. How useful reviews were is said by the teams that received them."
    ),
)
