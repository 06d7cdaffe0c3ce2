"""Who may see and do what with juries, results and prizes."""

from __future__ import annotations

from typing import Any

import rules
from django.db.models import Q, QuerySet

from concours.platform.accounts.domain.permissions import (
    is_operator,
    is_organiser,
    organised_season_ids,
)
from concours.platform.awards.enums import ResultState
from concours.platform.awards.models import (
    Juror,
    JuryScore,
    LedgerLine,
    MoneyRequest,
    Movement,
    Payout,
    PrizePool,
    Receipt,
    Result,
    ResultLine,
)
from concours.platform.competitions.domain.permissions import visible_entries, visible_tracks


@rules.predicate
def organises_track(user: Any, track: Any) -> bool:
    return is_organiser(user, track.season_id)


@rules.predicate
def organises_entry(user: Any, entry: Any) -> bool:
    return is_organiser(user, entry.track.season_id)


@rules.predicate
def judges_track(user: Any, track: Any) -> bool:
    return (
        user.pk is not None and user.is_active and serving_jurors(track).filter(user=user).exists()
    )


@rules.predicate
def judges_entry(user: Any, entry: Any) -> bool:
    return bool(judges_track(user, entry.track))


@rules.predicate
def captains_winner(user: Any, payout: Any) -> bool:
    return bool(rules.has_perm("competitions.manage_team", user, payout.entry.team))


rules.add_perm("awards.appoint_juror", organises_track)
rules.add_perm("awards.remove_juror", organises_track)
rules.add_perm("awards.score_entry", judges_entry)
rules.add_perm("awards.judge_track", judges_track)
rules.add_perm("awards.record_machine_score", organises_entry)
rules.add_perm("awards.import_machine_scores", organises_track)
rules.add_perm("awards.fund_pool", organises_track)
rules.add_perm("awards.compute_result", organises_track)
rules.add_perm("awards.publish_result", organises_track)
rules.add_perm("awards.supersede_result", organises_track)
rules.add_perm("awards.view_desk", organises_track)
rules.add_perm("awards.run_payouts", organises_track)
rules.add_perm("awards.declare_shares", captains_winner)
rules.add_perm("awards.set_four_eyes", is_operator)


def serving_jurors(track: Any) -> QuerySet[Juror]:
    """The track's jurors who were not removed."""
    return Juror.objects.filter(track=track, removed_at__isnull=True)


def _organised(user: Any, path: str) -> Q:
    seasons = organised_season_ids(user)
    # An empty Q would vanish from "public or organised" and leave only what is public.
    return Q(pk__isnull=False) if seasons is None else Q(**{f"{path}__in": seasons})


def visible_results(user: Any) -> QuerySet[Result]:
    """Results that are or were published, of the tracks that `user` may see; every result of one's
    own seasons."""
    public = ~Q(state=ResultState.DRAFT) & Q(track__in=visible_tracks(user))
    return Result.objects.filter(public | _organised(user, "track__season_id"))


def visible_lines(user: Any) -> QuerySet[ResultLine]:
    return ResultLine.objects.filter(result__in=visible_results(user))


def visible_pools(user: Any) -> QuerySet[PrizePool]:
    """What can be won is public with the track."""
    return PrizePool.objects.filter(track__in=visible_tracks(user))


def visible_ledger(user: Any) -> QuerySet[LedgerLine]:
    return LedgerLine.objects.filter(pool__in=visible_pools(user))


def visible_payouts(user: Any) -> QuerySet[Payout]:
    """The awards of one's own teams; all of a season's for its organisers."""
    own = Q(entry__team__memberships__user_id=user.pk) if user.pk else Q(pk__in=[])
    return Payout.objects.filter(own | _organised(user, "pool__track__season_id")).distinct()


def visible_entries_of(user: Any, track: Any) -> QuerySet[Any]:
    return visible_entries(user).filter(track=track)


def own_payouts(user: Any) -> QuerySet[Payout]:
    """The awards of one's own teams alone, also for those who organise."""
    return visible_payouts(user).filter(entry__team__memberships__user_id=user.pk)


def visible_receipts(user: Any) -> QuerySet[Receipt]:
    """Who was paid, and a season's organisers: not the other members of the team."""
    own = Q(user_id=user.pk) if user.pk else Q(pk__in=[])
    return Receipt.objects.filter(own | _organised(user, "season_id"))


def visible_movements(user: Any) -> QuerySet[Movement]:
    """Single movements are for a season's organisers; everyone sees totals."""
    return Movement.objects.filter(_organised(user, "pool__track__season_id"))


def visible_requests(user: Any) -> QuerySet[MoneyRequest]:
    return MoneyRequest.objects.filter(_organised(user, "pool__track__season_id"))


def visible_jurors(user: Any) -> QuerySet[Juror]:
    """Who judges is for organisers, and each juror's own role for that juror."""
    own = Q(user_id=user.pk, removed_at__isnull=True) if user.pk is not None else Q(pk__in=[])
    return Juror.objects.filter(own | _organised(user, "track__season_id"))


def visible_jury_scores(user: Any) -> QuerySet[JuryScore]:
    """A juror's own scores; all of a season's for its organisers."""
    own = Q(juror__user_id=user.pk) if user.pk is not None else Q(pk__in=[])
    return JuryScore.objects.filter(own | _organised(user, "track__season_id"))


def visible_judged_tracks(user: Any) -> QuerySet[Any]:
    """The tracks whose jury `user` is of."""
    if user.pk is None:
        return visible_tracks(user).none()
    return visible_tracks(user).filter(
        jurors__in=Juror.objects.filter(user_id=user.pk, removed_at__isnull=True)
    )
