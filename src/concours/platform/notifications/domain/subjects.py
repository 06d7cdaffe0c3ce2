"""What the record names, as rows: for finding who is concerned, and what one reader may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet

from concours.platform.appeals.domain.permissions import readable_appeals, visible_change_sets
from concours.platform.awards.domain.permissions import own_payouts
from concours.platform.competitions.domain.permissions import (
    visible_entries,
    visible_proposals,
    visible_seasons,
    visible_submissions,
    visible_teams,
    visible_tracks,
)
from concours.platform.competitions.enums import InvitationState
from concours.platform.donations.domain.permissions import visible_donations
from concours.platform.evaluations.domain.permissions import visible_evaluations
from concours.platform.governance.domain.permissions import visible_votes
from concours.platform.handover.domain.permissions import visible_handovers
from concours.platform.incubation.domain.permissions import (
    visible_incubations,
    visible_mentorings,
    visible_mentors,
    visible_reports,
    visible_reviews,
)
from concours.platform.profiles.domain.permissions import own_credentials
from concours.platform.review.domain.permissions import visible_assignments
from concours.platform.webhooks.domain.permissions import visible_webhooks

See = Callable[[Any], QuerySet[Any]]


@dataclass(frozen=True, kw_only=True)
class Sort:
    """One sort of subject: its model, the column that the record names it by, and its readers."""

    model: str
    visible: See
    column: str = "code"
    related: tuple[str, ...] = ()
    prefetched: tuple[str, ...] = ()

    def rows(self) -> QuerySet[Any]:
        """All of them, for finding who is concerned; never for showing."""
        rows: QuerySet[Any] = apps.get_model(self.model)._default_manager.all()
        return rows.select_related(*self.related)


def _own_invitations(user: Any) -> QuerySet[Any]:
    """Open ones to an address that is proved to be the reader's."""
    rows: QuerySet[Any] = apps.get_model("competitions.Invitation")._default_manager.all()
    if user.pk is None:
        return rows.none()
    proved = user.emailaddress_set.filter(verified=True).values("email")
    return rows.filter(Q(email__in=proved) | Q(email=user.email), state=InvitationState.OPEN)


def _rounds_of_duties(user: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = apps.get_model("review.ReviewRound")._default_manager.all()
    return rows.filter(pk__in=visible_assignments(user).values("round_id"))


def _oneself(user: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = apps.get_model("accounts.User")._default_manager.all()
    return rows.filter(pk=user.pk) if user.pk is not None else rows.none()


_TRACK = ("track__season",)
SORTS: dict[str, Sort] = {
    "season": Sort(model="competitions.Season", column="slug", visible=visible_seasons),
    "track": Sort(
        model="competitions.Track",
        visible=visible_tracks,
        related=("season", "phase"),
        prefetched=("phases",),
    ),
    "team": Sort(model="competitions.Team", visible=visible_teams, related=("season",)),
    "invitation": Sort(
        model="competitions.Invitation", visible=_own_invitations, related=("team__season",)
    ),
    "trackproposal": Sort(
        model="competitions.TrackProposal", visible=visible_proposals, related=("season",)
    ),
    "entry": Sort(model="competitions.Entry", visible=visible_entries, related=_TRACK),
    "submission": Sort(
        model="competitions.Submission",
        visible=visible_submissions,
        related=("entry__track__season",),
    ),
    "evaluation": Sort(
        model="evaluations.Evaluation",
        visible=visible_evaluations,
        related=("submission__entry__track__season",),
    ),
    "reviewround": Sort(model="review.ReviewRound", visible=_rounds_of_duties, related=_TRACK),
    "appeal": Sort(
        model="appeals.Appeal", visible=readable_appeals, related=("entry", "track__season")
    ),
    "changeset": Sort(model="appeals.ChangeSet", visible=visible_change_sets, related=_TRACK),
    "payout": Sort(
        model="awards.Payout", visible=own_payouts, related=("entry", "pool__track__season")
    ),
    "vote": Sort(model="governance.Vote", visible=visible_votes, related=("review__project",)),
    "donation": Sort(model="donations.Donation", visible=visible_donations),
    "handover": Sort(
        model="handover.Handover",
        visible=visible_handovers,
        related=("entry__team", "entry__track__season"),
    ),
    "incubation": Sort(
        model="incubation.Incubation", visible=visible_incubations, related=("project",)
    ),
    "periodicreport": Sort(
        model="incubation.PeriodicReport",
        visible=visible_reports,
        related=("incubation__project",),
    ),
    "annualreview": Sort(
        model="incubation.AnnualReview", visible=visible_reviews, related=("incubation__project",)
    ),
    "mentor": Sort(model="incubation.Mentor", visible=visible_mentors),
    "mentoring": Sort(
        model="incubation.Mentoring", visible=visible_mentorings, related=("project", "mentor")
    ),
    "credential": Sort(model="profiles.Credential", visible=own_credentials),
    "webhook": Sort(model="webhooks.Webhook", visible=visible_webhooks, related=("season",)),
    "user": Sort(model="accounts.User", visible=_oneself),
}


def find(name: str) -> Any | None:
    """The row that the record calls `name` ("entry:code"), whoever asks; None where there is none.

    For finding who is concerned. What somebody reads comes from `seen_by`.
    """
    sort, _colon, key = name.partition(":")
    if sort not in SORTS:
        return None
    return _named(sort, SORTS[sort].rows(), {key}).order_by("pk").first()


def seen_by(user: Any, names: Collection[str]) -> dict[str, Any]:
    """{name: row} of those that `user` may see now; one query for each sort."""
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for name in names:
        sort, _colon, key = name.partition(":")
        if sort in SORTS:
            keys[sort].add(key)
    found: dict[str, Any] = {}
    for sort, wanted in keys.items():
        rows = SORTS[sort].visible(user).select_related(*SORTS[sort].related)
        for row in _named(sort, rows, wanted).prefetch_related(*SORTS[sort].prefetched):
            found[f"{sort}:{_key_of(sort, row)}"] = row
    return found


def _named(sort: str, rows: QuerySet[Any], keys: set[str]) -> QuerySet[Any]:
    if sort in _BY_PLACE:
        path = _BY_PLACE[sort]
        slugs = {key.rpartition("/")[2] for key in keys}
        seasons = {key.partition("/")[0] for key in keys}
        return rows.filter(**{f"{path}slug__in": slugs, f"{path}season__slug__in": seasons})
    return rows.filter(**{f"{SORTS[sort].column}__in": keys})


def _key_of(sort: str, row: Any) -> str:
    return str(getattr(row, SORTS[sort].column))


_BY_PLACE = {"track": "", "reviewround": "track__"}
"""Sorts named "season/track", with the way to the track's columns."""
