"""Who may see and do what with appeals and staged changes."""

from __future__ import annotations

from typing import Any

import rules
from django.db.models import Q, QuerySet

from concours.platform.accounts.domain.permissions import is_organiser, organised_season_ids
from concours.platform.appeals.enums import ENDED_STATES, ChangeState
from concours.platform.appeals.models import (
    Appeal,
    AppealJudge,
    Attachment,
    ChangeSet,
)
from concours.platform.competitions.domain.permissions import (
    is_of_team,
    member_team_ids,
    visible_tracks,
)


@rules.predicate
def organises_track(user: Any, track: Any) -> bool:
    return is_organiser(user, track.season_id)


@rules.predicate
def organises(user: Any, subject: Any) -> bool:
    """`subject` is an appeal, a change set or anything else that is of a track."""
    return is_organiser(user, subject.track.season_id)


@rules.predicate
def judges_appeals_of(user: Any, track: Any) -> bool:
    return (
        user.pk is not None and user.is_active and serving_judges(track).filter(user=user).exists()
    )


@rules.predicate
def judges(user: Any, appeal: Appeal) -> bool:
    return bool(judges_appeals_of(user, appeal.track))


@rules.predicate
def appeals(user: Any, appeal: Appeal) -> bool:
    """Whether the appeal is of the user's own team."""
    return bool(is_of_team(user, appeal.entry))


rules.add_perm("appeals.file", is_of_team)
rules.add_perm("appeals.withdraw", appeals)
rules.add_perm("appeals.attach", appeals)
# Whether somebody must stand aside is computed appeal by appeal: see domain/recusal.py.
rules.add_perm("appeals.judge", organises | judges)
rules.add_perm("appeals.read_whole", appeals | organises | judges)
rules.add_perm("appeals.see_judges", organises | judges)
rules.add_perm("appeals.open_desk", organises_track | judges_appeals_of)
rules.add_perm("appeals.appoint_judge", organises_track)
rules.add_perm("appeals.stage_changes", organises_track)
rules.add_perm("appeals.apply_changes", organises)


def serving_judges(track: Any) -> QuerySet[AppealJudge]:
    """The track's appeal judges who were not removed."""
    return AppealJudge.objects.filter(track=track, removed_at__isnull=True)


def _organised(user: Any, path: str) -> Q:
    seasons = organised_season_ids(user)
    # An empty Q would vanish from "public or organised" and leave only what is public.
    return Q(pk__isnull=False) if seasons is None else Q(**{f"{path}__in": seasons})


def _own(user: Any) -> Q:
    return Q(entry__team_id__in=member_team_ids(user))


def _judged(user: Any) -> Q:
    if user.pk is None or not user.is_active:
        return Q(pk__in=[])
    judged = AppealJudge.objects.filter(user_id=user.pk, removed_at__isnull=True)
    return Q(track_id__in=judged.values("track_id"))


def visible_appeals(user: Any) -> QuerySet[Appeal]:
    """Appeals whose existence the user may know of.

    One's own team's; those one judges or whose season one runs; and, in phases in which everyone
    sees scores, those that have ended. What of an appeal its reader sees is asked one by one.
    """
    public = Q(
        state__in=ENDED_STATES,
        track__phase__scores_visible=True,
        track__in=visible_tracks(user),
    )
    return Appeal.objects.filter(
        public | _own(user) | _judged(user) | _organised(user, "track__season_id")
    )


def readable_appeals(user: Any) -> QuerySet[Appeal]:
    """Appeals that the user reads whole, with reasons and attachments."""
    return Appeal.objects.filter(_own(user) | _judged(user) | _organised(user, "track__season_id"))


def visible_attachments(user: Any) -> QuerySet[Attachment]:
    return Attachment.objects.filter(appeal__in=readable_appeals(user))


def visible_change_sets(user: Any) -> QuerySet[ChangeSet]:
    """All of a season's for its organisers; applied ones for all, while everyone sees scores."""
    public = Q(
        state=ChangeState.APPLIED,
        track__phase__scores_visible=True,
        track__in=visible_tracks(user),
    )
    return ChangeSet.objects.filter(public | _organised(user, "track__season_id"))


def judged_tracks(user: Any) -> QuerySet[Any]:
    """The tracks whose appeals `user` was appointed to judge."""
    if user.pk is None:
        return visible_tracks(user).none()
    return visible_tracks(user).filter(
        appeal_judges__in=AppealJudge.objects.filter(user_id=user.pk, removed_at__isnull=True)
    )
