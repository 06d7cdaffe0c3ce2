"""What pages, the API and other apps ask of results and juries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from concours.platform.awards.document import Outcome, from_text, outcome_of
from concours.platform.awards.domain.contest import Contest, contest_of
from concours.platform.awards.domain.jury import conflicts_in
from concours.platform.awards.enums import ResultState
from concours.platform.awards.models import (
    Juror,
    JuryCorrection,
    JuryScore,
    MachineScore,
    PrizePool,
    Result,
)
from concours.platform.awards.rules import serving_jurors, visible_pools, visible_results


def result_of(*, user: Any, track: Any) -> Result | None:
    """The track's published result; without one, the latest draft for its organisers."""
    # The inputs of a large track are megabytes; who reads them fetches them.
    found = visible_results(user).filter(track=track).defer("inputs").order_by("-number")
    published = found.filter(state=ResultState.PUBLISHED).first()
    return published or found.first()


def published_result(*, track: Any) -> Result | None:
    """The track's published result, whoever asks."""
    return Result.objects.filter(track=track, state=ResultState.PUBLISHED).first()


def jurors_of(*, track: Any) -> list[Juror]:
    """The track's serving jurors, with their accounts."""
    return list(serving_jurors(track).select_related("user"))


def corrected_scores(*, track: Any) -> dict[tuple[int, int], int | None]:
    """{(key of entry, key of juror): points}, the latest correction of each; None: own again."""
    rows = JuryCorrection.objects.filter(entry__track=track).order_by("pk")
    keys = ("entry_id", "juror_id", "points_milli")
    return {(entry, juror): points for entry, juror, points in rows.values_list(*keys)}


def outcome_in(*, result: Result) -> Outcome:
    """What the result's stored inputs lead to: places and who gets what."""
    return outcome_of(from_text(result.inputs))


@dataclass(frozen=True, kw_only=True)
class JurorProgress:
    """How far a juror is: `done` of `owed` finalists, and the finalists in conflict by id."""

    juror: Juror
    owed: int
    done: int
    conflicts: dict[int, frozenset[int]]


def jury_progress(*, track: Any, contest: Contest | None = None) -> list[JurorProgress]:
    """Each serving juror's progress through the finalists; a handful of queries."""
    contest = contest or contest_of(track=track)
    conflicts = conflicts_in(track=track)
    scored: set[tuple[int, int]] = set(
        JuryScore.objects.filter(track=track).values_list("juror_id", "entry_id")
    )
    progress = []
    for juror in serving_jurors(track).select_related("user"):
        of_juror = conflicts.get(juror.pk, {})
        owed = contest.finalist_ids - of_juror.keys()
        progress.append(
            JurorProgress(
                juror=juror,
                owed=len(owed),
                done=sum((juror.pk, entry) in scored for entry in owed),
                conflicts={
                    entry: shared
                    for entry, shared in of_juror.items()
                    if entry in contest.finalist_ids
                },
            )
        )
    return progress


def machine_scores(*, track: Any) -> dict[int, MachineScore]:
    """The track's machine scores by entry id."""
    return {score.entry_id: score for score in MachineScore.objects.filter(entry__track=track)}


def pools_of(*, user: Any, track: Any) -> list[PrizePool]:
    """The track's prize pools that `user` may see, with their prizes; two queries."""
    return list(visible_pools(user).filter(track=track).prefetch_related("prizes"))


def season_totals(*, user: Any, season: Any) -> list[tuple[str, int]]:
    """[(currency, total in minor units)] of the pools of a season that `user` may see."""
    pools = visible_pools(user).filter(track__season=season).order_by("currency")
    return list(pools.values_list("currency").annotate(total=Sum("total_minor")))
